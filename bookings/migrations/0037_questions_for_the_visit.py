"""What clients want to ask at their visits: rows of their own. Nothing to convert."""

import django.db.models.deletion
from django.db import migrations, models

import clinic.foundation.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0036_the_fee_in_writing"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", clinic.foundation.crypto.EncryptedTextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("put_off", "Put off")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, help_text="When it was answered or put off.", null=True),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visit_questions",
                        to="bookings.consultationrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_settled_question_has_its_moment",
                    )
                ],
            },
        ),
    ]
