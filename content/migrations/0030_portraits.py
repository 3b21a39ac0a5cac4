"""The site may show a picture of who works here: one that an editor has uploaded."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0029_what_to_bring")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="portrait",
            field=models.ForeignKey(
                blank=True,
                help_text="A picture of them, uploaded under Pictures. Without one the site draws their initials.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="content.picture",
            ),
        ),
    ]
