"""Booked visits: which are still to come, and to whom they may move."""

from __future__ import annotations

from django.utils import timezone

from bookings.models import Appointment
from bookings.queries import slots


def count_upcoming() -> int:
    """How many booked visits are still to come. The clinic's time zone is not changed silently while there are any."""
    return Appointment.objects.booked().filter(starts_at__gt=timezone.now()).count()


def concerns_that_bind(visit: Appointment) -> list[str]:
    """The concerns (codes) that a client's new time must fit.

    None once staff have booked somebody who does not see all of them: then the client may stay with that person.
    """
    codes = list(visit.request.concerns.values_list("code", flat=True))
    fit = slots.practitioners(visit.consultation_type, codes)
    return codes if any(person.pk == visit.practitioner_id for person in fit) else []
