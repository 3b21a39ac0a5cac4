"""In which zone a visit's clock time was agreed is kept beside it: an offset alone does not say.

Times that exist were agreed in the zone that the clinic's profile names, if they still show there what was agreed. Of any
other the zone is not known, and so it keeps its moment.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BATCH = 500


def note_the_zone(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    profiles = apps.get_model("content", "ClinicProfile")
    # Without a profile times are told in the zone that a new one has.
    profile = profiles.objects.first() or profiles()
    zone = ZoneInfo(profile.time_zone)
    appointments = apps.get_model("bookings", "Appointment").objects
    rows = [
        row
        for row in appointments.exclude(agreed_clock="").only("pk", "starts_at", "agreed_clock")
        if row.starts_at.astimezone(zone).isoformat() == row.agreed_clock
    ]
    for row in rows:
        row.agreed_zone = zone.key
    appointments.bulk_update(rows, ["agreed_zone"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0011_agreed_clock"),
        ("content", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="agreed_zone",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The clinic's time zone when that was agreed: Europe/London.",
                max_length=64,
            ),
        ),
        # Backwards the column goes, and with it what it says.
        migrations.RunPython(note_the_zone, migrations.RunPython.noop),
    ]
