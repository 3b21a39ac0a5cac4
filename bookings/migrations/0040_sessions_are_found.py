"""Sessions of plans are found by their line, and those that sleep by when they wake: built beside whoever writes."""

from django.db import migrations, models

from clinic.postgresql.operations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("bookings", "0039_plans")]

    operations = [
        AddIndexBeside(
            model_name="consultationrequest",
            index=models.Index(
                models.F("sleeps_until"),
                condition=models.Q(("sleeps_until", None), _negated=True),
                name="sessions_that_sleep",
            ),
        ),
        AddIndexBeside(
            model_name="consultationrequest",
            index=models.Index(
                models.F("session_of"),
                condition=models.Q(("session_of", None), _negated=True),
                name="sessions_by_line",
            ),
        ),
    ]
