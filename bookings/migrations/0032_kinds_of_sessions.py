"""Kinds of visits have a purpose: treatment sessions, which the desk alone books, have rules of their own in days.

Backwards, treatment sessions are no longer in use, or the site would offer them to everybody.
"""

from __future__ import annotations

from typing import Any

import django.core.validators
from django.db import migrations, models
from django.db.models.functions import Length

LENGTH = 80  # of what stands in the way of a visit, before this


def offer_no_session(apps: Any, schema_editor: Any) -> None:
    Kind, Appointment = (
        apps.get_model("bookings", "ConsultationType"),
        apps.get_model("bookings", "Appointment"),
    )
    Kind.objects.filter(purpose="session").update(is_active=False)
    long = Appointment.objects.annotate(length=Length("stands_although")).filter(length__gt=LENGTH)
    for pk, codes in long.values_list("pk", "stands_although"):
        fitting = codes[: LENGTH + 1].rpartition(" ")[0]
        Appointment.objects.filter(pk=pk).update(stands_although=fitting)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0031_done_to_many_at_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="consultationtype",
            name="consultation_within_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Days. A consultation took place at most so long before the session. Empty: none is needed.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3650),
                ],
                verbose_name="consultation first, valid for",
            ),
        ),
        migrations.AddField(
            model_name="consultationtype",
            name="cooling_off_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Days from the consultation to the session at least.",
                validators=[django.core.validators.MaxValueValidator(365)],
                verbose_name="time to think",
            ),
        ),
        migrations.AddField(
            model_name="consultationtype",
            name="interval_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Days between two sessions of this kind at least.",
                validators=[django.core.validators.MaxValueValidator(365)],
                verbose_name="between two sessions",
            ),
        ),
        migrations.AddField(
            model_name="consultationtype",
            name="purpose",
            field=models.CharField(
                choices=[("consultation", "Consultation"), ("session", "Treatment session")],
                default="consultation",
                help_text="A treatment session is booked by the desk alone. No public page offers it.",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="stands_although",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What stood in its way when somebody decided on it: codes of bookings/queries/off.py, with spaces.",
                max_length=160,
            ),
        ),
        migrations.AlterField(
            model_name="consultationtype",
            name="is_active",
            field=models.BooleanField(
                default=True,
                help_text="Clients can ask for it; of a treatment session, the desk can book it.",
            ),
        ),
        migrations.AlterField(
            model_name="consultationtype",
            name="name",
            field=models.CharField(
                help_text="As clients see it, for example: First consultation. Mails name it: choose words that tell nothing about health.",
                max_length=80,
                unique=True,
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, offer_no_session),
    ]
