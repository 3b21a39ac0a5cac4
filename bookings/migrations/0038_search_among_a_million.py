"""Indexes for the desk's search and for closed requests, which are most of the table after some years."""

from django.db import migrations, models

from clinic.postgresql.operations import AddIndexBeside, IndexBesideInSQL


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bookings", "0037_questions_for_the_visit")]

    operations = [
        AddIndexBeside(
            model_name="consultationrequest",
            index=models.Index(
                fields=["email_search"], name="requests_by_start_of_email", opclasses=["varchar_pattern_ops"]
            ),
        ),
        # The same expression as in clinic/foundation/has_word.py.
        IndexBesideInSQL(
            "consultationrequest",
            "requests_by_words_of_names",
            "USING gin (array_to_tsvector(array_remove(string_to_array(left(name_search, 500), ' '), '')))",
        ),
        IndexBesideInSQL(
            "consultationrequest",
            "closed_requests_by_end",
            "(closed_at DESC NULLS LAST, id DESC) WHERE status IN "
            "('declined', 'withdrawn', 'lapsed', 'cancelled', 'attended', 'no_show')",
        ),
        migrations.RemoveIndex(model_name="consultationrequest", name="requests_by_email"),
    ]
