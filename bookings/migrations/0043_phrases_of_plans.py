"""Sentences that a clinic keeps for its plans. It starts with none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0042_a_line_follows_another"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanPhrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("first", "What has to happen first"),
                            ("can", "What it can do"),
                            ("cannot", "What it cannot do"),
                            ("against", "Advised against, and why"),
                        ],
                        max_length=10,
                        verbose_name="for",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Only for what is advised against: “A strong peel”. The words below say why.",
                        max_length=120,
                        verbose_name="what is advised against",
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        help_text="As the client reads it: plain words, true of everybody to whom it is offered. Nothing about one person.",
                        max_length=400,
                    ),
                ),
                (
                    "only_if",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("active_spots", "Active spots now"),
                            ("isotretinoin", "Isotretinoin in the last 12 months"),
                            ("pregnancy", "Pregnant or perhaps, trying, or breastfeeding"),
                            ("raised_scars", "Raised or keloid scars"),
                            ("cold_sores_infection", "Cold sores, an infection or broken skin"),
                            ("bleeding", "A bleeding problem or blood thinners"),
                            ("low_immunity", "Low defence against infection"),
                            ("allergy", "Allergy to numbing cream or collagen"),
                            ("skin_disease", "Vitiligo, psoriasis or lupus"),
                            ("tan", "Sun, sunbed or fake tan in the last 6 weeks"),
                        ],
                        help_text="Offered only where this is ticked of the client. Empty: always.",
                        max_length=20,
                        verbose_name="only if this applies",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True, help_text="Off: it is not offered any more.", verbose_name="in use"
                    ),
                ),
            ],
            options={
                "verbose_name": "phrase for plans",
                "verbose_name_plural": "phrases for plans",
                "ordering": ["place", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place", "against"), ("name", ""), _connector="OR"),
                        name="a_phrase_names_only_what_is_advised_against",
                        violation_error_message="Leave this empty: it is only for what is advised against.",
                    )
                ],
            },
        ),
    ]
