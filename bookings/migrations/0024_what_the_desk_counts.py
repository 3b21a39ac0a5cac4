"""Indexes for what every page of the desk counts (failed mails, visits to come) and for the filter of arrival."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0023_requests_are_merged"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("state", "booked")), fields=["starts_at"], name="booked_visits_by_start"
            ),
        ),
        migrations.AddIndex(
            model_name="consultationrequest",
            index=models.Index(fields=["created_at"], name="requests_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "failed")), fields=["request"], name="failed_messages"
            ),
        ),
    ]
