"""Whether a client may have a treatment session at a time: the rules of its kind, and the visits that they count from.

Whose visits they are: those of the same mailbox, or of the same phone and name. A rule is kept by the desk's verbs until
somebody types why it does not hold this time (bookings/workflow/times.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.against import Against, SessionRules, of_sessions
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest, ConsultationType
from bookings.states import Status
from clinic.foundation import when

_COUNTS = (Status.CONFIRMED, Status.ATTENDED)


@dataclass(frozen=True, slots=True)
class Visits:
    """The days of somebody's visits: consultations, and sessions of the kind that is asked about."""

    consultations: Sequence[date]
    sessions: Sequence[date]


def rules_of(kind: ConsultationType) -> SessionRules:
    """The rules of a kind; none for a consultation."""
    if not kind.is_session:
        return SessionRules()
    return SessionRules(kind.consultation_within_days, kind.cooling_off_days, kind.interval_days)


def visits_of(client: ConsultationRequest, kind: ConsultationType, zone: ZoneInfo) -> Visits:
    """The visits, booked or attended, of whoever `client` says by address, phone and name, but for its own: one statement.

    `client` may be a request that is not saved.
    """
    same = Q(pk__in=())
    if client.mailbox:
        same |= Q(request__mailbox=client.mailbox)
    if client.phone_search and client.name_search:
        same |= Q(request__phone_search=client.phone_search, request__name_search=client.name_search)
    found = (
        Appointment.objects.booked()
        .filter(same, request__status__in=_COUNTS)
        .exclude(request=client.pk)
        .values_list("starts_at", "consultation_type__purpose", "consultation_type_id")
    )
    consultations, sessions = [], []
    for start, purpose, key in found.order_by("starts_at"):
        if purpose == ConsultationType.Purpose.CONSULTATION:
            consultations.append(when.local_day(start, zone))
        elif key == kind.pk:
            sessions.append(when.local_day(start, zone))
    return Visits(consultations, sessions)


def against(
    client: ConsultationRequest, kind: ConsultationType, start: datetime, zone: ZoneInfo
) -> dict[Against, str]:
    """What the rules of the kind have against a session from `start` on, a sentence each. No statement without rules."""
    rules = rules_of(kind)
    if not rules:
        return {}
    visits, day = visits_of(client, kind, zone), when.local_day(start, zone)
    found = of_sessions(day, rules, visits.consultations, visits.sessions)
    return {code: _words(code, kind, rules, visits, day) for code in found}


def allowed(
    client: ConsultationRequest, kind: ConsultationType, slots: Sequence[Slot], zone: ZoneInfo
) -> Sequence[Slot]:
    """Those of the free times that are neither too soon after the consultation nor too near to another session, to choose
    from. That there was no consultation is said of a chosen time. No statement without rules.
    """
    rules = rules_of(kind)
    if not rules:
        return slots
    visits, too_near = visits_of(client, kind, zone), {Against.COOLING, Against.INTERVAL}
    days = {when.local_day(slot.start, zone) for slot in slots}
    kept = {
        day
        for day in days
        if not too_near.intersection(of_sessions(day, rules, visits.consultations, visits.sessions))
    }
    return [slot for slot in slots if when.local_day(slot.start, zone) in kept]


def _words(code: Against, kind: ConsultationType, rules: SessionRules, visits: Visits, day: date) -> str:
    name = f"“{kind.name}”"
    match code:
        case Against.CONSULTATION:
            return f"{name} needs a consultation in the {_days(rules.within or 0)} before it, and none is on record."
        case Against.COOLING:
            last = max(one for one in visits.consultations if one <= day)
            return (
                f"{name} comes {_days(rules.cooling_off)} after the consultation or later. That was on "
                f"{when.date_words(last)}."
            )
    near = min(visits.sessions, key=lambda one: abs(one - day))
    return f"{_days(rules.interval)} lie between two of {name}. The other one is on {when.date_words(near)}."


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
