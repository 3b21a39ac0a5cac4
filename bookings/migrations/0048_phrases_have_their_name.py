"""A phrase for what is advised against says what that is. One that does not is switched off and gets its own words as its name."""

from typing import Any

from django.db import migrations, models


def name_them(apps: Any, schema_editor: Any) -> None:
    """At most a handful of rows."""
    phrases = apps.get_model("bookings", "PlanPhrase").objects.using(schema_editor.connection.alias)
    for one in phrases.filter(place="against", name=""):
        one.name, one.is_active = one.words[:40], False
        one.save(update_fields=["name", "is_active"])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0047_questions_answered_in_writing")]

    operations = [
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="planphrase", name="a_phrase_names_only_what_is_advised_against"
        ),
        migrations.AddConstraint(
            model_name="planphrase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name__gt", ""), ("place", "against")),
                    models.Q(models.Q(("place", "against"), _negated=True), ("name", "")),
                    _connector="OR",
                ),
                name="a_phrase_names_what_is_advised_against_and_nothing_else",
                violation_error_message="Say what is advised against, and only there.",
            ),
        ),
    ]
