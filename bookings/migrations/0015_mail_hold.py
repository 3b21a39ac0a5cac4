"""The outbox can be held as a whole, and a restored copy is."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0013_names_found_by_any_spelling")]

    operations = [
        migrations.CreateModel(
            name="MailHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("restored", "A backup was put back"),
                            ("silent", "Nobody was there for a while"),
                            ("by_hand", "Somebody held it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("alive_until", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="the_mail_is_held_once")
                ],
            },
        ),
    ]
