import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0007_search_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="page",
            options={
                "ordering": ["order", "menu_title"],
                "permissions": [
                    ("publish_page", "Can publish, schedule and unpublish pages"),
                    ("review_page", "Can approve pages as a reviewer"),
                ],
            },
        ),
        migrations.AddField(
            model_name="clinicprofile",
            name="review_grace_days",
            field=models.PositiveSmallIntegerField(
                default=60,
                help_text="So many days after its review date, a page tells its readers that its check is overdue.",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="account",
            field=models.OneToOneField(
                blank=True,
                help_text="Who signs in as this person. A reviewer approves pages under this name.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="person",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="1, 2, 3 ... in one page.")),
                ("data", models.JSONField(help_text="A Snapshot's data: content.publishing.snapshots.")),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="What is different, in a few words.", max_length=200
                    ),
                ),
                ("saved_by_name", models.CharField(help_text="Stays when the account goes.", max_length=160)),
                ("saved_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "next_review",
                    models.DateField(
                        help_text="By when the reviewer wants to see the page again.", null=True
                    ),
                ),
                ("publish_at", models.DateTimeField(help_text="A publication ahead.", null=True)),
                (
                    "kept_back_at",
                    models.DateTimeField(
                        help_text="When its publication was due and was refused.", null=True
                    ),
                ),
                ("published_at", models.DateTimeField(help_text="When it last went live.", null=True)),
                ("discarded_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approved_versions",
                        to="content.person",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="content.page",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["page", "-number"],
            },
        ),
        migrations.CreateModel(
            name="PageEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=20)),
                ("by_name", models.CharField(help_text="Stays when the account goes.", max_length=160)),
                ("at", models.DateTimeField()),
                ("planned_for", models.DateTimeField(help_text="Of a publication ahead: when.", null=True)),
                ("problems", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True, help_text="Why problems were overridden.")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="content.page"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="content.version",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="page",
            name="live",
            field=models.OneToOneField(
                editable=False,
                help_text="The version that this row says: none before the first publication.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="live_page",
                to="content.version",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("page", "number"), name="a_version_has_its_number_to_itself_in_a_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("publish_at__isnull", False)),
                fields=("page",),
                name="a_page_has_one_publication_ahead_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None), ("next_review", None)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="an_approval_says_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publish_at", None),
                    models.Q(("discarded_at", None), ("kept_back_at", None)),
                    _connector="OR",
                ),
                name="a_publication_ahead_is_of_a_version_that_may_go_live",
            ),
        ),
    ]
