"""One press may block time and answer many: a row for it, gone within minutes, so that it is taken back as one. Nothing to
convert: of what was done before this, nothing was done together."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0030_limits_on_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Together",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "until",
                    models.DateTimeField(help_text="When the mails go, and it is too late to take it back."),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="What it did, for the bar on top of the desk.", max_length=200
                    ),
                ),
                ("time_off", models.JSONField(default=list)),
                ("requests", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["until"], name="togethers_by_end")],
            },
        ),
        migrations.AddField(
            model_name="undo",
            name="together",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="undos",
                to="bookings.together",
            ),
        ),
    ]
