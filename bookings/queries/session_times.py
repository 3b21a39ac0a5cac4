"""Free times for the sessions of a plan, which the desk books in one go: far beyond what clients are offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bookings import limits
from bookings.availability import Slot
from bookings.models import BookingRules, ConsultationRequest
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.slots import Diary, Wanted
from clinic.foundation import when


def suggested(sessions: Sequence[ConsultationRequest], now: datetime, place: Clinic) -> dict[int, list[Slot]]:
    """For each session, by its key, up to three free times on days of their own: from its first day on, and as many days
    after the first suggestion for the one before it as the plan asks for. Sessions of one plan come in their order.

    Three statements, and one more for each kind of session.
    """
    if not sessions:
        return {}
    today = when.local_day(now, place.zone)
    begins = [max(one.due_on or today, today) for one in sessions]
    last = max(begins) + limits.times.SESSION_TIMES_WITHIN * (len(sessions) + 1)
    diary = _diary(min(begins), last, now, place)
    found: dict[int, list[Slot]] = {}
    of_kind: dict[tuple[int, int | None], list[Slot]] = {}
    after: dict[int | None, date] = {}  # by line: the first day on which its next session may be
    for session, day in zip(sessions, begins, strict=True):
        who = session.wished_practitioner_id
        key = (session.consultation_type_id, who)
        if key not in of_kind:
            of_kind[key] = diary.free(Wanted(kind=session.consultation_type, practitioner_id=who))
        start = max(day, after.get(session.session_of_id, day))
        found[session.pk] = _of_days(of_kind[key], start, place)
        if found[session.pk]:
            after[session.session_of_id] = _next_day(session, found[session.pk][0], place)
    return found


def _diary(first: date, last: date, now: datetime, place: Clinic) -> Diary:
    days = (last - first).days + 1
    diary = free.read(now=now, first_day=first, days=days, place=place)
    far = (last - when.local_day(now, place.zone)).days + 1
    # The desk books further ahead than clients choose, and for the next day too.
    return replace(diary, rules=_reaching(diary.rules, far))


def _reaching(rules: BookingRules, days: int) -> BookingRules:
    return BookingRules(slot_step_minutes=rules.slot_step_minutes, minimum_notice_hours=0, horizon_days=days)


def _of_days(times: Sequence[Slot], first: date, place: Clinic) -> list[Slot]:
    """The first free time of each of the next days that have one, three at most."""
    chosen: dict[date, Slot] = {}
    until = first + limits.times.SESSION_TIMES_WITHIN
    for slot in times:
        day = when.local_day(slot.start, place.zone)
        if first <= day <= until:
            chosen.setdefault(day, slot)
        if len(chosen) == limits.times.SESSION_TIMES:
            break
    return list(chosen.values())


def _next_day(session: ConsultationRequest, slot: Slot, place: Clinic) -> date:
    line = session.session_of
    gap = max(line.gap_days if line else 0, session.consultation_type.interval_days, 1)
    return when.local_day(slot.start, place.zone) + timedelta(days=gap)
