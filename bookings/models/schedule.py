"""When consultations can happen: practitioners, kinds of consultation, hours, time off, closures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from content.models import Weekday


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed about a visit besides its times. `fee` in minor units of `currency`; from `cutoff_hours` before the
    start the client may no longer move or cancel it online. `fee_text_id` is the key of what they were told about the fee in
    writing; it is no part of what a kind of visit costs, so terms that differ in nothing else are the same."""

    fee: int
    currency: str
    mode: str
    cutoff_hours: int
    fee_text_id: int | None = field(default=None, compare=False)

    @property
    def is_in_person(self) -> bool:
        return self.mode == ConsultationType.Mode.IN_PERSON

    @property
    def mode_words(self) -> str:
        """'In person'."""
        return str(ConsultationType.Mode(self.mode).label)

    def cutoff(self, start: datetime) -> datetime:
        """Until when (UTC, inclusive) the client may move or cancel a visit that begins at `start` online."""
        return start - timedelta(hours=self.cutoff_hours)


class ConsultationType(models.Model):
    """What a client can ask for: how long, how, and what it costs.

    Editing it changes what can be asked for from now on. What is held, offered or booked keeps its own terms.
    """

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        VIDEO = "video", "By video"
        PHONE = "phone", "By phone"

    class Purpose(models.TextChoices):
        CONSULTATION = "consultation", "Consultation"
        SESSION = "session", "Treatment session"

    name = models.CharField(
        max_length=80,
        unique=True,
        help_text="As clients see it, for example: First consultation. Mails name it: choose words that tell nothing about "
        "health.",
    )
    purpose = models.CharField(
        max_length=12,
        choices=Purpose.choices,
        default=Purpose.CONSULTATION,
        help_text="A treatment session is booked by the desk alone. No public page offers it.",
    )
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.IN_PERSON)
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text="Length of the visit, in minutes.",
    )
    buffer_before = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(240)], help_text="Minutes kept free before the visit."
    )
    buffer_after = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(240)], help_text="Minutes kept free after the visit."
    )
    fee = models.PositiveIntegerField(
        default=0, help_text="In minor units (pence): 4000 is £40.00. 0 is free."
    )
    how_paid = models.CharField(
        "how it is paid",
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text="One sentence, for example: You pay at the clinic after your visit, by card or cash. It stands "
        "beside the fee on the form, in mails, on the client\u2019s page and on the page of costs: nothing about "
        "health. Empty: nothing is said.",
    )
    cutoff_hours = models.PositiveSmallIntegerField(
        default=24,
        help_text="Until this many hours before the visit the client may move or cancel it online.",
    )
    consultation_within_days = models.PositiveSmallIntegerField(
        "consultation first, valid for",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="Days. A consultation took place at most so long before the session. Empty: none is needed.",
    )
    cooling_off_days = models.PositiveSmallIntegerField(
        "time to think",
        default=0,
        validators=[MaxValueValidator(365)],
        help_text="Days from the consultation to the session at least.",
    )
    interval_days = models.PositiveSmallIntegerField(
        "between two sessions",
        default=0,
        validators=[MaxValueValidator(365)],
        help_text="Days between two sessions of this kind at least.",
    )
    treatments = models.ManyToManyField(
        "content.Treatment",
        blank=True,
        related_name="session_kinds",
        help_text="Of a treatment session: what is done in it. A plan books its sessions as this kind.",
    )
    is_active = models.BooleanField(
        default=True, help_text="Clients can ask for it; of a treatment session, the desk can book it."
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5), name="a_consultation_lasts_five_minutes_or_more"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_session(self) -> bool:
        """Booked by the desk alone, and on no public page."""
        return self.purpose == self.Purpose.SESSION

    @property
    def paid(self) -> str:
        """How and when the fee is paid, as a sentence; empty if there is none, or nobody has said so."""
        words = self.how_paid.strip() if self.fee else ""
        return words if not words or words.endswith((".", "!", "?")) else f"{words}."

    def terms(self, currency: str) -> Terms:
        """What somebody who takes a time of this kind now agrees to; `currency` is the clinic's."""
        return Terms(self.fee, currency, self.mode, self.cutoff_hours)


class PractitionerQuerySet(models.QuerySet["Practitioner"]):
    def bookable(self) -> PractitionerQuerySet:
        """Those clients can ask for online."""
        return self.filter(is_active=True)


class Practitioner(models.Model):
    """A person who gives consultations."""

    name = models.CharField(max_length=120, help_text="As clients see it, for example: Dr Ana Lind.")
    person = models.ForeignKey(
        "content.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="practitioners",
        help_text="Their entry on the public pages, if there is one.",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="practitioner",
        help_text="Their own sign-in to the desk, if they have one.",
    )
    concerns = models.ManyToManyField(
        "content.Concern",
        blank=True,
        related_name="practitioners",
        help_text="What they see. Leave empty if they see everything.",
    )
    consultation_types = models.ManyToManyField(ConsultationType, related_name="practitioners")
    is_active = models.BooleanField(default=True, help_text="Clients can ask for a time with them.")

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class WorkingHours(models.Model):
    """One weekly stretch of wall-clock time in the clinic's zone."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField(help_text="For example 09:00.")
    ends = models.TimeField(
        help_text="For example 17:00, or 00:00 for midnight. The last visit ends by then."
    )
    valid_from = models.DateField(help_text="The first day these hours apply.")
    valid_until = models.DateField(null=True, blank=True, help_text="The last day, or empty for no end.")

    class Meta:
        ordering = ["practitioner", "weekday", "starts"]
        verbose_name_plural = "working hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")) | Q(ends=time.min),
                name="working_hours_end_after_they_start",
                violation_error_message="The hours must end after they start.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="working_hours_are_valid_for_a_day_or_more",
                violation_error_message="The last day must not be before the first.",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_hours_fall_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M} to {self.ends:%H:%M}"


class TimeOff(models.Model):
    """A stretch in which one practitioner gives no consultations."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="time_off")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    label = models.CharField(max_length=80, blank=True, help_text="For staff only, for example: course.")

    class Meta:
        ordering = ["starts_at"]
        verbose_name_plural = "time off"
        permissions = [("block_own_time", "Can block their own time, and free it again")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="time_off_ends_after_it_starts",
                violation_error_message="The time off must end after it starts.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.label or 'time off'}"


class Closure(models.Model):
    """Whole days on which the clinic is closed, in the clinic's zone."""

    first_day = models.DateField()
    last_day = models.DateField()
    name = models.CharField(max_length=80, help_text="For example: Christmas.")

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="a_closure_ends_on_or_after_its_first_day",
                violation_error_message="The last day must not be before the first.",
            )
        ]

    def __str__(self) -> str:
        return self.name
