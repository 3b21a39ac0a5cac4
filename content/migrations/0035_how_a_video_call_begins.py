"""The clinic may say how a call by video begins. Empty for every clinic that is there, and for a process of the version before."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0034_sore_skin"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinicprofile",
            name="video_call",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="How a call by video begins: who sends a link or rings, and how long before. Clients with a visit by video read it on their page and in mails: nothing about health. While it is empty they are asked to call you, since the site sends no link.",
            ),
        ),
    ]
