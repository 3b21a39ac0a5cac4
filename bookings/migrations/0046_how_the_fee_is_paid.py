"""A kind of visit says how and when its fee is paid. Rows that exist say nothing until a manager writes it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0043_phrases_of_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="consultationtype",
            name="how_paid",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="One sentence, for example: You pay at the clinic after your visit, by card or cash. It stands "
                "beside the fee on the form, in mails, on the client\u2019s page and on the page of costs: nothing about "
                "health. Empty: nothing is said.",
                max_length=160,
                verbose_name="how it is paid",
            ),
        ),
    ]
