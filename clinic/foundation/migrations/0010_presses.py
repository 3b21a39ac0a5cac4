"""Buttons that did what they should, for a day: see clinic.foundation.press."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0009_roles_that_came")]

    operations = [
        migrations.CreateModel(
            name="Press",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField(db_index=True)),
                ("result", models.CharField(blank=True, max_length=40)),
            ],
            options={"verbose_name_plural": "presses", "default_permissions": ()},
        ),
    ]
