"""Two requests of one person can become one: the other knows which was kept. And who may be the same person is found fast."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0022_undo")]

    operations = [
        migrations.AddField(
            model_name="consultationrequest",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                help_text="The request of the same person that was kept, where its links lead now.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged",
                to="bookings.consultationrequest",
            ),
        ),
        migrations.AddIndex(
            model_name="consultationrequest",
            index=models.Index(fields=["phone_search"], name="requests_by_phone"),
        ),
        migrations.AddIndex(
            model_name="consultationrequest",
            index=models.Index(fields=["name_search"], name="requests_by_name"),
        ),
        migrations.AddConstraint(
            model_name="consultationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(status="declined"),
                name="a_merged_request_is_declined",
            ),
        ),
    ]
