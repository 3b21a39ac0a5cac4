from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0015_mail_hold")]

    operations = [
        migrations.AddField(model_name="workerbeat", name="clock_off", field=models.IntegerField(null=True)),
    ]
