"""A right for practitioners to block their own time, without those for everybody's. `roles` gives it once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bookings", "0033_limits_hold_since")]

    operations = [
        migrations.AlterModelOptions(
            name="timeoff",
            options={
                "ordering": ["starts_at"],
                "permissions": [("block_own_time", "Can block their own time, and free it again")],
                "verbose_name_plural": "time off",
            },
        ),
    ]
