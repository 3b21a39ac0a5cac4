"""What a practitioner's own calendar app shows: their visits, what is held or offered, when they are away."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from bookings import limits
from bookings.models import Appointment, Practitioner, TimeOff


def visits(practitioner: Practitioner, now: datetime) -> QuerySet[Appointment]:
    """Booked, or held by a hold that has not run out, in order; each with its request."""
    first, last = now - limits.times.DIARY_BEFORE, now + limits.times.DIARY_AHEAD
    theirs = Appointment.objects.busy(now).filter(practitioner=practitioner)
    rows = theirs.filter(ends_at__gt=first, starts_at__lt=last).order_by("starts_at", "pk")
    return rows.select_related("request")


def away(practitioner: Practitioner, now: datetime) -> QuerySet[TimeOff]:
    first, last = now - limits.times.DIARY_BEFORE, now + limits.times.DIARY_AHEAD
    rows = TimeOff.objects.filter(practitioner=practitioner, ends_at__gt=first, starts_at__lt=last)
    return rows.order_by("starts_at", "pk")
