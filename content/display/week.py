"""The opening hours: a whole week day by day, with the closed days that readers look for, and what is true now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from clinic.foundation import when
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


def now_words(clinic: ClinicProfile, now: datetime, is_closed_on: Callable[[date], bool]) -> str:
    """'Open now, until 5pm.' or 'Closed now. We open at 9am on Tuesday.'; empty without hours.

    Of a clinic that opens on none of the next seven days only 'Closed now.'.
    """
    zone = clinic.zone
    today = when.local_day(now, zone)
    for ahead in range(8):
        day = today + timedelta(days=ahead)
        for opens, closes in () if is_closed_on(day) else _open(clinic, day):
            if opens <= now < closes:
                return f"Open now, until {when.clock(closes, zone)}."
            if now < opens:
                of_day = f" on {when.WEEKDAYS[day.weekday()]}" if ahead else " today"
                return f"Closed now. We open at {when.clock(opens, zone)}{of_day}."
    return "Closed now." if any(_open(clinic, today + timedelta(days=ahead)) for ahead in range(7)) else ""


def unchanged(clinic: ClinicProfile, now: datetime) -> tuple[datetime, datetime]:
    """The stretch around `now` (UTC, end excluded) in which a page says the same of the day and of the hours: it begins and
    ends with a midnight of the clinic's, an opening or a closing.
    """
    today = when.local_day(now, clinic.zone)
    turns = [*when.day_bounds(today, clinic.zone), *(turn for pair in _open(clinic, today) for turn in pair)]
    return max(turn for turn in turns if turn <= now), min(turn for turn in turns if turn > now)


def _open(clinic: ClinicProfile, day: date) -> list[tuple[datetime, datetime]]:
    """The stretches (UTC) in which somebody is there on this day of any week, in order."""
    rows = () if clinic._state.adding else clinic.opening_hours.all()
    pairs = []
    for row in rows:
        if row.weekday == day.weekday():
            until = day if row.closes != time.min else day + timedelta(days=1)
            pairs.append(
                (
                    when.instant(datetime.combine(day, row.opens), clinic.zone),
                    when.instant(datetime.combine(until, row.closes), clinic.zone),
                )
            )
    return sorted(pairs)
