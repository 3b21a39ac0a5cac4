"""How often a server got a mail and never said whether it has it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_automatic_mails_are_counted")]

    operations = [
        migrations.AddField(
            model_name="message", name="unanswered", field=models.PositiveSmallIntegerField(default=0)
        ),
    ]
