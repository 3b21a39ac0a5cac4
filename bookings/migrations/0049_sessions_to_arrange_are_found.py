"""An index of the sessions that wait for a time, which the start page counts: among 60,000 they are a few thousand."""

from django.db import migrations, models
from django.db.models import Q

from clinic.postgresql.operations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bookings", "0048_phrases_have_their_name")]

    operations = [
        AddIndexBeside(
            "consultationrequest",
            models.Index(
                "session_of",
                condition=Q(
                    session_of__isnull=False,
                    status__in=["new", "waiting", "offered", "lapsed", "cancelled"],
                ),
                name="sessions_to_arrange",
            ),
        ),
    ]
