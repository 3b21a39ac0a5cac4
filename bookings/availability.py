"""Free times, computed: working hours, what is taken, the rules and the current time go in; slots come out.

Pure: no database, no clock. Working hours are wall-clock times in the clinic's zone and become UTC here, once
per day; everything else is UTC already. An `Interval` is a plain pair of aware UTC moments, end excluded.

What happens when the clocks change:
- forward: a time that does not exist is never offered;
- back: a time that occurs twice is offered once, at its first occurrence. A client who reads "1:30am" must never
  have to ask which one; the clinic gives up one hour a year at night;
- starts that would come less than one step of real time after the previous start are dropped, so slots
  that do not overlap on an ordinary day do not overlap on this day either.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from itertools import repeat
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from clinic.foundation import when

Interval: TypeAlias = tuple[datetime, datetime]

# The hours of the clinic's clock at which an afternoon and an evening begin.
AFTERNOON, EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One weekly stretch of wall-clock time in which somebody works, or the clinic is open.

    `weekday` is 0 for Monday. `ends` at 00:00 means the midnight that ends the day. It holds from `valid_from` to
    `valid_until`, both included. Raises ValueError when the stretch is empty or runs backwards.
    """

    weekday: int
    starts: time
    ends: time
    valid_from: date = date.min
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("weekday runs from 0 (Monday) to 6 (Sunday)")
        if self.starts.tzinfo is not None or self.ends.tzinfo is not None:
            raise ValueError("weekly hours are wall-clock times, without a zone")
        if self.ends != time.min and self.ends <= self.starts:
            raise ValueError("weekly hours must end after they start")

    def cover(self, day: date) -> bool:
        """True if these hours hold on `day`."""
        return day.weekday() == self.weekday and self.valid_from <= day <= (self.valid_until or date.max)

    def meet(self, other: WeeklyHours) -> bool:
        """Whether there is a day and time at which both hold."""
        return (
            self.weekday == other.weekday
            and (other.ends == time.min or self.starts < other.ends)
            and (self.ends == time.min or other.starts < self.ends)
            and self.valid_from <= (other.valid_until or date.max)
            and other.valid_from <= (self.valid_until or date.max)
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What a consultation type asks for.

    `minutes`, `buffer_before`, `buffer_after` and `step` are minutes; `horizon_days` counts from today in the
    clinic's zone, so 0 means today only. Raises ValueError for a length or step below one, or a negative
    rest.
    """

    minutes: int
    buffer_before: int
    buffer_after: int
    minimum_notice: timedelta
    horizon_days: int
    step: int

    def __post_init__(self) -> None:
        if self.minutes < 1 or self.step < 1:
            raise ValueError("a visit and a step last at least one minute")
        if min(self.buffer_before, self.buffer_after, self.horizon_days) < 0:
            raise ValueError("buffers and the horizon cannot be negative")
        if self.minimum_notice < timedelta(0):
            raise ValueError("notice cannot be negative")


class Slot(NamedTuple):
    """A free time: the visit itself, in UTC, without its buffers. Sorts by start, then practitioner.

    A tuple, because one search makes thousands.
    """

    start: datetime
    practitioner_id: int
    end: datetime


def free_slots(
    *,
    practitioner_id: int,
    hours: Sequence[WeeklyHours],
    busy: Iterable[Interval],
    rules: Rules,
    zone: ZoneInfo,
    now: datetime,
    first_day: date,
    days: int,
) -> list[Slot]:
    """The free times of one practitioner on `days` local days from `first_day`, in order.

    `busy` is everything taken, in any order, overlapping or not: time off, closures, and appointments with
    their own buffers. A start is offered if
    - it lies on the grid: `step` minutes of wall clock, counted from the start of each stretch of work
      (rows that touch or overlap on one day are one stretch; a visit never runs over midnight);
    - the visit fits into the stretch in real time (its buffers may reach outside);
    - the visit with its buffers overlaps nothing busy;
    - it starts at `now` + notice or later, on a local day up to today + horizon (other days cost no work).

    `now` is aware. Raises ValueError for naive moments and for intervals that run backwards.
    """
    asked = _days(first_day, days, when.local_day(now, zone), rules.horizon_days)
    possible = _possible(tuple(hours), asked, rules, zone)
    soonest = bisect_left(possible.starts, when.utc(now) + rules.minimum_notice)
    starts: list[datetime] = []
    ends: list[datetime] = []
    for first, end in _gaps(possible, soonest, _taken(busy)):
        starts += possible.starts[first:end]
        ends += possible.ends[first:end]
    as_slots = partial(tuple.__new__, Slot)  # as Slot._make does, without a step in Python for each
    return list(map(as_slots, zip(starts, repeat(practitioner_id), ends)))


class _Possible(NamedTuple):
    """Possible visits of one length, in order: when each starts and ends, and what it blocks with its buffers."""

    starts: Sequence[datetime]
    ends: Sequence[datetime]
    block_from: Sequence[datetime]
    block_until: Sequence[datetime]


def _gaps(
    possible: _Possible, place: int, taken: tuple[Sequence[datetime], Sequence[datetime]]
) -> Iterator[tuple[int, int]]:
    """Which of the `possible` visits from `place` on meet nothing taken, as pairs of places, the second excluded.

    It goes from gap to gap, so a full day costs no more than an empty one.
    """
    _, _, block_from, block_until = possible
    taken_from, taken_until = taken
    ahead = 0  # the first of what is taken that is not over before the visit at `place`: visits only go up
    number = len(block_from)
    while place < number:
        ahead = bisect_right(taken_until, block_from[place], ahead)
        end = bisect_right(block_until, taken_from[ahead], place)
        if end > place:
            yield place, end
        place = bisect_left(block_from, taken_until[ahead], end)


def _taken(busy: Iterable[Interval]) -> tuple[list[datetime], list[datetime]]:
    """When each stretch that is taken begins and ends, in order, those that overlap or touch as one; the last lies behind
    all that anybody asks for.

    Raises ValueError for a naive moment or an interval that ends before it starts.
    """
    begins: list[datetime] = []
    ends: list[datetime] = []
    until = _FIRST
    try:
        for start, end in sorted(busy):
            if start < end:
                if start > until or not ends:
                    begins.append(start)
                    ends.append(end)
                    until = end
                elif end > until:
                    ends[-1] = until = end
            elif end < start:
                raise ValueError(f"an interval ends before it starts: {start} to {end}")
    except TypeError as compared:  # with one that has a zone
        raise ValueError("something that is taken has no time zone") from compared
    return [*begins, _LAST], [*ends, _LAST]


def _in_order(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted. Raises ValueError for a naive moment or an interval that ends before it starts."""
    pairs = list(intervals)
    for start, end in pairs:
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError(f"{start!r} or {end!r} has no time zone")
        if end < start:
            raise ValueError(f"an interval ends before it starts: {start} to {end}")
    return sorted(pairs)


# Nobody asks for times before or behind these.
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def is_inside(start: datetime, end: datetime, hours: Sequence[WeeklyHours], zone: ZoneInfo) -> bool:
    """Whether the whole visit lies in one stretch of the hours of its day. Stretches that touch count as one."""
    return any(
        when.instant(wall_from, zone) <= start and end <= when.instant(wall_until, zone)
        for wall_from, wall_until in stretches(when.local_day(start, zone), hours)
    )


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as sorted UTC stretches that neither overlap nor touch. Empty ones vanish.

    Raises ValueError for a naive moment or an interval that ends before it starts.
    """
    return _joined((when.utc(start), when.utc(end)) for start, end in _in_order(intervals))


def _joined(pairs: Iterable[Interval]) -> list[Interval]:
    """Sorted pairs of one kind (all UTC or all wall clock), with those that overlap or touch made one."""
    joined: list[Interval] = []
    for start, end in pairs:
        if start == end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=64)  # the same for all colleagues
def _days(first: date, count: int, today: date, horizon: int) -> tuple[date, ...]:
    """The asked days that lie between today and the horizon. Any date is safe to ask for, even date.max."""
    last = today + timedelta(days=horizon)
    if count < 1:
        return ()
    until = min(last, first + timedelta(days=min(count - 1, (last - first).days)))
    begin = max(first, today)
    return tuple(begin + timedelta(days=n) for n in range((until - begin).days + 1))


def stretches(day: date, hours: Sequence[WeeklyHours]) -> list[Interval]:
    """The stretches of one day that these hours cover, in order, as naive wall-clock pairs."""
    pairs = []
    for row in hours:
        if row.cover(day):
            ends = datetime.combine(day, row.ends)
            if row.ends == time.min:
                ends += timedelta(days=1)
            pairs.append((datetime.combine(day, row.starts), ends))
    return _joined(sorted(pairs)) if len(pairs) > 1 else pairs


def grid(wall_from: datetime, wall_until: datetime, rules: Rules, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every UTC start in one stretch of work at which a visit still fits, busy or not, in order."""
    return _grid(wall_from, wall_until, rules.step, rules.minutes, zone)


# Colleagues work the same hours of the same days, and readers ask for the same days again.
@lru_cache(maxsize=2048)
def _grid(
    wall_from: datetime, wall_until: datetime, step: int, minutes: int, zone: ZoneInfo
) -> tuple[datetime, ...]:
    return tuple(_starts(wall_from, wall_until, timedelta(minutes=step), timedelta(minutes=minutes), zone))


# A few are enough: colleagues work the same hours, and a new one is put together from days that are kept.
@lru_cache(maxsize=64)
def _possible(
    hours: tuple[WeeklyHours, ...], days: tuple[date, ...], rules: Rules, zone: ZoneInfo
) -> _Possible:
    """Every visit that fits into these hours on these days, busy or not."""
    of_weekday = [[row for row in hours if row.weekday == weekday] for weekday in range(7)]
    starts: list[datetime] = []
    for day in days:
        for wall_from, wall_until in stretches(day, of_weekday[day.weekday()]):
            starts += grid(wall_from, wall_until, rules, zone)
    length, before, after = (
        timedelta(minutes=minutes) for minutes in (rules.minutes, rules.buffer_before, rules.buffer_after)
    )
    ends = [start + length for start in starts]
    block_from = [start - before for start in starts] if before else starts
    return _Possible(starts, ends, block_from, [end + after for end in ends] if after else ends)


def _starts(
    wall_from: datetime, wall_until: datetime, step: timedelta, length: timedelta, zone: ZoneInfo
) -> Iterator[datetime]:
    opens, closes = when.instant(wall_from, zone), when.instant(wall_until, zone)
    latest = closes - length
    if closes - opens == wall_until - wall_from:
        # The clocks do not change in between: real time and wall clock run together.
        while opens <= latest:
            yield opens
            opens += step
        return
    previous: datetime | None = None
    wall = wall_from
    while wall < wall_until:
        start = when.instant(wall, zone)
        exists = start.astimezone(zone).replace(tzinfo=None, fold=0) == wall
        if exists and start <= latest and (previous is None or start - previous >= step):
            yield start
            previous = start
        wall += step


# --- a few of them, to choose from at once ----------------------------------------------------------------------------


class First(StrEnum):
    """What a suggested time is the first of."""

    SOONEST = "soonest"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    DAY = "day"  # of nothing, but on another day than those before it
    NEXT = "next"  # of nothing: it only comes after those before it


def three(slots: Sequence[Slot], zone: ZoneInfo, *, apart: timedelta) -> list[tuple[Slot, First]]:
    """Three times that differ, soonest first: the soonest, and one in each other part of the day, each `apart` or more, and
    on days of their own where a part has one within a week of the soonest.

    One that had to step aside for that is the first of nothing. Where a part has none, the soonest that lie apart make up
    the number, and then any. `slots` are in order, one a moment; of fewer than three all are returned.
    """
    if not slots:
        return []
    part = {slot: _part(when.local(slot.start, zone).hour) for slot in slots}
    chosen = {slots[0]: First.SOONEST}
    for first in (First.EVENING, First.MORNING, First.AFTERNOON):
        if first == part[slots[0]]:
            continue
        those = [slot for slot in slots if part[slot] == first]
        other = _on_another_day(those, chosen, zone) or next(
            (slot for slot in those if _is_apart(slot, chosen, apart)), None
        )
        if other:
            chosen[other] = first if other == those[0] else _no_first(other, chosen, zone)
    while len(chosen) < 3 and (other := _on_another_day(slots, chosen, zone)):
        chosen[other] = First.DAY
    for gap in (apart, timedelta(0)):
        for slot in slots:
            if len(chosen) < 3 and slot not in chosen and _is_apart(slot, chosen, gap):
                chosen[slot] = First.NEXT
    return sorted(chosen.items())


def _on_another_day(slots: Iterable[Slot], chosen: Mapping[Slot, First], zone: ZoneInfo) -> Slot | None:
    """The first on a day that none of those chosen is on, within a week of the soonest."""
    days = {when.local_day(slot.start, zone) for slot in chosen}
    last = min(days) + timedelta(days=7)
    by_day = ((when.local_day(slot.start, zone), slot) for slot in slots)
    return next((slot for day, slot in by_day if day <= last and day not in days), None)


def _no_first(slot: Slot, chosen: Iterable[Slot], zone: ZoneInfo) -> First:
    days = {when.local_day(other.start, zone) for other in chosen}
    return First.NEXT if when.local_day(slot.start, zone) in days else First.DAY


def _part(hour: int) -> First:
    return First.MORNING if hour < AFTERNOON else First.AFTERNOON if hour < EVENING else First.EVENING


def _is_apart(slot: Slot, others: Iterable[Slot], apart: timedelta) -> bool:
    return all(abs(slot.start - other.start) >= apart for other in others)


def nearest(slots: Iterable[Slot], start: datetime, count: int = 3) -> list[Slot]:
    """The `count` times nearest to `start`, one for each moment, in chronological order."""
    distinct = {slot.start: slot for slot in sorted(slots, reverse=True)}
    closest = sorted(distinct.values(), key=lambda slot: (abs(slot.start - start), slot.start))
    return sorted(closest[:count])
