"""Three automatic mails a day to an unknown address: what is counted, what staff sent, and what was held back."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

STATES = [
    ("queued", "Queued"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("kept", "Kept (trial, not sent)"),
    ("failed", "Failed"),
    ("dropped", "Dropped"),
    ("withheld", "Held back"),
]


def nothing(apps: Any, schema_editor: Any) -> None:
    """No mail was held back before."""


def drop_what_was_held_back(apps: Any, schema_editor: Any) -> None:
    """Backwards: the nearest of the states that there were."""
    apps.get_model("bookings", "Message").objects.filter(state="withheld").update(state="dropped")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0005_requests_know_their_mailbox")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(choices=STATES, default="queued", max_length=8),
        ),
        migrations.RunPython(nothing, drop_what_was_held_back),
        migrations.AlterField(
            model_name="message",
            name="problem",
            field=models.CharField(
                blank=True, help_text="Why it failed, was dropped or held back. No addresses.", max_length=200
            ),
        ),
        migrations.AddField(model_name="message", name="by_staff", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="message",
            name="mailbox",
            field=models.CharField(blank=True, default="", editable=False, max_length=254),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="message",
            name="counted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("counted_at__isnull", False)),
                fields=["mailbox", "counted_at"],
                name="messages_counted_by_mailbox",
            ),
        ),
    ]
