"""Tags come from a list that managers keep. What the desk had typed freely may say anything about anybody, so it becomes an
encrypted internal note of its request, and no tag. Views that a person keeps, and who is looking at a request, are new.

Backwards, those notes become free tags again (as far as the column is long and a key opens them); tags of the list do not.
"""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from clinic.foundation.crypto import opened

# By which the notes are known again. Words of the author, as the history shows them.
LABEL = "Tags of before"
LENGTH = 200


def keep_as_notes(apps: Any, schema_editor: Any) -> None:
    Request, Note = apps.get_model("bookings", "ConsultationRequest"), apps.get_model("bookings", "Note")
    now = timezone.now()
    tagged = Request.objects.filter(erased_at=None).exclude(tags="").values_list("pk", "tags")
    for pk, tags in tagged.order_by("pk").iterator(chunk_size=2000):
        Note.objects.create(request_id=pk, kind="internal", body=tags, author_label=LABEL, at=now)


def give_back(apps: Any, schema_editor: Any) -> None:
    Request, Note = apps.get_model("bookings", "ConsultationRequest"), apps.get_model("bookings", "Note")
    for note in Note.objects.filter(kind="internal", author_label=LABEL, author_id=None).order_by("pk"):
        tags = opened(note, "body")
        if tags is not None:
            Request.objects.filter(pk=note.request_id, erased_at=None).update(tags=tags[:LENGTH])
            note.delete()


_ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
_LOWER = django.db.models.functions.text.Lower
_ON_DELETE = django.db.models.deletion.CASCADE


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0017_events_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(keep_as_notes, give_back),
        migrations.RemoveField(model_name="consultationrequest", name="tags"),
        migrations.CreateModel(
            name="Tag",
            fields=[
                _ID,
                (
                    "name",
                    models.CharField(
                        help_text="A word or two that anybody in the room may read. Nothing about anybody’s health.",
                        max_length=30,
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Off: nobody can add it any more. Requests that have it keep it.",
                        verbose_name="in use",
                    ),
                ),
            ],
            options={"ordering": [_LOWER("name")]},
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                _LOWER("name"),
                name="a_tag_has_a_name_of_its_own",
                violation_error_message="There is a tag of this name already.",
            ),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="tags",
            field=models.ManyToManyField(blank=True, related_name="requests", to="bookings.tag"),
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                _ID,
                (
                    "user",
                    models.ForeignKey(
                        on_delete=_ON_DELETE, related_name="saved_views", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=500)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("user"), _LOWER("name"), name="a_person_has_one_view_of_a_name"
            ),
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                _ID,
                (
                    "request",
                    models.ForeignKey(
                        on_delete=_ON_DELETE, related_name="presences", to="bookings.consultationrequest"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=_ON_DELETE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                fields=("request", "user"), name="one_presence_a_person_and_request"
            ),
        ),
        migrations.AddIndex(
            model_name="presence", index=models.Index(fields=["at"], name="presences_by_time")
        ),
    ]
