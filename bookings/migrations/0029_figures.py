"""A right to see the figures of the start page, and an index for holds and offers that end soon."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0028_practitioners_have_a_feed"),
    ]

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
                    ("view_figures", "Can see how the queue is doing"),
                ],
                "verbose_name": "request",
            },
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("state", "held")), fields=["held_until"], name="held_times_by_end"
            ),
        ),
    ]
