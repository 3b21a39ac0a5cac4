"""The opening hours of a whole week, day by day: also the days that are closed, which readers look for."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from content.models import ClinicProfile
from content.models.clinic import Weekday


class Day(NamedTuple):
    """A day of the week; `words` are its usual hours, empty when nobody is there. `is_closed`: it is today, and nobody is
    there.
    """

    name: str
    words: str
    is_today: bool
    is_closed: bool


def week(clinic: ClinicProfile, today: date, *, is_closed: bool) -> list[Day]:
    """Monday to Sunday, with `today` marked, on which a closure may hold; nothing while no hours are given."""
    hours: dict[int, list[str]] = {}
    if not clinic._state.adding:
        for row in sorted(clinic.opening_hours.all(), key=lambda row: (row.weekday, row.opens)):
            hours.setdefault(row.weekday, []).append(row.in_words())
    if not hours:
        return []
    found = []
    for day in Weekday:
        words, is_today = " and ".join(hours.get(day.value, ())), day.value == today.weekday()
        found.append(Day(str(day.label), words, is_today, is_today and (is_closed or not words)))
    return found
