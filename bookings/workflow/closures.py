"""Closing single days of the clinic, by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from bookings.models import Closure
from clinic.foundation import locks


@transaction.atomic
def close(days: Iterable[tuple[date, str]]) -> list[Closure]:
    """Close each day under its name, but for those that are closed already. Returns what was made."""
    locks.take_turns("closures")
    made = []
    for day, name in days:
        if not Closure.objects.filter(first_day__lte=day, last_day__gte=day).exists():
            made.append(Closure.objects.create(first_day=day, last_day=day, name=name[:80]))
    return made
