"""Times to choose from while somebody is on the phone: one day at a time, and any other that is typed."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.http import QueryDict

from bookings import against, availability, limits, slot_text, typed_time
from bookings.admin.slot_forms import read_slot
from bookings.availability import Slot
from bookings.models import ConsultationRequest
from bookings.queries import session_rules, why_not
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.slots import Wanted
from bookings.queries.why_not import Reason
from bookings.typed_time import NotATime
from clinic.foundation import when
from clinic.foundation.text import id_in


@dataclass(frozen=True)
class Day:
    """A button for one day with free times, or (without a number) for what comes before or after those in sight."""

    value: str
    words: str
    number: int = 0
    here: bool = False


@dataclass(frozen=True)
class Time:
    """One time of the day in sight. `sooner`: clients may not choose it any more."""

    value: str
    clock: str
    chosen: bool
    sooner: bool


@dataclass(frozen=True)
class Chosen:
    """The chosen time where it is not among those in sight, with what is against it; with `never` it cannot be given."""

    value: str
    when: str
    who: str
    reasons: tuple[str, ...] = ()
    codes: str = ""
    never: bool = False


@dataclass(frozen=True)
class Times:
    """All that the page shows about times. `day` is the day in sight, `by_person` its times; `chosen` is in words.

    `typed` and `problem`: what was typed as another time and is none, and why.
    """

    days: list[Day]
    day: date | None
    by_person: list[tuple[str, list[Time]]]
    people: list[tuple[str, str]]
    who: str
    apart: Chosen | None
    chosen: str
    typed: str
    problem: str

    @property
    def day_words(self) -> str:
        return when.date_words(self.day) if self.day else ""


def times(
    wanted: Wanted,
    people: Mapping[int, str],
    data: QueryDict,
    *,
    now: datetime,
    place: Clinic,
    client: ConsultationRequest,
) -> Times:
    """What `data` (of a POST; else empty) asks to see. Eight SQL statements, six more for a time that is not free; `client`
    is whoever rings, as far as it is typed.
    """
    fitting = session_rules.allowed(client, wanted.kind, _free(wanted, now=now, place=place), place.zone)
    value, typed, problem = _typed(data, people, fitting, now=now, place=place)
    who = id_in(data.get("see_who", ""))
    who = who if who in people else 0
    found = [slot for slot in fitting if not who or slot.practitioner_id == who]
    days = _days(found, place)
    chosen = _slot(value, people, wanted)
    day = _day(data, days, chosen, place) if days else None
    shown = [slot for slot in found if when.local_day(slot.start, place.zone) == day]
    apart, has_rules = None, bool(session_rules.rules_of(wanted.kind))
    if chosen is not None and (chosen not in shown or has_rules):
        is_plain = chosen in found and not has_rules
        reasons = [] if is_plain else why_not.why_not(chosen, wanted, now=now, place=place, client=client)
        if chosen not in shown or why_not.codes(reasons) & against.REASONED:
            apart = _apart(chosen, reasons, people, place)
            shown = [slot for slot in shown if slot != chosen]
    return Times(
        days=_buttons(days, day),
        day=day,
        by_person=_by_person(shown, people, chosen, now=now, place=place),
        people=[("", "Anyone"), *((str(key), name) for key, name in people.items())],
        who=str(who or ""),
        apart=apart,
        chosen="" if chosen is None or (apart and apart.never) else when.short(chosen.start, place.zone),
        typed=typed,
        problem=problem,
    )


def agreed(data: QueryDict, value: str) -> frozenset[str]:
    """The codes that the page said were against the time of this value."""
    told = (text.split() for text in data.getlist("although")[: limits.lists.TICKED_TIMES_READ])
    return frozenset(code for words in told if words[:1] == [value] for code in words[1:])


def _free(wanted: Wanted, *, now: datetime, place: Clinic) -> list[Slot]:
    """Free times of the next weeks, those inside the notice too: somebody at the desk can say whether they will do."""
    today = when.local_day(now, place.zone)
    diary = free.read(now=now, first_day=today, days=limits.times.PHONE_TIMES_DAYS, place=place)
    rules = copy.copy(diary.rules)
    rules.minimum_notice_hours = 0
    return [slot for slot in replace(diary, rules=rules).free(wanted) if slot.start > now]


def _typed(
    data: QueryDict, people: Mapping[int, str], fitting: Sequence[Slot], *, now: datetime, place: Clinic
) -> tuple[str, str, str]:
    """The value of the time that is meant; and, if what was typed cannot be read, that and what is wrong with it.

    With anyone it is the first of those who are free then; `fitting` are the free times.
    """
    text = data.get("other", "").strip()[: limits.texts.TYPED_TIME_CHARACTERS + 1]
    if not text:
        return data.get("slot", ""), "", ""
    who = id_in(data.get("see_who", "")) or (next(iter(people)) if len(people) == 1 else 0)
    try:
        start = typed_time.read(text, place.zone, now)
    except NotATime as error:
        return data.get("slot", ""), text, str(error)
    if who not in people:
        free_then = next((slot for slot in fitting if slot.start == start), None)
        if free_then is None:
            return data.get("slot", ""), text, _nobody(start, fitting, people, place)
        who = free_then.practitioner_id
    return slot_text.value(who, start), "", ""


def _nobody(start: datetime, fitting: Sequence[Slot], people: Mapping[int, str], place: Clinic) -> str:
    """Nobody is free then: the nearest times at which somebody is, and the way to take that one all the same."""
    near = [
        f"{when.short(slot.start, place.zone)} with {people[slot.practitioner_id]}"
        for slot in availability.nearest(
            (slot for slot in fitting if slot.practitioner_id in people), start, 2
        )
    ]
    nearest = f" Nearest: {' and '.join(near)}." if near else ""
    words = f"Nobody is free at {when.short(start, place.zone)}.{nearest}"
    return f"{words} For that time all the same, choose with whom, above the days."


def _slot(value: str, people: Mapping[int, str], wanted: Wanted) -> Slot | None:
    try:
        return read_slot(value, people, int(wanted.length.total_seconds() // 60))
    except ValidationError:
        return None


def _days(found: Sequence[Slot], place: Clinic) -> dict[date, int]:
    """How many times each day has, by day."""
    numbers: dict[date, int] = {}
    for slot in found:
        day = when.local_day(slot.start, place.zone)
        numbers[day] = numbers.get(day, 0) + 1
    return numbers


def _day(data: QueryDict, days: Mapping[date, int], chosen: Slot | None, place: Clinic) -> date:
    """The day to show: the one that was pressed, else that of the chosen time, else the first with a time."""
    for text in reversed(data.getlist("see_day")):
        try:
            asked = date.fromisoformat(text)
        except ValueError:
            continue
        if asked in days:
            return asked
    there = when.local_day(chosen.start, place.zone) if chosen else None
    return there if there is not None and there in days else next(iter(days))


def _buttons(days: Mapping[date, int], shown: date | None) -> list[Day]:
    """As many days as fit in a row, with ways to the ones before and after."""
    if shown is None:
        return []
    listed, most = list(days), limits.times.PHONE_DAYS_IN_A_ROW
    first = listed.index(shown) // most * most
    row = [Day(day.isoformat(), _short(day), days[day], day == shown) for day in listed[first : first + most]]
    if first:
        row.insert(0, Day(listed[first - 1].isoformat(), "Earlier"))
    if first + most < len(listed):
        row.append(Day(listed[first + most].isoformat(), "Later"))
    return row


def _short(day: date) -> str:
    """'Wed 25'."""
    return f"{when.WEEKDAYS[day.weekday()][:3]} {day.day}"


def _by_person(
    shown: Sequence[Slot], people: Mapping[int, str], chosen: Slot | None, *, now: datetime, place: Clinic
) -> list[tuple[str, list[Time]]]:
    found: dict[str, list[Time]] = {}
    for slot in shown:
        sooner = slot.start < now + place.rules.notice
        time = Time(slot_text.of(slot), when.digits(slot.start, place.zone), slot == chosen, sooner)
        found.setdefault(people.get(slot.practitioner_id, ""), []).append(time)
    return sorted(found.items())


def _apart(slot: Slot, reasons: Sequence[Reason], people: Mapping[int, str], place: Clinic) -> Chosen:
    codes = why_not.codes(reasons)
    return Chosen(
        slot_text.of(slot),
        when.short(slot.start, place.zone),
        people.get(slot.practitioner_id, ""),
        tuple(reason.words for reason in reasons),
        " ".join(sorted(codes)),
        bool(codes & against.NEVER),
    )
