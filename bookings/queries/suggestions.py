"""Free times for one request, read once: which to suggest, with reasons in words, and what to say if nobody works then.

What makes a time better than another is in bookings/ranking.py; this reads what it needs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings import limits, ranking
from bookings.availability import Slot, WeeklyHours, is_inside
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import session_rules, session_times, visits
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.desk import is_live_hold, near
from bookings.queries.slots import Diary, Wanted
from bookings.ranking import PARTS, Around, Names, Wish
from clinic.foundation import when

RANKS = ("Best", "Second", "Third", "Fourth")


@dataclass(frozen=True)
class Suggestion:
    """A free time to tick, why it is suggested, and what it is: its rank in a word, or how the request has it already."""

    slot: Slot
    why: str
    tag: str = ""


@dataclass(frozen=True)
class Times:
    """The times around a request: `free` ones, the `suggested`, those it has already (`own`).

    `nobody` says that nobody works at the times that they asked for, if so.
    """

    free: Sequence[Slot] = ()
    own: Sequence[Suggestion] = ()
    suggested: Sequence[Suggestion] = ()
    nobody: str = ""

    @property
    def all(self) -> list[Suggestion]:
        return [*self.own, *self.suggested]

    @property
    def only_with(self) -> int | None:
        """The key of the practitioner whom all of them are with; None if they differ, or there are none."""
        keys = {one.slot.practitioner_id for one in self.all}
        return keys.pop() if len(keys) == 1 else None

    @property
    def best(self) -> Slot | None:
        """The one to tick when what they asked for is gone."""
        return self.suggested[0].slot if self.suggested and not self.own else None


def wanted_by(consultation: ConsultationRequest) -> Wanted:
    """Which times the desk looks through for this request: with anybody who fits, and the length of a booked visit."""
    booked = next((a for a in consultation.appointments.all() if a.state == Appointment.State.BOOKED), None)
    if booked is None:
        return visits.wanted_by(consultation)
    return visits.to_move(booked, by_staff=True)


def diary_around(consultation: ConsultationRequest, now: datetime, place: Clinic) -> Diary:
    """What is taken in the three weeks around the visit or the wish, or in the next three: at most two SQL statements."""
    if consultation.due_on and consultation.is_open:
        # A session of a plan: the desk books it as far ahead as its first day is.
        return session_times.diary_from(consultation.due_on, now, place)
    first = when.local_day(now, place.zone)
    booked = (a.starts_at for a in consultation.appointments.all() if a.state == Appointment.State.BOOKED)
    middle = next(booked, consultation.wished_start)
    if middle:
        first = max(first, when.local_day(middle, place.zone) - limits.times.DESK_TIMES_BEFORE)
    return free.read(now=now, first_day=first, days=limits.times.DESK_TIMES_DAYS, place=place)


def times(
    consultation: ConsultationRequest,
    place: Clinic,
    diary: Diary,
    people: Mapping[int, str],
    specialists: Collection[int],
) -> Times:
    """The times to show beside a request: one SQL statement, one more for a session with rules. Concerns, windows and
    appointments come prefetched.

    `people` are the practitioners' names, `specialists` those who name what the request is about.
    """
    wanted = wanted_by(consultation)
    hours = free.hours_of(wanted)
    free_times = session_times.not_before(consultation.due_on, diary.free(wanted, hours), place)
    found = session_rules.allowed(consultation, wanted.kind, free_times, place.zone)
    wish, names = wish_of(consultation), Names(practitioners=people, concerns=_concerns(consultation))
    own = _own(consultation, place, diary.now)
    picked = ranking.rank(
        found,
        wish,
        around(wanted, hours, diary, specialists),
        count=limits.times.SUGGESTED_TIMES,
        apart_from=[one.slot.start for one in own],
    )
    return Times(
        free=found,
        own=own,
        suggested=[
            Suggestion(one.slot, ranking.words(one, wish, names, place.zone), rank)
            for one, rank in zip(picked, RANKS, strict=False)
        ],
        nobody=nobody_works(wish, hours, wanted, diary, names) if consultation.is_open else "",
    )


def wish_of(consultation: ConsultationRequest) -> Wish:
    """What a request asks for, as the ranking reads it."""
    return Wish(
        start=consultation.wished_start,
        practitioner_id=consultation.wished_practitioner_id,
        windows=tuple((window.weekday, window.part) for window in consultation.windows.all()),
    )


def around(
    wanted: Wanted, hours: Mapping[int, Sequence[WeeklyHours]], diary: Diary, specialists: Collection[int]
) -> Around:
    """What free times lie in, as the ranking reads it. `hours` are those of everybody who fits."""
    # Where everybody who fits names it, it tells nobody apart.
    told_apart = set(specialists) & hours.keys() if hours.keys() - set(specialists) else set()
    return Around(
        zone=diary.zone,
        today=when.local_day(diary.now, diary.zone),
        busy={key: diary.taken(key) for key in hours},
        before=timedelta(minutes=wanted.kind.buffer_before),
        after=timedelta(minutes=wanted.kind.buffer_after),
        specialists=told_apart,
    )


def _own(consultation: ConsultationRequest, place: Clinic, now: datetime) -> list[Suggestion]:
    """What the request itself holds: it is not free for others, and comes first."""
    return [
        Suggestion(
            Slot(practitioner_id=a.practitioner_id, start=a.starts_at, end=a.ends_at),
            "Offered now"
            if a.is_offer
            else f"Held until {near(a.held_until, now, place.zone)}"
            if a.held_until
            else "",
            "" if a.is_offer else "Asked for",
        )
        for a in consultation.appointments.all()
        if is_live_hold(a, now)
    ]


def _concerns(consultation: ConsultationRequest) -> list[str]:
    """'keloid scars', as it stands inside a sentence."""
    names = [concern.name for concern in consultation.concerns.all()]
    return [name[:1].lower() + name[1:] for name in names]


def nobody_works(
    wish: Wish, hours: Mapping[int, Sequence[WeeklyHours]], wanted: Wanted, diary: Diary, names: Names
) -> str:
    """'No one who sees keloid scars works on Tuesday mornings.' Empty if somebody works at some time that they asked for."""
    about = names.concerns[0] if len(names.concerns) == 1 else "everything they ask about"
    who = f"No one who sees {about}" if names.concerns else "No one"
    if not hours:
        return f"{who} gives “{wanted.kind.name}”."
    known = [row for rows in hours.values() for row in rows]
    if wish.start is not None:
        slot = wanted.slot(0, wish.start)
        works = any(is_inside(slot.start, slot.end, rows, diary.zone) for rows in hours.values())
        return "" if works else f"{who} works on {when.moment(wish.start, diary.zone)}."
    today = when.local_day(diary.now, diary.zone)
    current = [row for row in known if row.valid_until is None or row.valid_until >= today]
    if not wish.windows or any(_works_in(window, row) for window in wish.windows for row in current):
        return ""
    return f"{who} works on {' or '.join(_window_words(*window) for window in wish.windows)}."


def _works_in(window: tuple[int | None, str], row: WeeklyHours) -> bool:
    """Whether weekly hours reach into a window."""
    day, part = window
    ends = row.ends.hour + (row.ends.minute > 0) or 24
    return day in (None, row.weekday) and any(row.starts.hour <= hour < ends for hour in PARTS[part])


def _window_words(day: int | None, part: str) -> str:
    """'Tuesday mornings', 'Tuesdays', 'mornings', 'any day'."""
    if part == "any":
        return "any day" if day is None else f"{when.WEEKDAYS[day]}s"
    return f"{part}s" if day is None else f"{when.WEEKDAYS[day]} {part}s"
