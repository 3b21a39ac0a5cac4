"""Free times for the sessions of a plan, which the desk books in one go: far beyond what clients are offered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bookings import limits
from bookings.availability import Slot
from bookings.models import Appointment, BookingRules, ConsultationRequest
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.slots import Diary, Wanted
from clinic.foundation import when

ANYONE = 0


def suggested(
    sessions: Sequence[ConsultationRequest], now: datetime, place: Clinic, who: int | None = None
) -> dict[int, list[Slot]]:
    """For each session, by its key, up to three free times on days of their own: from its first day on, and as many days
    after the one before it (booked, or as it is suggested first) as the plan asks for. Never on a day on which they
    have another visit of the plan, or are suggested one. Sessions of one plan come in their order.

    `who`: the key of a practitioner, or ANYONE, in place of whom they have seen. Four statements, and one more for each kind
    of session.
    """
    if not sessions:
        return {}
    today = when.local_day(now, place.zone)
    begins = [max(one.due_on or today, today) for one in sessions]
    last = max(begins) + limits.times.SESSION_TIMES_WITHIN * (len(sessions) + 1)
    diary = _diary(min(begins), last, now, place)
    found: dict[int, list[Slot]] = {}
    of_kind: dict[tuple[int, int | None], list[Slot]] = {}
    booked = _booked(sessions, place)
    taken = {day for _, _, day in booked}
    after: dict[int | None, date] = {}  # by line: the first day on which its next session may be
    for session, day in zip(sessions, begins, strict=True):
        person = session.wished_practitioner_id if who is None else who or None
        key = (session.consultation_type_id, person)
        if key not in of_kind:
            of_kind[key] = diary.free(Wanted(kind=session.consultation_type, practitioner_id=person))
        start = max(day, after.get(session.session_of_id, day), *_after_booked(session, booked))
        found[session.pk] = _of_days(of_kind[key], start, place, taken)
        if found[session.pk]:
            first = when.local_day(found[session.pk][0].start, place.zone)
            taken.add(first)
            after[session.session_of_id] = first + _gap(session)
    return found


def _diary(first: date, last: date, now: datetime, place: Clinic) -> Diary:
    days = (last - first).days + 1
    diary = free.read(now=now, first_day=first, days=days, place=place)
    far = (last - when.local_day(now, place.zone)).days + 1
    # The desk books further ahead than clients choose, and for the next day too.
    return replace(diary, rules=_reaching(diary.rules, far))


def _reaching(rules: BookingRules, days: int) -> BookingRules:
    return BookingRules(slot_step_minutes=rules.slot_step_minutes, minimum_notice_hours=0, horizon_days=days)


def _of_days(times: Sequence[Slot], first: date, place: Clinic, taken: Collection[date]) -> list[Slot]:
    """The first free time of each of the next days that have one, three at most."""
    chosen: dict[date, Slot] = {}
    until = first + limits.times.SESSION_TIMES_WITHIN
    for slot in times:
        day = when.local_day(slot.start, place.zone)
        if first <= day <= until and day not in taken:
            chosen.setdefault(day, slot)
        if len(chosen) == limits.times.SESSION_TIMES:
            break
    return list(chosen.values())


def _gap(session: ConsultationRequest) -> timedelta:
    """Between it and the one before or after it at least."""
    line = session.session_of
    return timedelta(days=max(line.gap_days if line else 0, session.consultation_type.interval_days, 1))


def _booked(sessions: Sequence[ConsultationRequest], place: Clinic) -> list[tuple[int, int, date]]:
    """The line, the number and the day of each session of these plans that is booked or was attended. One statement."""
    plans = {one.session_of.plan_id for one in sessions if one.session_of}
    rows = Appointment.objects.booked().filter(request__session_of__plan__in=plans)
    found = rows.values_list("request__session_of", "request__session_number", "starts_at")
    return [(line, number or 0, when.local_day(start, place.zone)) for line, number, start in found]


def _after_booked(session: ConsultationRequest, booked: Sequence[tuple[int, int, date]]) -> list[date]:
    """The first day that those booked before it leave to it."""
    mine, number = session.session_of_id, session.session_number or 0
    return [day + _gap(session) for line, before, day in booked if line == mine and before < number]
