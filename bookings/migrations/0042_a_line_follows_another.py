"""A treatment of a plan may follow another one of it. Lines that exist follow none."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0041_rules_of_plans_sealed")]

    operations = [
        migrations.AddField(
            model_name="planline",
            name="after",
            field=models.ForeignKey(
                blank=True,
                help_text="The line of the same plan that it follows: without it, it is not done. Empty: it can be had alone.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="followers",
                to="bookings.planline",
            ),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("after", None), models.Q(("after", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="a_line_of_a_plan_follows_another",
            ),
        ),
    ]
