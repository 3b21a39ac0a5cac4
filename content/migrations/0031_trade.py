"""What a clinic is, in the words that people search for. Empty until it says so: the home page's title is then its name."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0030_portraits")]

    operations = [
        migrations.AddField(
            model_name="clinicprofile",
            name="trade",
            field=models.CharField(
                blank=True,
                help_text="What you are, as people search for it: Acne scar clinic. The home page's title names it with your "
                "town.",
                max_length=30,
            ),
        ),
    ]
