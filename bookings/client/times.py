"""Free times as people choose them: days with their times, the next free one, earlier and later; as pages and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.http import QueryDict

from bookings import answers
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationType, Practitioner
from bookings.queries import slots as free
from bookings.queries import visits
from bookings.queries.clinic import Clinic
from bookings.queries.slots import Wanted
from clinic.foundation import money, when
from clinic.foundation.text import id_in

ANY = "any"
DAYS = 7
MOST_DAYS = 31
# More free times than these on one day stand under the parts of the day.
MOST_IN_A_ROW = 6
_FORMAT = "%Y-%m-%dT%H:%MZ"
# Beyond these, other zones' calendars run off the end.
_YEARS = (2000, 2199)


class Unclear(ValueError):
    """A question about times that cannot be answered; the text says why, for people."""


# --- one time, as a form carries it -----------------------------------------------------------------------------------


def value(practitioner_id: int | None, start: datetime) -> str:
    """'3@2026-12-01T10:30Z', or 'any@...'. It is checked again before anything is held."""
    return f"{practitioner_id or ANY}@{start.astimezone(UTC):{_FORMAT}}"


def read(text: str) -> tuple[int | None, datetime] | None:
    """The practitioner (None: any) and the start (UTC) of such a value; None if it is not one."""
    who, _, moment = text.partition("@")
    try:
        start = datetime.strptime(moment, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    if not _YEARS[0] <= start.year <= _YEARS[1]:
        return None
    if who == ANY:
        return None, start
    return (id_in(who), start) if id_in(who) else None


# --- what is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Which times somebody wants to see. `first_day` None: from the first free one on."""

    wanted: Wanted
    practitioners: list[Practitioner]
    practitioner: Practitioner | None
    first_day: date | None
    days: int
    zone: ZoneInfo | None

    @property
    def kind(self) -> ConsultationType:
        return self.wanted.kind

    @property
    def practitioner_id(self) -> int | None:
        return self.wanted.practitioner_id


def asked(
    query: QueryDict,
    kinds: list[ConsultationType],
    concerns: Collection[str] = (),
    *,
    visit: Appointment | None = None,
) -> Asked:
    """Read ?type=&practitioner=&from=&days=&zone=. Empty ones mean the default. Raises Unclear.

    `visit` is one that is to move: its own length, way and concerns count.
    """
    kind = _one_of(query.get("type", ""), kinds, "This kind of consultation is not offered.") or kinds[0]
    wanted = visits.to_move(visit) if visit else Wanted(kind=kind, concerns=tuple(concerns))
    people = free.practitioners(wanted)
    person = _one_of(query.get("practitioner", ""), people, "This person has no times for it.")
    in_person = (visit or kind).mode == ConsultationType.Mode.IN_PERSON
    return Asked(
        wanted=wanted.by(person.pk if person else None),
        practitioners=people,
        practitioner=person,
        first_day=_day(query.get("from", "")),
        days=_count(query.get("days", "")),
        zone=None if in_person else zone_named(query.get("zone", "")),
    )


_Row = TypeVar("_Row", ConsultationType, Practitioner)


def _one_of(text: str, rows: list[_Row], missing: str) -> _Row | None:
    if text in ("", ANY):
        return None
    found = next((row for row in rows if str(row.pk) == text), None)
    if found is None:
        raise Unclear(missing)
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Unclear("Write the first day like 2026-12-01.") from None


def _count(text: str) -> int:
    if not text:
        return DAYS
    if not 1 <= id_in(text) <= MOST_DAYS:
        raise Unclear(f"Ask for between 1 and {MOST_DAYS} days.")
    return id_in(text)


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The zones that people recognise: those named after a city."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return tuple(sorted(name for name in available_timezones() if name.startswith(regions)))


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name; None for an empty or unknown one."""
    return ZoneInfo(name) if name in zones() else None


def kinds_in_words(kinds: list[ConsultationType], currency: str) -> list[tuple[ConsultationType, str]]:
    """Each kind as people choose it: 'Video consultation, 30 minutes, £30'."""
    return [(kind, kind_words(kind, currency)) for kind in kinds]


def kind_words(kind: ConsultationType, currency: str) -> str:
    """'First consultation, in person, 30 minutes, £40'. How it takes place is left out if the name says it."""
    mode = kind.get_mode_display().lower()
    said = mode.removeprefix("by ") in kind.name.lower()
    parts = [kind.name] if said else [kind.name, mode]
    cost = money.words(kind.fee, currency) if kind.fee else "nothing to pay"
    return ", ".join([*parts, when.length(kind.minutes), cost])


# --- what is shown ----------------------------------------------------------------------------------------------------


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

    asked: Asked
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


def table(asked: Asked, *, place: Clinic, now: datetime, chosen: str = "") -> Table:
    """Everything up to the horizon is computed once; the page shows a part of it. Five SQL statements."""
    today = when.local_day(now, place.zone)
    found = free.slots(asked.wanted, now=now, first_day=today, days=place.rules.horizon_days + 1)
    by_day: dict[date, list[Slot]] = {}
    for slot in found:
        by_day.setdefault(when.local_day(slot.start, place.zone), []).append(slot)
    first = asked.first_day or min(by_day, default=today)
    last = _add(first, asked.days - 1)
    ahead = min((day for day in by_day if day > last), default=None)
    behind = max((day for day in by_day if day < first), default=None)
    return Table(
        asked=asked,
        first_day=first,
        last_day=last,
        days=tuple(_days(first, asked, by_day, place, chosen)),
        next_free=time(found[0], asked, place.zone) if found else None,
        next_day=min(by_day, default=today),
        earlier=max(_add(behind, 1 - asked.days), today) if behind else None,
        later=ahead,
        later_words=when.date_words(ahead) if ahead else "",
        zone_words=when.zone_words(place.zone),
        slots=tuple(slot for slot in found if first <= when.local_day(slot.start, place.zone) <= last),
    )


def _days(
    first: date, asked: Asked, by_day: dict[date, list[Slot]], place: Clinic, chosen: str
) -> Iterator[Day]:
    """The asked days; one without times is named only if the clinic is open on it."""
    open_days = {row.weekday for row in place.opening}
    for number in range(asked.days):
        day = _add(first, number)
        # "Any practitioner" offers a moment once, however many are free then.
        once = {slot.start: slot for slot in by_day.get(day, [])}
        times = tuple(time(slot, asked, place.zone, chosen) for slot in once.values())
        if times or (day.weekday() in open_days and by_day and day >= min(by_day)):
            yield Day(when.date_words(day), day, times, _parts(times, place.zone))


def _parts(times: tuple[Time, ...], zone: ZoneInfo) -> tuple[Part, ...]:
    if len(times) <= MOST_IN_A_ROW:
        return (("", times),) if times else ()
    grouped: dict[str, list[Time]] = {}
    for one in times:
        hour = when.local(one.start, zone).hour
        name = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
        grouped.setdefault(answers.PARTS[name], []).append(one)
    return tuple((name, tuple(rows)) for name, rows in grouped.items())


def time(slot: Slot, asked: Asked, zone: ZoneInfo, chosen: str = "") -> Time:
    """One free time in words."""
    own = value(asked.practitioner_id, slot.start)
    return Time(
        value=own,
        start=slot.start,
        words=when.clock(slot.start, zone),
        day=when.day(slot.start, zone),
        theirs=in_zone(slot.start, asked.zone, zone),
        chosen=own == chosen,
    )


def in_zone(moment: datetime, theirs: ZoneInfo | None, ours: ZoneInfo) -> str:
    """'11:30am Paris time' (with the day if it differs), or nothing when both clocks show the same."""
    if theirs is None or when.local(moment, theirs).replace(tzinfo=None) == when.local(moment, ours).replace(
        tzinfo=None
    ):
        return ""
    same_day = when.local_day(moment, theirs) == when.local_day(moment, ours)
    words = when.clock(moment, theirs) if same_day else when.moment(moment, theirs)
    return f"{words} {when.zone_words(theirs)}"


def _add(day: date, days: int) -> date:
    """The day so many days on, or the last (first) one that a calendar has."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
