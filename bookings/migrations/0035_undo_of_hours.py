"""What one press did to many may have been new hours too: how they were before. Of what was done before this, none were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0034_practitioners_block_their_own_time")]

    operations = [
        migrations.AddField(
            model_name="together", name="hours", field=models.JSONField(db_default={}, default=dict)
        ),
    ]
