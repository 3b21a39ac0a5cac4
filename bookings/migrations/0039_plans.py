"""Plans after a visit, and the sessions that come of them. Requests, kinds and rules that exist stay as they are."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinic.foundation.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0038_search_among_a_million"),
        ("content", "0033_edition"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", clinic.foundation.crypto.EncryptedTextField()),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(help_text="By when the clinic promised an answer.")),
                ("reply", clinic.foundation.crypto.EncryptedTextField(blank=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("replied_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "default_permissions": (),
            },
        ),
        migrations.AlterModelOptions(
            name="consultationrequest",
            options={
                "ordering": ["-created_at", "-id"],
                "permissions": [
                    ("decide_request", "Can answer requests: offer, confirm, ask, decline"),
                    ("read_health", "Can read health answers and notes"),
                    ("write_plan", "Can write and send plans after a visit"),
                    ("erase_request", "Can erase everything personal of a request"),
                    ("correct_late", "Can correct attendance after the day of the visit"),
                    ("export_request", "Can export requests and visits"),
                    ("view_figures", "Can see how the queue is doing"),
                ],
                "verbose_name": "request",
            },
        ),
        migrations.AddField(
            model_name="bookingrules",
            name="plan_days",
            field=models.PositiveSmallIntegerField(
                db_default=90,
                default=90,
                help_text="Days from the day on which a plan is sent.",
                validators=[
                    django.core.validators.MinValueValidator(7),
                    django.core.validators.MaxValueValidator(366),
                ],
                verbose_name="plans are valid for",
            ),
        ),
        migrations.AddField(
            model_name="bookingrules",
            name="think_days",
            field=models.PositiveSmallIntegerField(
                db_default=7,
                default=7,
                help_text="Days between the visit and the first session of a plan, at least.",
                validators=[django.core.validators.MaxValueValidator(90)],
                verbose_name="days to think",
            ),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="session_number",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="sleeps_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consultationtype",
            name="treatments",
            field=models.ManyToManyField(
                blank=True,
                help_text="Of a treatment session: what is done in it. A plan books its sessions as this kind.",
                related_name="session_kinds",
                to="content.treatment",
            ),
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(help_text="1 for the first of a request.")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("part", "Accepted in part"),
                            ("declined", "Declined"),
                            ("expired", "Expired"),
                            ("superseded", "Replaced by a later one"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("suits", "Treatments to choose from"),
                            ("not_suitable", "Not suitable, because"),
                            ("not_now", "Not now: come back when"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", clinic.foundation.crypto.EncryptedJSONField()),
                ("currency", models.CharField(help_text="Of every amount in it.", max_length=3)),
                (
                    "visit_on",
                    models.DateField(help_text="The day of the visit that it follows, at the clinic."),
                ),
                (
                    "valid_until",
                    models.DateField(help_text="The last day on which it can be accepted, at the clinic."),
                ),
                (
                    "think_days",
                    models.PositiveSmallIntegerField(
                        help_text="Days between the visit and the first session at least, as they were when it was sent."
                    ),
                ),
                (
                    "although",
                    models.CharField(
                        blank=True,
                        help_text="The rules that it goes past, as codes of bookings/plan_rules.py with spaces; why is in a note.",
                        max_length=160,
                    ),
                ),
                ("author_label", models.CharField(max_length=120)),
                ("author_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plans",
                        to="bookings.consultationrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["request", "number"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PlanLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("words", clinic.foundation.crypto.EncryptedJSONField()),
                (
                    "sessions_from",
                    models.PositiveSmallIntegerField(help_text="Sessions at least. 0: nothing is booked."),
                ),
                ("sessions_to", models.PositiveSmallIntegerField()),
                (
                    "gap_days",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Days between two sessions at least."
                    ),
                ),
                (
                    "wait_days",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Days between the visit and its first session at least."
                    ),
                ),
                ("price_from", models.PositiveIntegerField(help_text="Each time.")),
                ("price_to", models.PositiveIntegerField(help_text="Each time.")),
                (
                    "times_from",
                    models.PositiveSmallIntegerField(help_text="How many times the price is paid at least."),
                ),
                ("times_to", models.PositiveSmallIntegerField()),
                (
                    "said",
                    models.CharField(
                        blank=True, choices=[("yes", "yes"), ("no", "no")], default="", max_length=8
                    ),
                ),
                ("said_at", models.DateTimeField(blank=True, null=True)),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        help_text="What its sessions are booked as. Empty: nothing is booked, as for a cream.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.consultationtype",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="bookings.plan"
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="content.treatment",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "position"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="session_of",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sessions",
                to="bookings.planline",
            ),
        ),
        migrations.AddField(
            model_name="planquestion",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="bookings.planline",
            ),
        ),
        migrations.AddField(
            model_name="planquestion",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="bookings.plan"
            ),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                condition=models.Q(("status", "sent")), fields=["valid_until"], name="sent_plans_by_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="plans_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("request",),
                name="a_request_has_one_draft_of_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["sent", "part", "accepted"])),
                fields=("request",),
                name="a_request_has_one_standing_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "sent", "accepted", "part", "declined", "expired", "superseded"])
                ),
                name="a_plan_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at", None), ("status", "draft")),
                    models.Q(models.Q(("status", "draft"), _negated=True), ("sent_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_plan_was_sent_unless_it_is_a_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.UniqueConstraint(
                fields=("plan", "position"), name="lines_of_a_plan_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("price_to__gte", models.F("price_from")),
                    ("sessions_to__gte", models.F("sessions_from")),
                    ("times_to__gte", models.F("times_from")),
                ),
                name="a_line_of_a_plan_counts_upwards",
            ),
        ),
        migrations.AddIndex(
            model_name="planquestion",
            index=models.Index(
                condition=models.Q(("replied_at", None)),
                fields=["due_at"],
                name="open_questions_about_plans",
            ),
        ),
    ]
