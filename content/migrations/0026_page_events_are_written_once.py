"""The database refuses to change the history of what was published, or to delete it."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinic.foundation.written_once import WrittenOnce


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0025_what_is_plain_and_how_long"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Emptying it would be a change.
        migrations.AlterField(
            model_name="pageevent",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="pageevent",
            constraint=WrittenOnce(
                name="page_events_are_written_once",
                days=None,
                of=("page_id", "treatment_id", "cell_id", "plan_id"),
                held="line.verb = 'publish'",
            ),
        ),
    ]
