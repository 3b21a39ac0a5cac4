"""When staff took a booked visit from its client, so that silence never closes such a request. Nobody has been so far."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0025_where_they_are"),
    ]

    operations = [
        migrations.AddField(
            model_name="consultationrequest",
            name="displaced_at",
            field=models.DateTimeField(
                null=True,
                blank=True,
                help_text="When staff took the booked visit from the client. Empty again once another is booked, or it is closed.",
            ),
        ),
    ]
