"""A question of a client for their visit may be answered in writing. Those that exist have no such answer."""

from __future__ import annotations

from django.db import migrations

from clinic.foundation.crypto import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("bookings", "0046_how_the_fee_is_paid")]

    operations = [
        migrations.AddField(
            model_name="visitquestion",
            name="reply",
            field=EncryptedTextField(
                blank=True, default="", db_default="", help_text="What was answered in writing, if it was."
            ),
        ),
    ]
