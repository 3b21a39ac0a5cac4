"""A clinic can close its form to new requests, and say why. All are open until somebody closes one."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0020_rights_of_documents")]

    operations = [
        migrations.AddField(
            model_name="clinicprofile",
            name="requests_closed",
            field=models.BooleanField(
                default=False,
                help_text="Nobody can send a request on the site, and no free times are shown. Clients with a request keep "
                "their link and all that it does, and the desk books by phone as ever. Untick it to open the form again.",
                verbose_name="closed to new requests",
            ),
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="closed_words",
            field=models.TextField(
                blank=True,
                help_text="Why, and from when you take requests again, in plain words. Left empty, the page says only that "
                "you take no new ones just now, and whom to call.",
                verbose_name="what people read then",
            ),
        ),
    ]
