from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0016_a_worker_says_why_it_stopped")]

    operations = [
        migrations.AddIndex(model_name="event", index=models.Index(fields=["at"], name="events_by_time")),
    ]
