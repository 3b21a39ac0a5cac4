"""What the clinic's clock shows at a time, as it was agreed, is kept beside the moment in UTC.

Times that exist are as they show today, by the zone data of this machine.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BATCH = 500


def note_the_clock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    profile = apps.get_model("content", "ClinicProfile").objects.first()
    if profile is None:
        return
    zone = ZoneInfo(profile.time_zone)
    appointments = apps.get_model("bookings", "Appointment").objects
    rows = list(appointments.exclude(state="released").only("pk", "starts_at"))
    for row in rows:
        row.agreed_clock = row.starts_at.astimezone(zone).isoformat()
    appointments.bulk_update(rows, ["agreed_clock"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0010_hours_until_midnight"),
        ("content", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="agreed_clock",
            field=models.CharField(
                blank=True,
                default="",
                help_text=(
                    "What the clinic's clock shows at the start, as agreed, with its offset then: 2026-12-03T10:00:00+00:00."
                ),
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="zone_changed_at",
            field=models.DateTimeField(
                blank=True, help_text="When new zone data was found to move the agreed time.", null=True
            ),
        ),
        # Backwards the columns go, and with them what they say.
        migrations.RunPython(note_the_clock, migrations.RunPython.noop),
    ]
