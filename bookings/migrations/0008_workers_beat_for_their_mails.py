"""A worker's mails have a sign of life of their own."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_unanswered_mails_are_counted")]

    operations = [
        migrations.AddField(model_name="workerbeat", name="mails_at", field=models.DateTimeField(null=True)),
    ]
