"""Treatments, cells of the matrix and example plans get versions, as pages have. Rows that exist stay live as they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0017_help_of_offered"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="page",
            options={
                "ordering": ["order", "menu_title"],
                "permissions": [
                    ("publish_page", "Can publish, schedule and unpublish content"),
                    ("review_page", "Can approve content, or send it back, as a reviewer"),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="version",
            options={"ordering": ["-number", "-pk"]},
        ),
        migrations.AddField(
            model_name="exampleplan",
            name="is_published",
            field=models.BooleanField(default=True, editable=False, help_text="Readers see it."),
        ),
        migrations.AddField(
            model_name="exampleplan",
            name="live",
            field=models.OneToOneField(
                editable=False,
                help_text="The version that this row says: none before the first publication by the verbs.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="live_%(class)s",
                to="content.version",
            ),
        ),
        migrations.AddField(
            model_name="pageevent",
            name="cell",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="content.suitability",
            ),
        ),
        migrations.AddField(
            model_name="pageevent",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="content.exampleplan",
            ),
        ),
        migrations.AddField(
            model_name="pageevent",
            name="treatment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="content.treatment",
            ),
        ),
        migrations.AddField(
            model_name="suitability",
            name="is_published",
            field=models.BooleanField(default=True, editable=False, help_text="Readers see it."),
        ),
        migrations.AddField(
            model_name="suitability",
            name="live",
            field=models.OneToOneField(
                editable=False,
                help_text="The version that this row says: none before the first publication by the verbs.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="live_%(class)s",
                to="content.version",
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="is_published",
            field=models.BooleanField(default=True, editable=False, help_text="Readers see it."),
        ),
        migrations.AddField(
            model_name="treatment",
            name="live",
            field=models.OneToOneField(
                editable=False,
                help_text="The version that this row says: none before the first publication by the verbs.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="live_%(class)s",
                to="content.version",
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviewed_treatments",
                to="content.person",
            ),
        ),
        migrations.AddField(
            model_name="treatment",
            name="reviewed_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="cell",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="content.suitability",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="content.exampleplan",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="sent_back_at",
            field=models.DateTimeField(
                help_text="When a reviewer gave it back to be mended. The word is in the event.", null=True
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="treatment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="content.treatment",
            ),
        ),
        migrations.AlterField(
            model_name="pageevent",
            name="page",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="content.page",
            ),
        ),
        migrations.AlterField(
            model_name="pageevent",
            name="reason",
            field=models.TextField(
                blank=True,
                help_text="Why problems were overridden, or what a reviewer said who sent it back.",
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="account",
            field=models.OneToOneField(
                blank=True,
                help_text="Who signs in as this person. A reviewer approves under this name.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="person",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="data",
            field=models.JSONField(help_text="A snapshot's data: content.publishing.snapshots and .facts."),
        ),
        migrations.AlterField(
            model_name="version",
            name="next_review",
            field=models.DateField(help_text="By when the reviewer wants to see it again.", null=True),
        ),
        migrations.AlterField(
            model_name="version",
            name="number",
            field=models.PositiveIntegerField(help_text="1, 2, 3 ... in one document."),
        ),
        migrations.AlterField(
            model_name="version",
            name="page",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="content.page",
            ),
        ),
        migrations.AddConstraint(
            model_name="pageevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cell__isnull", True),
                        ("page__isnull", False),
                        ("plan__isnull", True),
                        ("treatment__isnull", True),
                    ),
                    models.Q(
                        ("cell__isnull", True),
                        ("page__isnull", True),
                        ("plan__isnull", True),
                        ("treatment__isnull", False),
                    ),
                    models.Q(
                        ("cell__isnull", False),
                        ("page__isnull", True),
                        ("plan__isnull", True),
                        ("treatment__isnull", True),
                    ),
                    models.Q(
                        ("cell__isnull", True),
                        ("page__isnull", True),
                        ("plan__isnull", False),
                        ("treatment__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="an_event_is_of_one_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cell__isnull", True),
                        ("page__isnull", False),
                        ("plan__isnull", True),
                        ("treatment__isnull", True),
                    ),
                    models.Q(
                        ("cell__isnull", True),
                        ("page__isnull", True),
                        ("plan__isnull", True),
                        ("treatment__isnull", False),
                    ),
                    models.Q(
                        ("cell__isnull", False),
                        ("page__isnull", True),
                        ("plan__isnull", True),
                        ("treatment__isnull", True),
                    ),
                    models.Q(
                        ("cell__isnull", True),
                        ("page__isnull", True),
                        ("plan__isnull", False),
                        ("treatment__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_version_is_of_one_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("treatment", "number"), name="a_version_has_its_number_to_itself_in_a_treatment"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("cell", "number"), name="a_version_has_its_number_to_itself_in_a_cell"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("plan", "number"), name="a_version_has_its_number_to_itself_in_a_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("publish_at__isnull", False)),
                fields=("treatment",),
                name="a_treatment_has_one_publication_ahead_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("publish_at__isnull", False)),
                fields=("cell",),
                name="a_cell_has_one_publication_ahead_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("publish_at__isnull", False)),
                fields=("plan",),
                name="a_plan_has_one_publication_ahead_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sent_back_at", None),
                    models.Q(("approved_at", None), ("publish_at", None)),
                    _connector="OR",
                ),
                name="what_was_sent_back_is_neither_approved_nor_planned",
            ),
        ),
    ]
