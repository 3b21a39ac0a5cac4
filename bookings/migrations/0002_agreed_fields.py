"""A time that is held, offered or booked keeps what was agreed about it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="currency",
            field=models.CharField(default="GBP", help_text="Of the fee, as agreed.", max_length=3),
        ),
        migrations.AddField(
            model_name="appointment",
            name="cutoff_hours",
            field=models.PositiveSmallIntegerField(
                default=24,
                help_text="As agreed: how long before the start the client may still move or cancel it.",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="fee",
            field=models.PositiveIntegerField(
                default=0, help_text="As agreed, in minor units of the currency."
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="mode",
            field=models.CharField(
                choices=[("in_person", "In person"), ("video", "By video"), ("phone", "By phone")],
                default="in_person",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="stands_although",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What stood in its way when somebody decided on it: codes of bookings/queries/off.py, with spaces.",
                max_length=80,
            ),
        ),
    ]
