"""The booking rules: the limits that a clinic may want to change, in the admin. All others are in bookings/limits/."""

from __future__ import annotations

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


class BookingRules(models.Model):
    """The clinic's rules: one row. docs/operations.md lists what they are before anybody changes them."""

    minimum_notice_hours = models.PositiveSmallIntegerField(
        default=24, help_text="The soonest time offered is this many hours ahead."
    )
    horizon_days = models.PositiveSmallIntegerField(
        default=56,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text="The furthest, in days.",
    )
    slot_step_minutes = models.PositiveSmallIntegerField(
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
        help_text="Times start every so many minutes.",
    )
    promise_minutes = models.PositiveSmallIntegerField(
        default=480,
        validators=[MinValueValidator(30)],
        help_text="The reply promise, in minutes of opening hours: 480 is one working day of eight hours.",
    )
    unproved_hold_minutes = models.PositiveSmallIntegerField(
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
        help_text="How long a chosen time is held until the client opens the link in the mail.",
    )
    offer_minutes = models.PositiveSmallIntegerField(
        default=960,
        validators=[MinValueValidator(60)],
        help_text="How long offered times are held, in minutes of opening hours: 960 is two working days.",
    )
    answer_days = models.PositiveSmallIntegerField(
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Days a client has to answer a question.",
    )
    holds_per_address = models.PositiveSmallIntegerField(
        default=2, help_text="Open requests of one e-mail address that may hold a time."
    )
    requests_per_network_hour = models.PositiveSmallIntegerField(
        default=40, help_text="Past this many an hour from one network the client is asked to phone."
    )
    requests_per_address_day = models.PositiveSmallIntegerField(
        default=5, help_text="Requests a day from one e-mail address."
    )
    think_days = models.PositiveSmallIntegerField(
        "days to think",
        default=7,
        db_default=7,
        validators=[MaxValueValidator(90)],
        help_text="Days between the visit and the first session of a plan, at least.",
    )
    plan_days = models.PositiveSmallIntegerField(
        "plans are valid for",
        default=90,
        db_default=90,
        validators=[MinValueValidator(7), MaxValueValidator(366)],
        help_text="Days from the day on which a plan is sent.",
    )
    fee_in_writing = models.BooleanField(
        "the fee in writing",
        default=False,
        db_default=False,
        help_text="Each offer and each booking carries the fee text of its day. While there is none, nobody at the desk can "
        "offer, confirm or book.",
    )
    alert_email = models.EmailField(blank=True, help_text="Who is told of a new request. Empty: nobody.")

    class Meta:
        verbose_name = verbose_name_plural = "booking rules"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_set_of_booking_rules")]

    def __str__(self) -> str:
        return "Booking rules"

    @classmethod
    def current(cls) -> BookingRules:
        """The clinic's rules, or the defaults while none are stored."""
        return cls.objects.first() or cls(pk=1)

    @property
    def notice(self) -> timedelta:
        """How long before its start a time is last offered to clients."""
        return timedelta(hours=self.minimum_notice_hours)
