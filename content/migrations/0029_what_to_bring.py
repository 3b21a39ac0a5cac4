"""The clinic says what to bring to a visit and what happens there. Empty until an editor writes it; then pages and mails say it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0028_fillers")]

    operations = [
        migrations.AddField(
            model_name="clinicprofile",
            name="to_bring",
            field=models.TextField(
                blank=True,
                default="",
                help_text="What to bring to a visit, one thing a line. Clients read it on their page and in mails, so write "
                "nothing that tells a stranger about health.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="what_happens",
            field=models.TextField(
                blank=True,
                default="",
                help_text="What happens at a first visit, one step a line. It goes where the lines above go: nothing about "
                "health.",
            ),
            preserve_default=False,
        ),
    ]
