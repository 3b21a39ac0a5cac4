"""The clinic may be open until the midnight that ends the day, written 00:00."""

from __future__ import annotations

import datetime

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def one_minute_sooner(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The way back: without midnight the latest end is 23:59."""
    rows = apps.get_model("content", "OpeningHours").objects
    rows.filter(closes=datetime.time.min).update(closes=datetime.time(23, 59))


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0015_matrix_corrections"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="openinghours",
            name="the_clinic_closes_after_it_opens",
        ),
        migrations.AlterField(
            model_name="openinghours",
            name="closes",
            field=models.TimeField(
                help_text="For example 17:00, or 00:00 for midnight. For a lunch break enter the day twice."
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, one_minute_sooner),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens__lt", models.F("closes")), ("closes", datetime.time(0, 0)), _connector="OR"
                ),
                name="the_clinic_closes_after_it_opens",
                violation_error_message="The clinic must close after it opens.",
            ),
        ),
    ]
