"""On the day of a visit: since when the client is here, or is known to be late, and by how many minutes."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0024_what_the_desk_counts"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="arrived_at",
            field=models.DateTimeField(
                blank=True, null=True, help_text="When the desk saw that the client is here."
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="late_at",
            field=models.DateTimeField(
                blank=True, null=True, help_text="When the desk heard that the client will be late."
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="late_minutes",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, help_text="By how many minutes, if the client said so."
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=Q(late_minutes__isnull=True) | Q(late_at__isnull=False),
                name="minutes_are_of_somebody_who_is_late",
            ),
        ),
    ]
