"""Working hours may last until the midnight that ends the day, written 00:00."""

from __future__ import annotations

import datetime

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def one_minute_sooner(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The way back: without midnight the latest end is 23:59."""
    rows = apps.get_model("bookings", "WorkingHours").objects
    rows.filter(ends=datetime.time.min).update(ends=datetime.time(23, 59))


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0009_calendar_uids_stay"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="workinghours",
            name="working_hours_end_after_they_start",
        ),
        migrations.AlterField(
            model_name="workinghours",
            name="ends",
            field=models.TimeField(
                help_text="For example 17:00, or 00:00 for midnight. The last visit ends by then."
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, one_minute_sooner),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts__lt", models.F("ends")), ("ends", datetime.time(0, 0)), _connector="OR"
                ),
                name="working_hours_end_after_they_start",
                violation_error_message="The hours must end after they start.",
            ),
        ),
    ]
