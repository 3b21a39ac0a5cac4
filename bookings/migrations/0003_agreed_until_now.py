"""Times that were there before get the terms of today: those of their type, in the clinic's currency.

Nobody noted what was agreed when they were taken, and until now pages and mails went by the type. Whether the practitioner
sees what a request is about was staff's to judge, so it counts as judged.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery

TERMS = ("fee", "mode", "cutoff_hours")


def take_the_terms_of_today(apps: Any, schema_editor: Any) -> None:
    appointments = apps.get_model("bookings", "Appointment").objects
    kinds = apps.get_model("bookings", "ConsultationType").objects.filter(pk=OuterRef("consultation_type"))
    profile = apps.get_model("content", "ClinicProfile").objects.first()
    appointments.update(
        currency=profile.currency if profile else "GBP",
        stands_although="concern",
        **{name: Subquery(kinds.values(name)[:1]) for name in TERMS},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_agreed_fields"),
        ("content", "0001_initial"),
    ]

    operations = [
        # Backwards the columns go, and with them what they say.
        migrations.RunPython(take_the_terms_of_today, migrations.RunPython.noop, elidable=False),
    ]
