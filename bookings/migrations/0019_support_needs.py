"""Support needs get a row of their own, and notes say whether they are about health. What there is stays hidden.

The needs of requests that are there already stay among their health answers: nobody has told their clients that the front
desk would read them. A new right comes with it, to export.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import clinic.foundation.crypto


class Migration(migrations.Migration):
    dependencies = [("bookings", "0018_tags_from_a_list")]

    operations = [
        migrations.AlterModelOptions(
            name="consultationrequest",
            options={
                "ordering": ["-created_at", "-id"],
                "permissions": [
                    ("decide_request", "Can answer requests: offer, confirm, ask, decline"),
                    ("read_health", "Can read health answers and notes"),
                    ("erase_request", "Can erase everything personal of a request"),
                    ("correct_late", "Can correct attendance after the day of the visit"),
                    ("export_request", "Can export requests and visits"),
                ],
                "verbose_name": "request",
            },
        ),
        migrations.AddField(
            model_name="note",
            name="about_health",
            field=models.BooleanField(default=True),
        ),
        migrations.CreateModel(
            name="SupportNeeds",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("data", clinic.foundation.crypto.EncryptedJSONField()),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="support_needs",
                        to="bookings.consultationrequest",
                    ),
                ),
            ],
            options={"default_permissions": (), "verbose_name_plural": "support needs"},
        ),
    ]
