"""One day's free times as people choose them: under the parts of the day, and with whom each would be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bookings import answers, availability, limits, slot_text
from bookings.availability import Slot
from bookings.client.times.search import TimesQuery
from bookings.client.times.words import in_zone
from bookings.queries.clinic import Clinic
from clinic.foundation import when


@dataclass(frozen=True)
class Time:
    """One free time. `theirs` is the same moment in the client's own zone, in words, if that differs.

    `who` is empty for whoever is free. `note` says why it is among the first three.
    """

    value: str
    start: datetime
    words: str
    day: str
    who: str = ""
    theirs: str = ""
    note: str = ""
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
    who: str = ""  # with whom all of these would be, where it differs within the day


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
class May:
    """With whom a time would be. `only` is set if it can be nobody else: then the time says so, and is taken with them."""

    words: str
    only: int | None = None


NOBODY = May("")


def promised(time: Time, may: May, *, shows_who: bool) -> Time:
    """The time with whom it says that it is; with one person alone it is asked for with them from here on."""
    value = slot_text.value(may.only, time.start) if may.only else time.value
    return replace(time, value=value, who=may.words, shows_who=shows_who)


def day_shown(
    day: date,
    slots: Sequence[Slot],
    who: Mapping[datetime, May],
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
    times = tuple(as_time(slot, query, zone, chosen) for slot in slots)
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


def _with(day: Day, who: Mapping[datetime, May]) -> Day:
    """The day with whom its times would be: said once if that is the same for all of them. If it is not, the times of each
    stand together, within a part of the day where those fold; or, if it differs much, others than most have their name
    beside their times.
    """
    if not who:
        return day
    times = tuple(time for part in day.parts for time in part.times)
    named = Counter(who.get(time.start, NOBODY) for time in times)
    if 1 < len(named) <= limits.times.PEOPLE_APART:
        parts = day.parts if any(part.is_open is not None for part in day.parts) else (Part("", times),)
        return replace(day, parts=tuple(group for part in parts for group in _apart(part, who)))
    usual = max(named, key=lambda may: (bool(may.words) and not may.only, named[may]), default=NOBODY)
    marked = [
        replace(
            part,
            times=tuple(
                promised(time, may, shows_who=may != usual)
                for time in part.times
                for may in (who.get(time.start, NOBODY),)
            ),
        )
        for part in day.parts
    ]
    return replace(day, parts=tuple(marked), who=usual.words, is_mixed=len(named) > 1)


def _apart(part: Part, who: Mapping[datetime, May]) -> Iterator[Part]:
    """A part of the day, or all of it, once for each whom its times would be with."""
    found: dict[May, list[Time]] = {}
    for time in part.times:
        found.setdefault(who.get(time.start, NOBODY), []).append(time)
    for may, times in found.items():
        name = part.name if times[0] == part.times[0] or not part.name else f"From {times[0].words}"
        those = tuple(promised(time, may, shows_who=False) for time in times)
        yield replace(part, name=name, times=those, who=may.words or "whoever is free")


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


def as_time(slot: Slot, query: TimesQuery, zone: ZoneInfo, chosen: datetime | None = None) -> Time:
    return replace(time_of(slot.start, query, zone), chosen=slot.start == chosen)
