"""Free times for the sessions of a plan, which the desk books in one go: far beyond what clients are offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bookings import limits
from bookings.against import Against
from bookings.availability import Slot
from bookings.models import Appointment, BookingRules, ConsultationRequest, ConsultationType, PlanLine
from bookings.models.plan import days_apart
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.session_rules import Histories, Visits
from bookings.queries.slots import Diary, Wanted
from bookings.ranking import part_of
from clinic.foundation import when

ANYONE = 0

# Days of the week (None: any) with parts of the day, as clients tick them.
Windows = Sequence[tuple[int | None, str]]


@dataclass(frozen=True, slots=True)
class _Other:
    """A day of another session of the plan: booked or chosen (`place` None), or the `place` of what is suggested for it,
    from 0 to `last`.
    """

    key: int
    line: int | None
    after: int | None
    kind: int
    number: int
    day: date
    place: int | None = None
    last: int = 0

    def counts(self, place: int) -> bool:
        """Whether the suggestion with that place for another session is to fit it."""
        return self.place is None or self.place == min(place, self.last)


def suggested(
    sessions: Sequence[ConsultationRequest],
    now: datetime,
    place: Clinic,
    who: int | None = None,
    chosen: Mapping[int, date] | None = None,
    asked_for: Mapping[int, Windows] | None = None,
) -> dict[int, list[Slot]]:
    """For each session, by its key, up to three free times on days of their own, from its first day on: one of each part of
    the day, where that has one. Those in the same place fit each other: no rule and no interval of the plan is against them.
    Where nothing was asked for, the first of all are the soonest that can be had together. Sessions of one plan come in
    their order.

    `who`: a practitioner's key, or ANYONE, in place of whom they have seen. `chosen`: days chosen for some sessions already;
    the others fit these. `asked_for`: when the client can come, by the session's key: what fits that stands first. Six
    statements, and one more for each kind of session.
    """
    if not sessions:
        return {}
    chosen, asked_for = chosen or {}, asked_for or {}
    today = when.local_day(now, place.zone)
    begins = [max(one.due_on or today, today) for one in sessions]
    last = max([*begins, *chosen.values()]) + limits.times.SESSION_TIMES_WITHIN * (len(sessions) + 1)
    diary = _diary(min(begins), last, now, place)
    histories, found = Histories(sessions, place.zone), dict[int, list[Slot]]()
    of_kind: dict[tuple[int, int | None], Sequence[_Part]] = {}
    others = _booked(sessions, place) + [_other(one, chosen[one.pk]) for one in sessions if one.pk in chosen]
    for session, first in zip(sessions, begins, strict=True):
        person = session.wished_practitioner_id if who is None else who or None
        key = (session.consultation_type_id, person)
        if key not in of_kind:
            wanted = Wanted(kind=session.consultation_type, practitioner_id=person)
            of_kind[key] = _parts(diary, wanted, place)
        fits = _Fits(session, histories.of(session, session.consultation_type), others)
        found[session.pk] = _of_days(of_kind[key], first, fits, asked_for.get(session.pk, ()))
        if session.pk not in chosen:
            days = [when.local_day(slot.start, place.zone) for slot in found[session.pk]]
            others += [_other(session, day, place, len(days) - 1) for place, day in enumerate(days)]
    return found


def _other(session: ConsultationRequest, day: date, place: int | None = None, last: int = 0) -> _Other:
    line = session.session_of
    after, number = line.after_id if line else None, session.session_number or 0
    kind = session.consultation_type_id
    return _Other(session.pk, session.session_of_id, after, kind, number, day, place, last)


class _Fits:
    """Whether a session may be on a day, beside what is booked, chosen and suggested."""

    def __init__(self, session: ConsultationRequest, visits: Visits, others: Sequence[_Other]) -> None:
        self._session, self._kind, self._visits = session, session.consultation_type, visits
        self._others = [one for one in others if one.key != session.pk]
        self._gap, self._leader = _gap(session.session_of, self._kind), _leader_gap(session)
        self._known: dict[tuple[date, int], bool] = {}

    def __call__(self, day: date, place: int) -> bool:
        """Whether it may be the suggestion with that place."""
        if (day, place) not in self._known:
            others = [one for one in self._others if one.counts(place)]
            near = [one.day for one in others if one.kind == self._kind.pk]
            visits = replace(self._visits, sessions=[*self._visits.sessions, *near])
            # That no consultation is on record is said of a chosen time.
            rules_allow = not set(visits.against(day)) - {Against.CONSULTATION}
            self._known[day, place] = rules_allow and all(self._beside(day, one) for one in others)
        return self._known[day, place]

    def _beside(self, day: date, one: _Other) -> bool:
        between, number = (day - one.day).days, self._session.session_number or 0
        if one.line is not None and one.line == self._session.session_of_id:
            return (between if one.number < number else -between) >= self._gap
        line = self._session.session_of
        if line is not None and one.line is not None and line.after_id == one.line:
            return between >= self._leader
        if one.after is not None and one.after == self._session.session_of_id:
            return -between >= self._gap
        return between != 0


def too_near(
    session: ConsultationRequest, day: date, others: Sequence[tuple[ConsultationRequest, date]]
) -> str:
    """What is against a day beside the days that are chosen for other sessions, in a sentence: a rule of the kind, or of the
    plan. No statement.
    """
    kind = session.consultation_type
    for other, there in others:
        apart = abs((day - there).days)
        if other.consultation_type_id == kind.pk and apart < kind.interval_days:
            least = f"At least {kind.interval_days} days must lie between two of “{kind.name}”."
            return f"{least} The other one is chosen for {when.date_words(there)}."
        gap = _gap(session.session_of, kind)
        if other.session_of_id == session.session_of_id and apart < gap:
            return f"The plan has at least {gap} days between two of these. This leaves {apart}."
    return ""


def not_before(day: date | None, slots: Sequence[Slot], place: Clinic) -> Sequence[Slot]:
    """Those of the free times that are on that day or later: the first of a session. All of them without a day."""
    return slots if day is None else [one for one in slots if when.local_day(one.start, place.zone) >= day]


def diary_from(day: date, now: datetime, place: Clinic) -> Diary:
    """What is taken in the weeks from that day of a session on: at most two statements."""
    first = max(day, when.local_day(now, place.zone))
    return _diary(first, first + limits.times.SESSION_TIMES_WITHIN, now, place)


def _diary(first: date, last: date, now: datetime, place: Clinic) -> Diary:
    diary = free.read(now=now, first_day=first, days=(last - first).days + 1, place=place)
    # The desk books for the next day too.
    rules = BookingRules(slot_step_minutes=diary.rules.slot_step_minutes, minimum_notice_hours=0)
    return replace(diary, rules=rules)


@dataclass(frozen=True, slots=True)
class _Part:
    """The first free time of one part of a day."""

    day: date
    part: str
    slot: Slot


def _parts(diary: Diary, wanted: Wanted, place: Clinic) -> list[_Part]:
    found: dict[tuple[date, str], _Part] = {}
    for slot in diary.free(wanted):
        there = when.local(slot.start, place.zone)
        key = (there.date(), part_of(there))
        if key not in found:
            found[key] = _Part(*key, slot)
    return list(found.values())


def is_asked_for(slot: Slot, windows: Windows, place: Clinic) -> bool:
    """Whether the client has said that they can come then."""
    there = when.local(slot.start, place.zone)
    return _suits(there.weekday(), part_of(there), windows)


def _suits(weekday: int, part: str, windows: Windows) -> bool:
    return any(day in (None, weekday) and asked in (part, "any") for day, asked in windows)


def _of_days(
    parts: Sequence[_Part], first: date, fits: Callable[[date, int], bool], windows: Windows
) -> list[Slot]:
    """Three at most, on days of their own that fit: first what they asked for, then a part of the day that stands there not
    yet, each the soonest in the weeks from the first fitting day on.
    """
    begins = next((one.day for one in parts if one.day >= first and fits(one.day, 0)), None)
    if begins is None:
        return []
    near = [one for one in parts if begins <= one.day <= begins + limits.times.SESSION_TIMES_WITHIN]
    asked = {one for one in near if _suits(one.day.weekday(), one.part, windows)}
    chosen: list[_Part] = []
    while len(chosen) < limits.times.SESSION_TIMES:
        shown = {one.part for one in chosen}
        left = [one for one in near if all(one.day != other.day for other in chosen)]
        left.sort(key=lambda one: (one.part in shown, one not in asked, one.slot.start))
        best = next((one for one in left if fits(one.day, len(chosen))), None)
        if best is None:
            break
        chosen.append(best)
    return [one.slot for one in chosen]


def _gap(line: PlanLine | None, kind: ConsultationType) -> int:
    """Days between two sessions of a line at least."""
    return days_apart(line.gap_days if line else 0, kind.interval_days)


def _leader_gap(session: ConsultationRequest) -> int:
    """Days that must lie between this session and those of the line which it follows."""
    leader = session.session_of.after if session.session_of else None
    return leader.days_apart if leader else 1


def _booked(sessions: Sequence[ConsultationRequest], place: Clinic) -> list[_Other]:
    """The days of the sessions of these plans that are booked or were attended. One statement."""
    plans = {one.session_of.plan_id for one in sessions if one.session_of}
    rows = Appointment.objects.booked().filter(request__session_of__plan__in=plans)
    found = rows.values_list(
        "request", "request__session_of", "request__session_of__after", "consultation_type",
        "request__session_number", "starts_at",
    )  # fmt: skip
    return [
        _Other(key, line, after, kind, number or 0, when.local_day(start, place.zone))
        for key, line, after, kind, number, start in found
    ]
