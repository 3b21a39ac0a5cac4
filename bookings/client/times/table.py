"""Free times as people choose them: three to choose from at once, the days with their counts, and one day's times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bookings import availability, limits, slot_text
from bookings.availability import First, Slot
from bookings.client.times import moving
from bookings.client.times.day import Day, May, Time, as_time, day_shown, promised
from bookings.client.times.search import TimesQuery
from bookings.client.times.words import FIRSTS, beside
from bookings.models import Weekday
from bookings.queries import any_practitioner
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.session_rules import Visits
from clinic.foundation import when


@dataclass(frozen=True)
class Table:
    """What a page of free times shows. `earlier` and `later` are days with free times outside its weeks, if there are any.

    `is_late`: the person who was asked for has nothing free soon, and `soon` names people. `found` is all that is free.
    `visits`: of a session that is to be moved, what the rules count from.
    """

    query: TimesQuery
    soon: tuple[Time, ...]
    is_late: bool
    weeks: tuple[tuple[Day, ...], ...]
    day: Day | None
    earlier: date | None
    later: date | None
    zone_words: str
    found: tuple[Slot, ...]
    visits: Visits | None = None

    @property
    def columns(self) -> str:
        """The class of a week that has more than five open days."""
        return {6: " six", 7: " seven"}.get(len(self.weeks[0]), "")

    def has(self, start: datetime, practitioner_id: int | None = None) -> bool:
        """Whether this moment is free for who and what is asked for, with this one of them if one is named."""
        return any(
            slot.start == start and practitioner_id in (None, slot.practitioner_id) for slot in self.found
        )


def table_of(
    query: TimesQuery,
    *,
    place: Clinic,
    now: datetime,
    chosen: datetime | None = None,
    gone: datetime | None = None,
) -> Table:
    """Everything up to the horizon is computed once; the page shows a part of it. At most five SQL statements, and two more
    for a session that is to be moved (moving.py).

    `chosen`: the start of what was chosen before. `gone`: of what somebody else has taken; the nearest come first then.
    """
    zone, diary = place.zone, moving.diary(query.visit, place, now)
    visits = moving.visits(query.visit, zone)
    found, kept_off = moving.left(query.visit, diary.free(query.wanted), visits, zone)
    # "Any practitioner" offers a moment once, however many are free then.
    once = list({slot.start: slot for slot in found}.values())
    by_day = {day: list(slots) for day, slots in groupby(once, lambda slot: when.local_day(slot.start, zone))}
    is_late = _is_late(query, min(by_day, default=date.max), diary.first_day)
    who = _who_may(found, query)
    if gone:
        soon = tuple(_beside(once, gone, who, query, zone))
    elif is_late:
        soon = tuple(_late(once, diary.free(query.wanted.by(None)), query, zone))
    else:
        soon = tuple(_firsts(once, who, query, zone))
    dates, shown = _dates(query, by_day, diary, gone or chosen, _repeats(by_day, soon))
    return Table(
        query=query,
        soon=soon,
        is_late=is_late,
        weeks=_weeks(dates, by_day, place, shown, kept_off),
        day=day_shown(shown, by_day.get(shown, []), who, query, place, chosen, kept_off) if shown else None,
        earlier=max((day for day in by_day if day < dates[0]), default=None),
        later=min((day for day in by_day if day > dates[-1]), default=None),
        zone_words=when.zone_words(zone),
        found=tuple(found),
        visits=visits,
    )


def _repeats(by_day: Mapping[date, Sequence[Slot]], soon: Iterable[Time]) -> set[date]:
    """The days with no other times than those that stand above to be taken at once."""
    starts = {time.start for time in soon}
    return {day for day, slots in by_day.items() if starts.issuperset(slot.start for slot in slots)}


def _is_late(query: TimesQuery, soonest: date, first: date) -> bool:
    """Whether the person who is asked for has nothing soon. A session of a plan is not late by being far ahead."""
    waits = query.practitioner is not None and not query.kind.is_session
    return waits and soonest >= first + limits.times.TIMES_STRETCH


def _dates(
    query: TimesQuery,
    by_day: Mapping[date, object],
    diary: free.Diary,
    near: datetime | None,
    repeats: Container[date],
) -> tuple[list[date], date | None]:
    """All days of the weeks to show, and the one of them to open: what is asked for, else the first with free times.

    A day in `repeats` opens only when it is asked for.

    The weeks are counted from the week of the soonest time, so that a day is always among the same neighbours.
    """
    today, soonest = diary.first_day, min(by_day, default=diary.first_day)
    wanted = query.day or query.first_day or (when.local_day(near, diary.zone) if near else soonest)
    asked = min(max(wanted, today), today + timedelta(days=diary.days - 1))
    monday = soonest - timedelta(days=soonest.weekday())
    first = monday + ((asked - monday) // limits.times.TIMES_STRETCH) * limits.times.TIMES_STRETCH
    dates = [first + timedelta(days=number) for number in range(limits.times.TIMES_STRETCH.days)]
    with_times = [day for day in dates if day in by_day]
    ahead = [day for day in with_times if day >= asked] or with_times
    if query.day or near:
        return dates, asked if query.day else next(iter(ahead), None)
    return dates, next((day for day in ahead if day not in repeats), None)


def _weeks(
    dates: Sequence[date],
    by_day: Mapping[date, Sequence[Slot]],
    place: Clinic,
    shown: date | None,
    kept_off: Mapping[date, str],
) -> tuple[tuple[Day, ...], ...]:
    """A row for each week: the weekdays on which the clinic is open, or somebody is free."""
    weekdays = open_days(place) | {day.weekday() for day in by_day}
    days = [
        Day(
            day,
            len(by_day.get(day, ())),
            day == shown,
            is_closed=day in place.closed,
            why=kept_off.get(day, ""),
        )
        for day in dates
        if day.weekday() in weekdays
    ]
    wide = len(weekdays)
    return tuple(tuple(days[number : number + wide]) for number in range(0, len(days), wide))


def _beside(
    once: Sequence[Slot], gone: datetime, who: Mapping[datetime, May], query: TimesQuery, zone: ZoneInfo
) -> Iterator[Time]:
    """The times nearest to one that has gone, each with how it lies beside it and with whom it may be."""
    for slot in availability.nearest(once, gone):
        time = replace(as_time(slot, query, zone), note=beside(slot.start, gone, zone))
        if slot.start in who:
            yield promised(time, who[slot.start], shows_who=True)
        else:
            yield replace(time, shows_who=bool(time.who))


def _who_may(found: Iterable[Slot], query: TimesQuery) -> dict[datetime, May]:
    """With whom each moment would be when anybody is asked for: 'Ana Ruiz', or 'Ana Ruiz or Bo Reyes'. Whoever lists what it
    is about comes first, as when it is taken (any_practitioner.choose). Without those that more than two are left for: which
    of them it is, is not known before it is taken.
    """
    if query.practitioner:
        return {}
    names = {person.pk: person.name for person in query.practitioners}
    listing = {person.pk for person in query.practitioners if getattr(person, "lists_it", False)}
    free_then = defaultdict[datetime, list[int]](list)
    for slot in found:
        free_then[slot.start].append(slot.practitioner_id)
    may = {start: any_practitioner.preferred(keys, listing) for start, keys in free_then.items()}
    return {
        start: May(" or ".join(sorted(names[key] for key in keys)), None if keys[1:] else keys[0])
        for start, keys in may.items()
        if len(keys) <= any_practitioner.SAID
    }


def _firsts(
    once: Sequence[Slot], who: Mapping[datetime, May], query: TimesQuery, zone: ZoneInfo
) -> Iterator[Time]:
    """Three times that differ, each with the word for what it is the first of, and with whom it may be."""
    said: set[First] = set()
    for slot, first in availability.three(once, zone, apart=limits.times.TIMES_APART):
        note = "After that" if first in said else FIRSTS[first]
        said.add(first)
        time = replace(as_time(slot, query, zone), note=note)
        yield promised(time, who[slot.start], shows_who=True) if slot.start in who else time


def _late(own: Sequence[Slot], anybody: Sequence[Slot], query: TimesQuery, zone: ZoneInfo) -> Iterator[Time]:
    """The next times of somebody who has nothing free soon, and what is sooner with somebody else: three in all."""
    names = {person.pk: person.name for person in query.practitioners}
    before = [slot for slot in anybody if not own or slot.start < own[0].start]
    sooner = sorted({slot.start: slot for slot in reversed(before)}.values())
    theirs = sooner[: 1 if own[1:] else 2 if own else 3]
    for slot in own[: 3 - len(theirs)]:
        yield replace(as_time(slot, query, zone), shows_who=True)
    for slot in theirs:
        yield replace(
            as_time(slot, query, zone),
            value=slot_text.of(slot),
            who=names.get(slot.practitioner_id, ""),
            shows_who=True,
            note="Sooner" if own else "",
        )


def open_days(place: Clinic) -> set[int]:
    """The weekdays on which the clinic is open; all of them while it has set no hours."""
    return {row.weekday for row in place.opening} or set(Weekday.values)
