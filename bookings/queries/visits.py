"""Booked visits: which are still to come."""

from __future__ import annotations

from django.utils import timezone

from bookings.models import Appointment


def count_upcoming() -> int:
    """How many booked visits are still to come. The clinic's time zone is not changed silently while there are any."""
    return Appointment.objects.booked().filter(starts_at__gt=timezone.now()).count()
