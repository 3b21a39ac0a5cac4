"""A row that says which edition of the public pages is out. Its triggers come at the end of `migrate`; backwards they go first."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

import content.models.edition
from content.ready import triggers


def take_triggers_away(apps: Any, schema_editor: Any) -> None:
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("content", "0032_figures_and_diary")]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(default=content.models.edition.new_token, max_length=36)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_edition")
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, take_triggers_away),
    ]
