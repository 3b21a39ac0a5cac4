"""The same answers by the slowest honest way: walk every minute of real time and look at the wall clock.

Nothing here uses the code under test, or any arithmetic on wall-clock times beyond "what does the clock say
now". Everything must lie on whole minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import settings

from bookings.availability import Interval, Rules, WeeklyHours

MINUTE = timedelta(minutes=1)

ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "America/Santiago",  # changes at midnight, southern summer
    "Africa/Cairo",  # changes at midnight: a day without 00:00, a day with 23:00 twice
    "Pacific/Auckland",
)

PROPERTY = settings(max_examples=200, deadline=None, derandomize=True, database=None)
"""The same examples on every run: a red build must mean a change in the code."""


@lru_cache
def clock_changes(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[datetime, ...]:
    """Every moment (UTC) at which the offset of `zone` changes: look at each day, then at its hours, then at the minutes.

    No zone changes twice within 24 hours. Tests are named after these moments, so every process that collects them asks.
    """
    changes = []
    at = datetime(first_year, 1, 1, tzinfo=UTC)
    while at.year <= last_year:
        before, following = at.astimezone(zone).utcoffset(), at + timedelta(days=1)
        if following.astimezone(zone).utcoffset() != before:
            for step in (timedelta(hours=1), MINUTE):
                while (at + step).astimezone(zone).utcoffset() == before:
                    at += step
            changes.append(at + MINUTE)
        at = following
    return tuple(changes)


@lru_cache(maxsize=64)
def minutes_of(day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Each real minute of a local day, with what the wall clock shows (aware, with its fold)."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    shown = ((moment, moment.astimezone(zone)) for moment in (at + MINUTE * n for n in range(56 * 60)))
    return tuple((moment, wall) for moment, wall in shown if wall.date() == day)


def stretches(
    day: date, rows: Sequence[tuple[int, int]], zone: ZoneInfo
) -> Iterator[tuple[int, list[Interval]]]:
    """Work on one day, from rows of (first, last + 1) minute: its first wall minute, and its real minutes.

    Work begins when the clock first shows or passes its start, and is over when it first shows or passes its
    end.
    """
    if not rows:
        return
    worked = {minute for first, end in rows for minute in range(first, end)}
    clock = minutes_of(day, zone)
    for first in sorted(minute for minute in worked if minute - 1 not in worked):
        end = next(minute for minute in range(first, 24 * 60 + 1) if minute not in worked)
        begun, over, inside = False, False, []
        for moment, wall in clock:
            shown = wall.hour * 60 + wall.minute
            begun = begun or shown >= first
            over = over or shown >= end
            if begun and not over:
                inside.append((moment, wall))
        yield first, inside


def minute_rows(day: date, hours: Sequence[WeeklyHours]) -> list[tuple[int, int]]:
    return [
        (row.starts.hour * 60 + row.starts.minute, (row.ends.hour * 60 + row.ends.minute) or 24 * 60)
        for row in hours
        if row.weekday == day.weekday()
        and row.valid_from <= day
        and (row.valid_until is None or day <= row.valid_until)
    ]


def free_starts(
    *,
    hours: Sequence[WeeklyHours],
    busy: Sequence[Interval],
    rules: Rules,
    zone: ZoneInfo,
    now: datetime,
    first_day: date,
    days: int,
) -> list[datetime]:
    """What `free_slots` must offer."""
    today = now.astimezone(zone).date()
    found = []
    for day in (first_day + timedelta(days=n) for n in range(days)):
        if not today <= day <= today + timedelta(days=rules.horizon_days):
            continue
        for first, inside in stretches(day, minute_rows(day, hours), zone):
            real = {moment for moment, _ in inside}
            previous = None
            for moment, wall in inside:
                if (wall.hour * 60 + wall.minute - first) % rules.step or wall.fold:
                    continue
                fits = all(moment + MINUTE * n in real for n in range(rules.minutes))
                apart = previous is None or moment - previous >= MINUTE * rules.step
                if not (fits and apart):
                    continue
                previous = moment
                blocked = range(-rules.buffer_before, rules.minutes + rules.buffer_after)
                clear = not any(
                    start <= moment + MINUTE * n < end for n in blocked for start, end in busy if start < end
                )
                if clear and moment >= now + rules.minimum_notice:
                    found.append(moment)
    return found


def open_minutes(
    day: date, hours: Sequence[WeeklyHours], closed: Collection[date], zone: ZoneInfo
) -> list[datetime]:
    """Every real minute of one day in which the clinic is open."""
    if day in closed:
        return []
    rows = [
        (row.starts.hour * 60 + row.starts.minute, (row.ends.hour * 60 + row.ends.minute) or 24 * 60)
        for row in hours
        if row.weekday == day.weekday()
    ]
    return sorted({moment for _, inside in stretches(day, rows, zone) for moment, _ in inside})
