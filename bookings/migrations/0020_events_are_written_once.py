"""The database refuses to change the history of a request, or to delete it inside its period."""

from __future__ import annotations

from django.db import migrations

from clinic.foundation.written_once import WrittenOnce


class Migration(migrations.Migration):
    dependencies = [("bookings", "0019_support_needs")]

    operations = [
        migrations.AddConstraint(
            model_name="event",
            constraint=WrittenOnce(
                name="events_are_written_once",
                days=2921,
                of=("request_id",),
                held="line.to_status <> 'suspected'",
            ),
        ),
    ]
