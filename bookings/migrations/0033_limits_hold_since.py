"""A limit on requests says since when its days and its number hold. Rows that exist hold since they were made."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bookings", "0032_kinds_of_sessions")]

    operations = [
        migrations.RenameField(model_name="requestlimit", old_name="created_at", new_name="holds_since"),
    ]
