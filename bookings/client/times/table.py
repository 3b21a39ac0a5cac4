"""Free times as people choose them: days with their times, the next free one, earlier and later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings import answers, limits, slot_text
from bookings.availability import Slot
from bookings.client.times.search import TimesQuery
from bookings.client.times.words import in_zone
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from clinic.foundation import when


@dataclass(frozen=True)
class Time:
    """One free time. `theirs` is the same moment in the client's own zone, in words, if that differs."""

    value: str
    start: datetime
    words: str
    day: str
    theirs: str = ""
    chosen: bool = False

    @property
    def full(self) -> str:
        return f"{self.day} at {self.words}" + (f" ({self.theirs})" if self.theirs else "")


Part = tuple[str, tuple[Time, ...]]


@dataclass(frozen=True)
class Day:
    """One day. `parts` is its times in one row, or, when there are many, under "Morning", "Afternoon" and "Evening"."""

    name: str
    date: date
    times: tuple[Time, ...]
    parts: tuple[Part, ...] = ()

    @property
    def anchor(self) -> str:
        return f"day_{self.date.isoformat()}"

    @property
    def short(self) -> str:
        """'Thu 3': for the links that lead to the days."""
        return f"{when.WEEKDAYS[self.date.weekday()][:3]} {self.date.day}"


@dataclass(frozen=True)
class Table:
    """A stretch of days with their free times. `earlier` and `later` are first days to ask for, if they have any."""

    query: TimesQuery
    first_day: date
    last_day: date
    days: tuple[Day, ...]
    next_free: Time | None
    next_day: date
    earlier: date | None
    later: date | None
    later_words: str
    zone_words: str
    slots: tuple[Slot, ...]

    @property
    def span(self) -> str:
        return f"{when.date_words(self.first_day)} to {when.date_words(self.last_day)}"

    @property
    def full_days(self) -> list[Day]:
        """The days with free times."""
        return [day for day in self.days if day.times]

    @property
    def first_radio(self) -> str:
        """The id of the first free time that is shown, on pages that offer them as radios; empty if there is none."""
        return next((f"id_slot_{one.value}" for day in self.days for one in day.times), "")

    @property
    def next_is_shown(self) -> bool:
        """Whether the next free time is among those shown."""
        return self.next_free is not None and self.first_day <= self.next_day <= self.last_day

    @property
    def is_empty(self) -> bool:
        return not any(day.times for day in self.days)


def table_of(query: TimesQuery, *, place: Clinic, now: datetime, chosen: str = "") -> Table:
    """Everything up to the horizon is computed once; the page shows a part of it. Five SQL statements."""
    today = when.local_day(now, place.zone)
    found = free.slots(query.wanted, now=now, first_day=today, days=place.rules.horizon_days + 1)
    by_day: dict[date, list[Slot]] = {}
    for slot in found:
        by_day.setdefault(when.local_day(slot.start, place.zone), []).append(slot)
    first = query.first_day or min(by_day, default=today)
    last = _add(first, query.days - 1)
    ahead = min((day for day in by_day if day > last), default=None)
    behind = max((day for day in by_day if day < first), default=None)
    return Table(
        query=query,
        first_day=first,
        last_day=last,
        days=tuple(_days(first, query, by_day, place, chosen)),
        next_free=time_of(found[0], query, place.zone) if found else None,
        next_day=min(by_day, default=today),
        earlier=max(_add(behind, 1 - query.days), today) if behind else None,
        later=ahead,
        later_words=when.date_words(ahead) if ahead else "",
        zone_words=when.zone_words(place.zone),
        slots=tuple(slot for slot in found if first <= when.local_day(slot.start, place.zone) <= last),
    )


def _days(
    first: date, query: TimesQuery, by_day: dict[date, list[Slot]], place: Clinic, chosen: str
) -> Iterator[Day]:
    """The days asked for; one without times is named only if the clinic is open on it."""
    open_days = {row.weekday for row in place.opening}
    for number in range(query.days):
        day = _add(first, number)
        # "Any practitioner" offers a moment once, however many are free then.
        once = {slot.start: slot for slot in by_day.get(day, [])}
        times = tuple(time_of(slot, query, place.zone, chosen) for slot in once.values())
        if times or (day.weekday() in open_days and by_day and day >= min(by_day)):
            yield Day(when.date_words(day), day, times, _parts(times, place.zone))


def _parts(times: tuple[Time, ...], zone: ZoneInfo) -> tuple[Part, ...]:
    if len(times) <= limits.times.TIMES_IN_A_ROW:
        return (("", times),) if times else ()
    grouped: dict[str, list[Time]] = {}
    for one in times:
        hour = when.local(one.start, zone).hour
        name = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
        grouped.setdefault(answers.PARTS[name], []).append(one)
    return tuple((name, tuple(rows)) for name, rows in grouped.items())


def time_of(slot: Slot, query: TimesQuery, zone: ZoneInfo, chosen: str = "") -> Time:
    """One free time in words."""
    own = slot_text.value(query.practitioner_id, slot.start)
    return Time(
        value=own,
        start=slot.start,
        words=when.clock(slot.start, zone),
        day=when.day(slot.start, zone),
        theirs=in_zone(slot.start, query.zone, zone),
        chosen=own == chosen,
    )


def _add(day: date, days: int) -> date:
    """The day so many days on, or the last (first) one that a calendar has."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
