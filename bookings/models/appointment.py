"""The time that a request occupies, as it was agreed."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from bookings.constraints import OCCUPYING, NoOverlap
from bookings.models.fee_text import FeeText
from bookings.models.request import ConsultationRequest
from bookings.models.schedule import ConsultationType, Practitioner, Terms


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def occupying(self) -> AppointmentQuerySet:
        """Held or booked: what takes a practitioner's time."""
        return self.filter(state__in=OCCUPYING)

    def booked(self) -> AppointmentQuerySet:
        return self.filter(state=Appointment.State.BOOKED)

    def held(self) -> AppointmentQuerySet:
        return self.filter(state=Appointment.State.HELD)

    def busy(self, now: datetime) -> AppointmentQuerySet:
        """Booked, or held by a hold that has not run out."""
        return self.filter(
            Q(state=Appointment.State.BOOKED) | Q(state=Appointment.State.HELD, held_until__gt=now)
        )


class Appointment(models.Model):
    """A stretch of a practitioner's time that a request occupies: held until a moment, or booked, else released.

    Its times and terms are what was agreed: they are set when the time is taken, and editing the type, the rules or
    the clinic's currency afterwards does not change them (docs/decisions/agreed.md).
    """

    class State(models.TextChoices):
        HELD = "held", "Held"
        BOOKED = "booked", "Booked"
        RELEASED = "released", "Released"

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="appointments")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="appointments")
    consultation_type = models.ForeignKey(ConsultationType, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    blocks_from = models.DateTimeField(help_text="The start with the buffer before it.")
    blocks_until = models.DateTimeField(help_text="The end with the buffer after it.")
    state = models.CharField(max_length=8, choices=State.choices)
    held_until = models.DateTimeField(null=True, blank=True)
    is_offer = models.BooleanField(default=False, help_text="Proposed by staff, rather than asked for.")
    fee = models.PositiveIntegerField(default=0, help_text="As agreed, in minor units of the currency.")
    currency = models.CharField(max_length=3, default="GBP", help_text="Of the fee, as agreed.")
    mode = models.CharField(
        max_length=12, choices=ConsultationType.Mode.choices, default=ConsultationType.Mode.IN_PERSON
    )
    # Without an index: nobody asks which visits carry a text, except whoever deletes one that nobody can have agreed to.
    fee_text = models.ForeignKey(
        FeeText,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="What the client was told about the fee, as agreed; none where the clinic did not want it in writing.",
    )
    cutoff_hours = models.PositiveSmallIntegerField(
        default=24, help_text="As agreed: how long before the start the client may still move or cancel it."
    )
    agreed_clock = models.CharField(
        max_length=32,
        blank=True,
        default="",
        help_text="What the clinic's clock shows at the start, as agreed, with its offset then: 2026-12-03T10:00:00+00:00.",
    )
    agreed_zone = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="The clinic's time zone when that was agreed: Europe/London.",
    )
    zone_changed_at = models.DateTimeField(
        null=True, blank=True, help_text="When new zone data was found to move the agreed time."
    )
    stands_although = models.CharField(
        max_length=160,
        blank=True,
        default="",
        help_text="What stood in its way when somebody decided on it: codes of bookings/queries/off.py, with spaces.",
    )
    arrived_at = models.DateTimeField(
        null=True, blank=True, help_text="When the desk saw that the client is here."
    )
    late_at = models.DateTimeField(
        null=True, blank=True, help_text="When the desk heard that the client will be late."
    )
    late_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="By how many minutes, if the client said so."
    )
    created_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            NoOverlap(name="appointments_do_not_overlap"),
            models.CheckConstraint(
                condition=Q(blocks_from__lte=F("starts_at"))
                & Q(starts_at__lt=F("ends_at"))
                & Q(ends_at__lte=F("blocks_until")),
                name="an_appointment_blocks_at_least_its_own_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="a_hold_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(late_minutes__isnull=True) | Q(late_at__isnull=False),
                name="minutes_are_of_somebody_who_is_late",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(state="booked"), name="a_request_books_one_appointment"
            ),
        ]
        indexes = [
            # Today's visits and those to come, counted on every page of the desk.
            models.Index(fields=["starts_at"], condition=Q(state="booked"), name="booked_visits_by_start"),
            # Holds and offers that end soon, among all that there ever were.
            models.Index(fields=["held_until"], condition=Q(state="held"), name="held_times_by_end"),
            models.Index(
                fields=["practitioner", "blocks_from"],
                condition=Q(state__in=OCCUPYING),
                name="occupied_time_by_practitioner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def terms(self) -> Terms:
        """What was agreed about it, besides its times."""
        return Terms(self.fee, self.currency, self.mode, self.cutoff_hours, self.fee_text_id)

    @property
    def cutoff(self) -> datetime:
        """The last moment at which the client may still move or cancel it; afterwards they call."""
        return self.terms.cutoff(self.starts_at)

    def can_be_changed_by_client(self, now: datetime) -> bool:
        return now <= self.cutoff

    @property
    def minutes(self) -> int:
        """How long the visit lasts."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)
