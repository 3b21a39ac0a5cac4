"""Free times as people choose them: three to choose from at once, the days with their counts, and one day's times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bookings import answers, availability, limits, slot_text
from bookings.availability import First, Slot
from bookings.client.times import moving
from bookings.client.times.search import TimesQuery
from bookings.client.times.words import FIRSTS, beside, in_zone
from bookings.models import Weekday
from bookings.queries import any_practitioner
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.session_rules import Visits
from clinic.foundation import when


@dataclass(frozen=True)
class Time:
    """One free time. `theirs` is the same moment in the client's own zone, in words, if that differs.

    `who` is empty for whoever is free. `note` says why it is among the first three. `hear_by`: by when they are answered who
    choose it, where that is sooner than for others.
    """

    value: str
    start: datetime
    words: str
    day: str
    who: str = ""
    theirs: str = ""
    note: str = ""
    hear_by: str = ""
    shows_who: bool = False
    chosen: bool = False

    @property
    def full(self) -> str:
        """'Tuesday 1 December at 10:30am'."""
        return f"{self.day} at {self.words}" + (f" ({self.theirs})" if self.theirs else "")

    @property
    def short(self) -> str:
        """'Tue 1 December, 10:30am'."""
        weekday, _, rest = self.day.partition(" ")
        return f"{weekday[:3]} {rest}, {self.words}"


@dataclass(frozen=True)
class Part:
    """Times under 'Morning', or under nothing. `is_open` None: they do not fold."""

    name: str
    times: tuple[Time, ...]
    is_open: bool | None = None


@dataclass(frozen=True)
class Day:
    """One day with the number of its free times. Only of the day that is shown, `parts` are there too."""

    date: date
    count: int
    is_shown: bool = False
    parts: tuple[Part, ...] = ()
    who: str = ""  # with whom its times would be that name nobody else, where anybody is asked for
    is_mixed: bool = False  # whether some name somebody else
    is_closed: bool = False  # the clinic is, on this one day
    why: str = ""  # how another visit of theirs keeps them from it; its first two words stand for it

    @property
    def name(self) -> str:
        return when.date_words(self.date)

    @property
    def short(self) -> str:
        return when.WEEKDAYS[self.date.weekday()][:3]

    @property
    def why_short(self) -> str:
        """'too near'."""
        return " ".join(self.why.replace(":", "").split()[:2])

    @property
    def times_words(self) -> str:
        """'15 free times', 'closed', or how another visit keeps them from it."""
        if self.is_closed and not self.count:
            return "closed"
        if self.why:
            return self.why
        return f"{self.count or 'no'} free time{'' if self.count == 1 else 's'}"


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
        day=_day_shown(shown, by_day.get(shown, []), who, query, place, chosen, kept_off) if shown else None,
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
    once: Sequence[Slot], gone: datetime, who: Mapping[datetime, _May], query: TimesQuery, zone: ZoneInfo
) -> Iterator[Time]:
    """The times nearest to one that has gone, each with how it lies beside it and with whom it may be."""
    for slot in availability.nearest(once, gone):
        time = replace(_time(slot, query, zone), note=beside(slot.start, gone, zone))
        if slot.start in who:
            yield _promised(time, who[slot.start], shows_who=True)
        else:
            yield replace(time, shows_who=bool(time.who))


@dataclass(frozen=True)
class _May:
    """With whom a time would be. `only` is set if it can be nobody else: then the time says so, and is taken with them."""

    words: str
    only: int | None = None


def _who_may(found: Iterable[Slot], query: TimesQuery) -> dict[datetime, _May]:
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
        start: _May(" or ".join(sorted(names[key] for key in keys)), None if keys[1:] else keys[0])
        for start, keys in may.items()
        if len(keys) <= any_practitioner.SAID
    }


def _firsts(
    once: Sequence[Slot], who: Mapping[datetime, _May], query: TimesQuery, zone: ZoneInfo
) -> Iterator[Time]:
    """Three times that differ, each with the word for what it is the first of, and with whom it may be."""
    said: set[First] = set()
    for slot, first in availability.three(once, zone, apart=limits.times.TIMES_APART):
        note = "After that" if first in said else FIRSTS[first]
        said.add(first)
        time = replace(_time(slot, query, zone), note=note)
        yield _promised(time, who[slot.start], shows_who=True) if slot.start in who else time


def _promised(time: Time, may: _May, *, shows_who: bool) -> Time:
    """The time with whom it says that it is; with one person alone it is asked for with them from here on."""
    value = slot_text.value(may.only, time.start) if may.only else time.value
    return replace(time, value=value, who=may.words, shows_who=shows_who)


def _late(own: Sequence[Slot], anybody: Sequence[Slot], query: TimesQuery, zone: ZoneInfo) -> Iterator[Time]:
    """The next times of somebody who has nothing free soon, and what is sooner with somebody else: three in all."""
    names = {person.pk: person.name for person in query.practitioners}
    before = [slot for slot in anybody if not own or slot.start < own[0].start]
    sooner = sorted({slot.start: slot for slot in reversed(before)}.values())
    theirs = sooner[: 1 if own[1:] else 2 if own else 3]
    for slot in own[: 3 - len(theirs)]:
        yield replace(_time(slot, query, zone), shows_who=True)
    for slot in theirs:
        yield replace(
            _time(slot, query, zone),
            value=slot_text.of(slot),
            who=names.get(slot.practitioner_id, ""),
            shows_who=True,
            note="Sooner" if own else "",
        )


def open_days(place: Clinic) -> set[int]:
    """The weekdays on which the clinic is open; all of them while it has set no hours."""
    return {row.weekday for row in place.opening} or set(Weekday.values)


def _day_shown(
    day: date,
    slots: Sequence[Slot],
    who: Mapping[datetime, _May],
    query: TimesQuery,
    place: Clinic,
    chosen: datetime | None,
    kept_off: Mapping[date, str],
) -> Day:
    opened = _with(_opened(day, slots, query, place.zone, chosen), who)
    return replace(opened, is_closed=day in place.closed, why=kept_off.get(day, ""))


def _opened(
    day: date, slots: Sequence[Slot], query: TimesQuery, zone: ZoneInfo, chosen: datetime | None
) -> Day:
    """The day with its times, under the parts of the day if there are several or many, and folded if there are very many."""
    times = tuple(_time(slot, query, zone, chosen) for slot in slots)
    grouped: dict[str, list[Time]] = {}
    for one in times:
        hour = when.local(one.start, zone).hour
        early = hour < availability.AFTERNOON
        name = "morning" if early else "afternoon" if hour < availability.EVENING else "evening"
        grouped.setdefault(answers.PARTS[name], []).append(one)
    if len(grouped) < 2 and len(times) <= limits.times.TIMES_IN_A_ROW:
        return Day(day, len(times), is_shown=True, parts=(Part("", times),) if times else ())
    folds = len(times) > limits.times.TIMES_UNFOLDED
    first = next(iter(grouped))
    parts = tuple(
        Part(_part_words(name, rows), tuple(rows), _is_open(rows, is_first=name == first) if folds else None)
        for name, rows in grouped.items()
    )
    return Day(day, len(times), is_shown=True, parts=parts)


def _part_words(name: str, times: Sequence[Time]) -> str:
    """'Afternoon', or 'From midday' where that is its first time: nobody looks for midday in the afternoon."""
    return "From midday" if times[0].words == "midday" else name


def _with(day: Day, who: Mapping[datetime, _May]) -> Day:
    """The day with whom its times would be: two people together, or the name of most, once; others stand beside theirs."""
    if not who:
        return day
    times = [time for part in day.parts for time in part.times]
    nobody = _May("")
    named = Counter(who.get(time.start, nobody) for time in times)
    usual = max(named, key=lambda may: (bool(may.words) and not may.only, named[may]), default=nobody)
    parts = [
        replace(
            part,
            times=tuple(
                _promised(time, may, shows_who=may != usual)
                for time in part.times
                for may in (who.get(time.start, nobody),)
            ),
        )
        for part in day.parts
    ]
    return replace(day, parts=tuple(parts), who=usual.words, is_mixed=len(named) > 1)


def _is_open(times: Sequence[Time], *, is_first: bool) -> bool:
    """Of a day with very many times the first part is open, or the one with the time that was chosen."""
    return len(times) <= limits.times.TIMES_UNFOLDED and (is_first or any(time.chosen for time in times))


def time_of(
    start: datetime, query: TimesQuery, zone: ZoneInfo, *, practitioner_id: int | None = None
) -> Time:
    """A moment in words, as a time with whoever is asked for, or with the one of them whom the time was chosen with."""
    key = practitioner_id or query.practitioner_id
    return Time(
        value=slot_text.value(key, start),
        start=start,
        words=when.clock(start, zone),
        day=when.day(start, zone),
        who=next((one.name for one in query.practitioners if one.pk == key), ""),
        theirs=in_zone(start, query.zone, zone),
    )


def _time(slot: Slot, query: TimesQuery, zone: ZoneInfo, chosen: datetime | None = None) -> Time:
    return replace(time_of(slot.start, query, zone), chosen=slot.start == chosen)
