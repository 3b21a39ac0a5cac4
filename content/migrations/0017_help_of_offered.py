"""Only words: what the field `offered` of a treatment says to editors is true again. No row changes."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0016_open_until_midnight"),
    ]

    operations = [
        migrations.AlterField(
            model_name="treatment",
            name="offered",
            field=models.BooleanField(
                default=False,
                help_text="The clinic gives it. If not, no page offers it. The guide still names what is often discussed for a concern, and says that it is not done here.",
            ),
        ),
    ]
