import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import content.models.matrix


def name_concerns(apps, schema_editor):
    """A name of its own for every concern that is there already; only then can the column be unique."""
    for concern in apps.get_model("content", "Concern").objects.all():
        concern.public_id = content.models.matrix.new_public_id()
        concern.save(update_fields=["public_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_former_slugs"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExamplePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="For example: Two deep scars, lifted one by one.",
                        max_length=120,
                        unique=True,
                    ),
                ),
                (
                    "for_whom",
                    models.CharField(
                        help_text="Whom it could be for, in one plain sentence. It is an example, not advice.",
                        max_length=200,
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="What else to know, for example what wears off. No offers and no deadlines.",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first."),
                ),
            ],
            options={
                "ordering": ["order", "title"],
            },
        ),
        migrations.AddField(
            model_name="concern",
            name="public_id",
            field=models.CharField(default="", editable=False, max_length=12),
            preserve_default=False,
        ),
        migrations.RunPython(name_concerns, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="concern",
            name="public_id",
            field=models.CharField(
                default=content.models.matrix.new_public_id,
                editable=False,
                help_text="Chooses the concern in an address that must not carry a health word.",
                max_length=12,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="downtime_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The longest usual recovery in days, to sort by: 3 for 1 to 3 days, 0 if it is gone within the day. Empty if the sources give no number; then it is listed last.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="sessions_most",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="The higher end of it as one number, to sort by: 6 for 3 to 6. 0 if no visit is needed. Empty if the sources give no number; then it is listed last.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="ExamplePlanLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "times_from",
                    models.PositiveSmallIntegerField(
                        help_text="How many visits, scars or syringes at least.",
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "times_to",
                    models.PositiveSmallIntegerField(
                        help_text="And at most. The same number if it is certain.",
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="For example: 6 weeks apart.", max_length=160),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="content.exampleplan",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="example_lines",
                        to="content.treatment",
                    ),
                ),
            ],
            options={
                "verbose_name": "treatment of the plan",
                "verbose_name_plural": "treatments of the plan",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("times_from__gte", 1), ("times_to__gte", models.F("times_from"))),
                        name="an_example_counts_upwards_from_one",
                        violation_error_message="The higher number must not be below the lower one.",
                    )
                ],
            },
        ),
    ]
