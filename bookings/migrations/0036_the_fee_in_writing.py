"""What clients are told about the fee, as dated rows that visits keep. What was agreed before this carries none."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0035_undo_of_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeeText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(
                        error_messages={
                            "unique": "A text already begins on that day. Choose another day, or change that one."
                        },
                        help_text="It holds from this day on, until the next one begins.",
                        unique=True,
                        verbose_name="from",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="What a visit costs, when it is paid, and what a late cancellation costs. Mails carry it, so nothing about anybody's health or treatment.",
                        max_length=1500,
                        verbose_name="what clients are told",
                    ),
                ),
            ],
            options={
                "verbose_name": "fee text",
                "ordering": ["-valid_from"],
            },
        ),
        migrations.AddField(
            model_name="bookingrules",
            name="fee_in_writing",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Each offer and each booking carries the fee text of its day. While there is none, nobody at the desk can offer, confirm or book.",
                verbose_name="the fee in writing",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="fee_text",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="What the client was told about the fee, as agreed; none where the clinic did not want it in writing.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="bookings.feetext",
            ),
        ),
    ]
