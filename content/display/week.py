"""The opening hours of a whole week, day by day: also the days that are closed, which readers look for."""

from __future__ import annotations

from typing import NamedTuple

from content.models import ClinicProfile
from content.models.clinic import Weekday


class Day(NamedTuple):
    """A day of the week; `words` are its hours, empty when nobody is there."""

    name: str
    words: str
    is_today: bool


def week(clinic: ClinicProfile, today: int) -> list[Day]:
    """Monday to Sunday, with the `today` (0 is Monday) marked; nothing while no hours are given."""
    hours: dict[int, list[str]] = {}
    if not clinic._state.adding:
        for row in sorted(clinic.opening_hours.all(), key=lambda row: (row.weekday, row.opens)):
            hours.setdefault(row.weekday, []).append(row.in_words())
    if not hours:
        return []
    return [
        Day(str(day.label), " and ".join(hours.get(day.value, ())), day.value == today) for day in Weekday
    ]
