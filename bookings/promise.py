"""The reply promise: the moment by which staff must answer, counted in the clinic's open time.

One rule: the promise runs while the clinic is open and pauses while it is closed. A working day is
eight open hours. So with 9am to 5pm, Monday to Friday, and a promise of one working day
- a request made on Sunday at 4:12pm is due on Monday at 5pm,
- a request made on Monday at 10:20am is due on Tuesday at 10:20am,
- one that runs into a long Thursday evening is due sooner, one that runs into a closure later.
While a client is asked something, staff keep `open_minutes_between(now, due)`, and the answer starts
`due_at(now, those minutes)`.

Pure: no database, no clock. Opening hours are wall-clock times in the clinic's zone; moments go in aware
and come out in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings import limits
from bookings.availability import Interval, WeeklyHours, merge, stretches
from clinic.foundation import when

WORKING_DAY = 480
"""Open minutes in a working day."""


def due_at(
    start: datetime,
    open_minutes: int,
    *,
    hours: Sequence[WeeklyHours],
    closed: Collection[date],
    zone: ZoneInfo,
) -> datetime:
    """The first moment (UTC) at which `open_minutes` of open time have passed since `start`.

    `closed` holds the local days on which the clinic stays shut. Zero minutes counted from outside opening hours
    are due at the next opening. Raises ValueError for negative minutes, for no opening hours at all, and
    when 366 days in a row have none.
    """
    if open_minutes < 0:
        raise ValueError("a promise cannot be negative")
    start = when.utc(start)
    left = timedelta(minutes=open_minutes)
    day = last_open = when.local_day(start, zone)
    while (day - last_open).days <= limits.deadlines.LONGEST_CLOSURE_DAYS:
        for opens, closes in _open_on(day, hours, closed, zone):
            last_open = day
            begins = max(opens, start)
            if left <= closes - begins:
                return begins + left
            left -= max(closes - begins, timedelta(0))
        day += timedelta(days=1)
    raise ValueError("the clinic has no opening hours from which a reply promise could be counted")


def open_minutes_between(
    start: datetime, end: datetime, *, hours: Sequence[WeeklyHours], closed: Collection[date], zone: ZoneInfo
) -> int:
    """Whole open minutes from `start` to `end`, rounded down; 0 if `end` is not later, so an overdue
    promise has none left."""
    start, end = when.utc(start), when.utc(end)
    total = timedelta(0)
    day, last = when.local_day(start, zone), when.local_day(end, zone)
    while day <= last:
        for opens, closes in _open_on(day, hours, closed, zone):
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)


def in_words(due: datetime, now: datetime, *, zone: ZoneInfo) -> str:
    """'by 5pm on Monday 23 November', with the year when it is not this one.

    Always the date, never 'today' or 'tomorrow': mails are read later than they are written.
    """
    return f"by {when.clock(due, zone)} on {when.day_from(due, now, zone)}"


def _open_on(
    day: date, hours: Sequence[WeeklyHours], closed: Collection[date], zone: ZoneInfo
) -> Iterator[Interval]:
    """The open stretches of one local day in UTC, in order."""
    if day in closed:
        return
    pairs = stretches(day, hours)
    yield from merge((when.instant(opens, zone), when.instant(closes, zone)) for opens, closes in pairs)
