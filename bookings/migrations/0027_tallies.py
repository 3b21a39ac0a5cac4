"""Numbers of finished days, for the figures. They are counted by the worker, days of long ago first (workflow/tallies.py)."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0026_visits_that_we_take_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="TalliedUntil",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_row_says_what_is_counted")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=20)),
                ("key", models.CharField(blank=True, max_length=100)),
                ("number", models.IntegerField()),
            ],
            options={
                "verbose_name_plural": "tallies",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["day", "what", "key"], name="a_tally_is_of_one_day_and_thing"
                    )
                ],
            },
        ),
    ]
