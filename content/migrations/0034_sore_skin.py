"""The lowest risk of a change of colour is called what it is. Only the words of the choice change: no row and no column does."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0033_edition")]

    operations = [
        migrations.AlterField(
            model_name="treatment",
            name="pigment_risk",
            field=models.CharField(
                blank=True,
                choices=[
                    ("none", "Only if skin gets sore"),
                    ("low", "Low"),
                    ("low-moderate", "Low to moderate"),
                    ("moderate", "Moderate"),
                    ("moderate-high", "Moderate to high"),
                    ("high", "High"),
                ],
                help_text="How likely a lasting change of colour is in brown and black skin.",
                max_length=20,
            ),
        ),
    ]
