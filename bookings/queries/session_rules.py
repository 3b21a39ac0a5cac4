"""Whether a client may have a treatment session at a time: the rules of its kind, and the visits that they count from.

Whose visits they are: those of the same mailbox, or of the same phone and name. A rule is kept by the desk's verbs until
somebody types why it does not hold this time (bookings/workflow/times.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
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


class Histories:
    """The visits, booked or attended, of whoever these `clients` say by address, phone and name: one statement for all of
    them, none for nobody. A client may be a request that is not saved.
    """

    def __init__(self, clients: Iterable[ConsultationRequest], zone: ZoneInfo) -> None:
        wanted = [_same(client) for client in clients]
        rows = Appointment.objects.booked().filter(
            reduce(or_, wanted, Q(pk__in=())), request__status__in=_COUNTS
        )
        joined = rows.select_related("request", "consultation_type").order_by("starts_at")
        self._visits = list(joined) if wanted else []
        self._zone = zone

    def of(self, client: ConsultationRequest, kind: ConsultationType) -> Visits:
        """Those of one of the clients, but for the request's own."""
        consultations, sessions = [], []
        for visit in self._visits:
            if visit.request_id == client.pk or not _is_same(visit.request, client):
                continue
            day = when.local_day(visit.starts_at, self._zone)
            if not visit.consultation_type.is_session:
                consultations.append(day)
            elif visit.consultation_type_id == kind.pk:
                sessions.append(day)
        return Visits(consultations, sessions)


def _same(client: ConsultationRequest) -> Q:
    """Requests of the same mailbox, or of the same phone and name."""
    same = Q(pk__in=())
    if client.mailbox:
        same |= Q(request__mailbox=client.mailbox)
    if client.phone_search and client.name_search:
        same |= Q(request__phone_search=client.phone_search, request__name_search=client.name_search)
    return same


def _is_same(one: ConsultationRequest, other: ConsultationRequest) -> bool:
    if one.mailbox and one.mailbox == other.mailbox:
        return True
    theirs = (other.phone_search, other.name_search)
    return all(theirs) and theirs == (one.phone_search, one.name_search)


def against(
    client: ConsultationRequest, kind: ConsultationType, start: datetime, zone: ZoneInfo
) -> dict[Against, str]:
    """What the rules of the kind have against a session from `start` on, a sentence each. No statement without rules."""
    rules = rules_of(kind)
    if not rules:
        return {}
    visits, day = Histories([client], zone).of(client, kind), when.local_day(start, zone)
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
    visits = Histories([client], zone).of(client, kind)
    return _left(slots, rules, visits, zone, {Against.CONSULTATION})


def to_move(
    visits: Sequence[Appointment], slots: Sequence[Slot], zone: ZoneInfo, histories: Histories
) -> Sequence[Slot]:
    """Those of the free times that a request may have instead of its `visits` (of one kind) with no rule against it, but
    for what is `noted` on them. The `histories` are those of its client. No statement.
    """
    client, kind = visits[0].request, visits[0].consultation_type
    rules = rules_of(kind)
    if not rules:
        return slots
    return _left(slots, rules, histories.of(client, kind), zone, noted(visits))


def noted(visits: Iterable[Appointment]) -> frozenset[Against]:
    """What staff agreed to when they booked these, and what holds at any other time as well: that no consultation is on
    record. Whoever is too near to another visit at one time may be far enough from it at another.
    """
    codes = {code for visit in visits for code in visit.stands_although.split()}
    return frozenset({Against.CONSULTATION} & codes)


def _left(
    slots: Sequence[Slot], rules: SessionRules, visits: Visits, zone: ZoneInfo, but_for: Collection[Against]
) -> Sequence[Slot]:
    days = {when.local_day(slot.start, zone) for slot in slots}
    kept = {
        day
        for day in days
        if not set(of_sessions(day, rules, visits.consultations, visits.sessions)).difference(but_for)
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
    return f"At least {_days(rules.interval)} must lie between two of {name}. The other one is on {when.date_words(near)}."


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
