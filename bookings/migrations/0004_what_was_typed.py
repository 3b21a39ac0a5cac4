"""A client's session remembers a form that could not be taken. Sessions that are open have none: they go on as they were."""

from django.db import migrations

import clinic.foundation.crypto


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_agreed_until_now")]

    operations = [
        migrations.AddField(
            model_name="clientsession",
            name="typed",
            field=clinic.foundation.crypto.EncryptedJSONField(null=True),
        ),
    ]
