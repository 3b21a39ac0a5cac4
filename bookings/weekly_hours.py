"""A week of working hours as staff type it, and what becomes of the hours when it changes from a day on. Pure.

Hours are rows with a first and a last day (`WeeklyHours`). A change never touches days before its first: rows that reach
over it are cut there, so that what held in the past can still be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from bookings.availability import WeeklyHours, stretches
from clinic.foundation import when

# A stretch of one day on the clinic's clocks. An end of 00:00 is the midnight that ends the day.
Span: TypeAlias = tuple[time, time]
# The stretches of each day, Monday first.
Week: TypeAlias = tuple[tuple[Span, ...], ...]

NONE: Week = ((),) * 7


@dataclass(frozen=True, slots=True)
class Period:
    """One week that holds from `first` until `last`, both included; None is open."""

    first: date
    last: date | None
    week: Week


def week_on(rows: Iterable[WeeklyHours], day: date) -> Week:
    """The week that the hours which hold on `day` make. Stretches that touch are one."""
    valid = [row for row in rows if row.valid_from <= day <= (row.valid_until or date.max)]
    monday = date(2024, 1, 1)  # of any week: only which weekday it is counts
    plain = [replace(row, valid_from=date.min, valid_until=None) for row in valid]
    days = (stretches(monday + timedelta(days=number), plain) for number in range(7))
    return tuple(tuple(map(_span, pairs)) for pairs in days)


def _span(pair: tuple[datetime, datetime]) -> Span:
    return pair[0].time(), pair[1].time()


def periods(rows: Sequence[WeeklyHours], today: date) -> list[Period]:
    """The weeks that hold from `today` on, one after the other; the last one is open."""
    begins = {today, *(row.valid_from for row in rows), *(_after(row.valid_until) for row in rows)}
    firsts = sorted(day for day in begins if day is not None and day >= today)
    found: list[Period] = []
    for first in firsts:
        week = week_on(rows, first)
        if found and found[-1].week == week:
            continue
        if found:
            found[-1] = replace(found[-1], last=first - when.DAY)
        found.append(Period(first, None, week))
    return found


def changed(rows: Iterable[WeeklyHours], week: Week, first: date, last: date | None) -> list[WeeklyHours]:
    """The same hours, with `week` in place of whatever held from `first` until `last` (None: open)."""
    kept = []
    for row in rows:
        until = row.valid_until or date.max
        if row.valid_from < first:
            kept.append(replace(row, valid_until=first - when.DAY if until >= first else row.valid_until))
        if last is not None and until > last:
            kept.append(replace(row, valid_from=max(row.valid_from, last + when.DAY)))
    new = [
        WeeklyHours(day, starts, ends, first, last)
        for day, spans in enumerate(week)
        for starts, ends in spans
    ]
    return _joined([*kept, *new])


def _joined(rows: Iterable[WeeklyHours]) -> list[WeeklyHours]:
    """Rows of the same weekday and times that follow each other without a day between are one."""
    joined: list[WeeklyHours] = []
    for row in sorted(rows, key=lambda row: (row.weekday, row.starts, row.ends, row.valid_from)):
        before = joined[-1] if joined else None
        if (
            before
            and _times(before) == _times(row)
            and (_after(before.valid_until) or date.max) >= row.valid_from
        ):
            joined[-1] = replace(before, valid_until=row.valid_until)
        else:
            joined.append(row)
    return joined


def _times(row: WeeklyHours) -> tuple[int, time, time]:
    return row.weekday, row.starts, row.ends


def _after(day: date | None) -> date | None:
    return day + when.DAY if day is not None and day < date.max else None


def lines(week: Week) -> list[str]:
    """'Monday to Wednesday 09:00 to 17:00', 'Thursday 11:00 to 13:00 and 14:00 to 20:00': days off are not named."""
    found = []
    first = 0
    for day in range(1, 8):
        if day < 7 and week[day] == week[first]:
            continue
        if week[first]:
            name = when.WEEKDAYS[first]
            named = (
                name
                if day - first == 1
                else f"{name} {'and' if day - first == 2 else 'to'} {when.WEEKDAYS[day - 1]}"
            )
            found.append(f"{named} {spans_words(week[first])}")
        first = day
    return found


def spans_words(spans: Sequence[Span]) -> str:
    """'11:00 to 13:00 and 14:00 to 20:00'; empty for none."""
    return " and ".join(f"{starts:%H:%M} to {ends:%H:%M}" for starts, ends in spans)
