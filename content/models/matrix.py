"""The suitability matrix: concerns, treatments, how well they fit, and who and what says so."""

from __future__ import annotations

import secrets
import string
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.functional import cached_property

from content.models.clinic import ClinicProfile
from content.models.person import Person
from content.models.published import Published

_TOKEN_LETTERS = string.ascii_lowercase + string.digits


def new_public_id() -> str:
    """A random name, 12 characters, so that an address can carry a page or a concern without a health word."""
    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(12))


def validate_pairs(value: Any) -> None:
    """Raise ValidationError unless the value is a list of two short texts each: [["Visits", "3 to 6"], ...]."""
    right = isinstance(value, list) and all(
        isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(part, str) and part.strip() for part in pair)
        for pair in value
    )
    if not right:
        raise ValidationError("Give pairs of texts: what it is, then what it says.", code="not_pairs")


class Cited(NamedTuple):
    """What pages say of a source: a value, cheap to make, and equal to any that says the same."""

    code: str
    title: str
    url: str = ""


class Source(models.Model):
    """Where a fact comes from."""

    code = models.SlugField(max_length=20, unique=True, help_text="A short code, for example NHSK.")
    title = models.CharField(max_length=300, help_text="Who said it, where and when, as readers see it.")
    url = models.URLField(max_length=500, blank=True, help_text="Only if it can be opened.")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    @property
    def cited(self) -> Cited:
        return Cited(self.code, self.title, self.url)


class Concern(models.Model):
    """A row of the suitability matrix: something on somebody's skin."""

    code = models.SlugField(max_length=40, unique=True)
    public_id = models.CharField(
        max_length=12,
        unique=True,
        default=new_public_id,
        editable=False,
        help_text="Chooses the concern in an address that must not carry a health word.",
    )
    group = models.SlugField(
        max_length=40, help_text="Concerns of one kind share a word: atrophic, raised, marks."
    )
    name = models.CharField(max_length=120, help_text="In plain words, for example: Deep boxcar scars.")
    tell = models.CharField(max_length=160, blank=True, help_text="The few words by which somebody knows it.")
    comes_first = models.BooleanField(
        default=False,
        help_text="The guide puts it before everything else: scars and marks wait until it is under control.",
    )
    needs_clinician_first = models.BooleanField(
        default=False,
        help_text="Whoever has it needs a clinician before any treatment that wounds skin. The guide then names "
        "only treatments that are allowed with keloids and raised scars.",
    )
    order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


def _unready(path: str = "") -> Q:
    """The fillers, while the clinic has not said what it keeps ready for them. Part of the statement that asks."""
    said = models.Exists(ClinicProfile.objects.ready_for_fillers())
    return Q(**{f"{path}is_filler": True}) & ~Q(said)


class TreatmentQuerySet(models.QuerySet["Treatment"]):
    def published(self) -> TreatmentQuerySet:
        """What readers may be told of, each with `unready`."""
        return self.filter(is_published=True).annotate(
            waits=ExpressionWrapper(_unready(), output_field=models.BooleanField())
        )

    def offered(self) -> TreatmentQuerySet:
        """Those that this clinic gives, and may suggest."""
        return self.published().filter(offered=True).exclude(_unready())


class Treatment(Published):
    """A column of the suitability matrix: something that can be done about a concern."""

    class Evidence(models.TextChoices):
        TRIALS = "A", "A: trials or a systematic review"
        CONTROLLED = "B", "B: controlled or observational studies"
        EXPERT = "C", "C: expert use or case series"
        NONE = "X", "X: none found"

    class PigmentRisk(models.TextChoices):
        # In the order of the scale, which is what `rank` counts.
        NONE = (
            "none",
            "Only if skin gets sore",
        )  # Sore skin can leave marks, whatever made it sore (facts 79 and 84).
        LOW = "low", "Low"
        LOW_MODERATE = "low-moderate", "Low to moderate"
        MODERATE = "moderate", "Moderate"
        MODERATE_HIGH = "moderate-high", "Moderate to high"
        HIGH = "high", "High"

        def rank(self) -> int:
            """Its place in the scale, 0 for none."""
            return list(type(self)).index(self)

    class Invasiveness(models.IntegerChoices):
        CREAM = 0, "0: used on the skin, like a cream"
        SURFACE = 1, "1: works on the surface: light peel, polish, blue light"
        HEAT = 2, "2: heats below a whole surface: non-ablative and vascular laser"
        NEEDLE = 3, "3: needles or injections"
        OPEN = 4, "4: takes skin away in part or frees it: fractional ablative laser, strong acid, subcision"
        SURGERY = 5, "5: cuts out or sands down"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=160, help_text="A few words for lists.")
    offered = models.BooleanField(
        default=False,
        help_text="The clinic gives it. If not, no page offers it. The guide still names what is often discussed for a "
        "concern, and says that it is not done here.",
    )
    is_medical_procedure = models.BooleanField(default=True, help_text="It breaks, heats or changes skin.")
    at_home = models.BooleanField(
        default=False,
        help_text="People use it at home, like a cream. The guide then names it also in pregnancy and while spots are "
        "active. Leave it off for everything that is done to somebody at the clinic.",
    )
    allowed_with_keloids = models.BooleanField(
        default=False,
        help_text="The guide may name it to somebody who gets keloid or raised scars. Leave it off for whatever wounds "
        "the skin.",
    )
    waits_after_isotretinoin = models.BooleanField(
        default=False,
        help_text="The guide holds it for somebody who took isotretinoin in the last 12 months. A clinician can "
        "lift the hold.",
    )
    needs_test_spot = models.BooleanField(
        default=False,
        help_text="A test spot comes first on skin that tans easily and on brown or black skin: lasers and peels.",
    )
    cuts = models.BooleanField(
        default=False,
        help_text="It cuts the skin. The guide holds it for somebody who bleeds easily, takes blood thinners or has a low "
        "defence against infection.",
    )
    face_only = models.BooleanField(
        default=False,
        help_text="It is not suggested on the chest, the shoulders or the back, where raised scars form more easily.",
    )
    is_filler = models.BooleanField(
        "is a filler",
        default=False,
        help_text="It can block a blood vessel. No page and no guide suggests it until the clinic's profile says which kind "
        "is used, what is kept ready and whom to call.",
    )
    hold_in_pregnancy = models.CharField(
        max_length=200,
        blank=True,
        help_text="What is in it that is not used in pregnancy, by name, with spaces between: adapalene retinol. The guide "
        "then names these as held.",
    )
    adds_to = models.SlugField(
        max_length=40,
        blank=True,
        help_text="The code of the treatment that this one only adds to. The guide then names it as a line under that "
        "treatment, never by itself.",
    )
    invasiveness = models.PositiveSmallIntegerField(
        choices=Invasiveness.choices,
        default=Invasiveness.SURGERY,
        help_text="How far it goes into the skin. It only decides which of two comes first in the guide that are equal in "
        "everything else.",
    )
    how = models.TextField(help_text="How it works, in one sentence.")
    evidence = models.CharField(max_length=1, choices=Evidence.choices)
    evidence_words = models.CharField(max_length=300, help_text="What the studies are like, in plain words.")
    sessions = models.CharField(max_length=200, blank=True, help_text="How many visits, how far apart.")
    sessions_most = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="The higher end of it as one number, to sort by: 6 for 3 to 6. 0 if no visit is needed. Empty if the "
        "sources give no number; then it is listed last.",
    )
    session_length = models.CharField(max_length=200, blank=True, help_text="How long one visit takes.")
    downtime = models.CharField(
        max_length=300, blank=True, help_text="What shows afterwards, and for how long."
    )
    downtime_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="The longest usual recovery in days, to sort by: 3 for 1 to 3 days, 0 if it is gone within the day. "
        "Empty if the sources give no number; then it is listed last.",
    )
    comfort = models.CharField(max_length=300, blank=True, help_text="What it feels like and what numbs it.")
    main_risk = models.CharField(max_length=300, blank=True)
    pigment_risk = models.CharField(
        max_length=20,
        choices=PigmentRisk.choices,
        blank=True,
        help_text="How likely a lasting change of colour is in brown and black skin.",
    )
    cost_basis = models.CharField(
        max_length=120, blank=True, help_text="What the price is for: per visit, per scar."
    )
    price_from = models.PositiveIntegerField(
        null=True, blank=True, help_text="In minor units: 18000 is £180.00."
    )
    price_to = models.PositiveIntegerField(
        null=True, blank=True, help_text="In minor units. Empty if there is one price."
    )
    price_reviewed_on = models.DateField(
        null=True, blank=True, help_text="When somebody last checked the price."
    )
    recovery = models.JSONField(
        default=list, blank=True, validators=[validate_pairs], help_text="When, and what is usual then."
    )
    sources = models.ManyToManyField(Source, blank=True, related_name="treatments")
    order = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers come first.")
    # Of its medical facts, not of its price: content.publishing.facts says which are which.
    reviewed_by = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="reviewed_treatments",
    )
    reviewed_on = models.DateField(null=True, blank=True, editable=False)

    objects = TreatmentQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price_to__isnull=True)
                | Q(price_from__isnull=False, price_to__gte=F("price_from")),
                name="a_price_range_runs_upwards",
                violation_error_message="The higher price must not be below the lower one.",
            )
        ]

    @property
    def unready(self) -> bool:
        """A filler, while the clinic has not said what it keeps ready. KeyError on a row not from `published`."""
        return bool(vars(self)["waits"])

    def __str__(self) -> str:
        return self.name if self.offered else f"{self.name} (not offered)"

    @property
    def pigment_rank(self) -> int | None:
        """The place of its risk in the scale; None if nobody has rated it."""
        try:
            return self.PigmentRisk(self.pigment_risk).rank()
        except ValueError:
            return None


class SuitabilityQuerySet(models.QuerySet["Suitability"]):
    def published(self) -> SuitabilityQuerySet:
        """What readers may be told: a cell that is live, of a treatment that is. Each with its treatment's `unready`."""
        return self.filter(is_published=True, treatment__is_published=True).annotate(
            waits=ExpressionWrapper(_unready("treatment__"), output_field=models.BooleanField())
        )

    def suggested(self) -> SuitabilityQuerySet:
        """What a page may list as something that may help: offered, scored, and not a specialist's decision only."""
        return (
            self.published()
            .filter(score__gt=0, treatment__offered=True, specialist_only=False)
            .exclude(_unready("treatment__"))
        )


class Suitability(Published):
    """How well one treatment fits one concern: a cell of the matrix."""

    class Score(models.IntegerChoices):
        NOT_SUGGESTED = 0, "Not suggested"
        SOMETIMES_ADDED = 1, "Sometimes added"
        MAY_HELP = 2, "May help"
        OFTEN_DISCUSSED = 3, "Often discussed"

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="suitability")
    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, related_name="suitability")
    score = models.PositiveSmallIntegerField(choices=Score.choices, validators=[MaxValueValidator(3)])
    specialist_only = models.BooleanField(
        default=False, help_text="Only a specialist decides this. No page and no guide suggests it."
    )
    waits_in_pregnancy = models.BooleanField(
        default=False,
        help_text="What is known of it here is known of something that is not used in pregnancy, like a retinoid. The guide "
        "then leaves it out in pregnancy.",
    )
    reason_code = models.CharField(
        max_length=10, blank=True, help_text="Cells with the same reason share a code."
    )
    reason = models.TextField(help_text="Why, in one plain sentence for clients.")
    sources = models.ManyToManyField(Source, blank=True, related_name="suitability")
    reviewed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="reviewed_suitability"
    )
    reviewed_on = models.DateField(null=True, blank=True)

    objects = SuitabilityQuerySet.as_manager()

    class Meta:
        ordering = ["concern__order", "-score", "treatment__order"]
        verbose_name_plural = "suitability matrix"
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "treatment"],
                name="a_treatment_is_scored_once_for_a_concern",
                violation_error_message="This treatment already has a score for this concern.",
            ),
            models.CheckConstraint(condition=Q(score__lte=3), name="a_score_is_between_0_and_3"),
        ]

    @cached_property
    def cited(self) -> tuple[Cited, ...]:
        """The sources as a page prints them, in the order of their codes. None before the row is saved."""
        # Django refuses to look for what an unsaved row is linked to.
        return tuple(source.cited for source in self.sources.all()) if self.pk else ()

    @property
    def unready(self) -> bool:
        """As of its treatment. KeyError on a row not from `published`."""
        return bool(vars(self)["waits"])

    def __str__(self) -> str:
        return f"{self.concern.name}, {self.treatment.name}: {self.get_score_display()}"
