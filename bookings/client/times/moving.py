"""Where a client looks for another time for a session: from its first day on, as far as it is ahead, within its rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings import limits
from bookings.availability import Slot
from bookings.models import Appointment
from bookings.queries import session_rules
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.session_rules import Histories, Visits
from bookings.queries.slots import Diary
from clinic.foundation import when


def diary(visit: Appointment | None, place: Clinic, now: datetime) -> Diary:
    """What is taken up to the horizon; for a session that is to be moved, from its first day on and as far as it is."""
    today = when.local_day(now, place.zone)
    first, last = today, today + timedelta(days=place.rules.horizon_days)
    if visit is not None and visit.consultation_type.is_session:
        first = max(today, visit.request.due_on or today)
        booked = when.local_day(visit.starts_at, place.zone)
        last = max(first, last, booked) + limits.times.SESSION_MOVES_WITHIN
    return free.read(now=now, first_day=first, days=(last - first).days + 1, place=place)


def visits(visit: Appointment | None, zone: ZoneInfo) -> Visits | None:
    """What the rules of a session that is to be moved count from; None where nothing is asked of its times."""
    if visit is None or not session_rules.has_rules(visit.request, visit.consultation_type):
        return None
    found = Histories([visit.request], zone).of(visit.request, visit.consultation_type)
    return session_rules.of_client(visit, found, zone)


def left(
    visit: Appointment | None, found: Sequence[Slot], counted: Visits | None, zone: ZoneInfo
) -> tuple[Sequence[Slot], dict[date, str]]:
    """The free times; of a session that is to be moved those that no rule is against, and the days whose free times are all
    kept off by another visit, each with how: 'too near to your visit on Thursday 14 January'.
    """
    if visit is None or counted is None:
        return found, {}
    kept = session_rules.left([visit], found, counted, zone)
    days = {when.local_day(slot.start, zone) for slot in found}
    told = {day: counted.beside_it(day) for day in days - {when.local_day(slot.start, zone) for slot in kept}}
    return kept, {day: _HOW[how[0]].format(when.date_words(how[1])) for day, how in told.items() if how}


# The first two words stand under the day among others.
_HOW = {
    -1: "too early: your visit on {} comes before this one",
    0: "too near to your visit on {}",
    1: "too late: your visit on {} comes after this one",
}
