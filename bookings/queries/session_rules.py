"""Whether a client may have a treatment session at a time: the rules of its kind, those of its plan, and
the visits that they count from.

Whose visits they are: those of the same mailbox, or of the same phone and name; and those of the same plan. A rule is
kept by the desk's verbs until somebody types why it does not hold this time (bookings/workflow/times.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.against import Against, Beside, SessionRules, of_plan, of_sessions
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest, ConsultationType, PlanLine
from bookings.states import Status
from clinic.foundation import when

# A visit counts while it is to come, and if they came.
COUNTS = (Status.CONFIRMED, Status.ATTENDED)


@dataclass(frozen=True, slots=True)
class Visits:
    """The days of somebody's visits: consultations, and sessions of the kind that is asked about, whose `rules` count from
    them. Of a visit of a plan also its `first` day there, and the others of its treatment or of one that it follows, or that
    follows it.
    """

    rules: SessionRules
    consultations: Sequence[date]
    sessions: Sequence[date]
    first: date | None = None
    beside: Sequence[Beside] = ()

    def against(self, day: date) -> list[Against]:
        """What the rules have against a session on that day."""
        return [
            *of_sessions(day, self.rules, self.consultations, self.sessions),
            *of_plan(day, self.first, self.beside),
        ]

    def beside_it(self, day: date) -> tuple[int, date] | None:
        """The day of the visit that keeps a session from this one, and how it lies to that: 0 too near, on the wrong side
        of it -1 too early, 1 too late. None if no other visit does.
        """
        near = [Beside(one, self.rules.interval) for one in self.sessions if self.rules.interval]
        found = [one for one in (*self.beside, *near) if one.is_too_near(day)]
        if not found:
            return None
        other = min(found, key=lambda one: abs(one.day - day))
        is_wrong = other.order != 0 and (day - other.day).days * other.order <= 0
        return (-other.order if is_wrong else 0), other.day

    def in_order(self, day: date) -> Visits:
        """The same for one that stays between those before and after it, as it lies on that day."""
        interval = self.rules.interval
        others = [*self.beside, *(Beside(one, interval) for one in self.sessions if interval)]
        ordered = [replace(one, order=one.order or (1 if one.day <= day else -1)) for one in others]
        return replace(self, beside=ordered)


def rules_of(kind: ConsultationType) -> SessionRules:
    """The rules of a kind; none for a consultation."""
    if not kind.is_session:
        return SessionRules()
    return SessionRules(kind.consultation_within_days, kind.cooling_off_days, kind.interval_days)


def has_rules(client: ConsultationRequest, kind: ConsultationType) -> bool:
    """Whether anything is asked of the times of a session: by its kind, or by the plan that it is of."""
    return bool(rules_of(kind)) or client.session_of_id is not None


class Histories:
    """The visits, booked or attended, of whoever these `clients` say by address, phone and name, and of their plans: one
    statement for all of them, two where one is of a plan, none for nobody. A client may be a request that is not saved.
    """

    def __init__(self, clients: Iterable[ConsultationRequest], zone: ZoneInfo) -> None:
        people = list(clients)
        wanted = [_same(client) for client in people]
        rows = Appointment.objects.booked().filter(
            reduce(or_, wanted, Q(pk__in=())), request__status__in=COUNTS
        )
        joined = rows.select_related("request", "consultation_type").order_by("starts_at")
        self._visits = list(joined) if wanted else []
        self._lines = _lines(people)
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
        line = self._lines.get(client.session_of_id or 0)
        if line is None:
            return Visits(rules_of(kind), consultations, sessions)
        return Visits(
            rules_of(kind), consultations, sessions, client.due_on, self._beside(client, line, kind)
        )

    def _beside(self, client: ConsultationRequest, line: PlanLine, kind: ConsultationType) -> list[Beside]:
        """The other visits of its plan that the plan keeps apart from this one."""
        found = []
        for visit in self._visits:
            other = self._lines.get(visit.request.session_of_id or 0)
            if other is None or visit.request_id == client.pk:
                continue
            day = when.local_day(visit.starts_at, self._zone)
            # What the kind asks for is said of it once.
            if other == line and line.gap_days > kind.interval_days:
                found.append(Beside(day, line.gap_days))
            elif other.pk == line.after_id:
                found.append(Beside(day, other.days_apart, order=1))
            elif other.after_id == line.pk:
                found.append(Beside(day, line.days_apart, order=-1))
        return found


def _lines(clients: Iterable[ConsultationRequest]) -> dict[int, PlanLine]:
    """Every treatment of the plans that these are visits of, by its key, without its words: one statement, or none."""
    keys = {client.session_of_id for client in clients if client.session_of_id}
    if not keys:
        return {}
    rows = PlanLine.objects.filter(plan__in=PlanLine.objects.filter(pk__in=keys).values("plan"))
    return {line.pk: line for line in rows.select_related("kind").defer("words")}


def _same(client: ConsultationRequest) -> Q:
    """Requests of the same mailbox, or of the same phone and name."""
    same = Q(pk__in=())
    if client.mailbox:
        same |= Q(request__mailbox=client.mailbox)
    if client.phone_search and client.name_search:
        same |= Q(request__phone_search=client.phone_search, request__name_search=client.name_search)
    if client.session_of_id and client.follows_id:
        same |= Q(request__follows=client.follows_id, request__session_number__isnull=False)
    return same


def _is_same(one: ConsultationRequest, other: ConsultationRequest) -> bool:
    if one.mailbox and one.mailbox == other.mailbox:
        return True
    theirs = (other.phone_search, other.name_search)
    return all(theirs) and theirs == (one.phone_search, one.name_search)


def against(
    client: ConsultationRequest,
    kind: ConsultationType,
    start: datetime,
    zone: ZoneInfo,
    *,
    moved: Appointment | None = None,
) -> dict[Against, str]:
    """What the rules of the kind and of its plan have against a session from `start` on, a sentence each. No statement
    without rules. `moved`: a visit of a plan that its client moves, between those before and after it.
    """
    if not has_rules(client, kind):
        return {}
    visits, day = Histories([client], zone).of(client, kind), when.local_day(start, zone)
    if moved is not None:
        visits = of_client(moved, visits, zone)
    return {code: _words(code, kind, visits, day) for code in visits.against(day)}


def allowed(
    client: ConsultationRequest, kind: ConsultationType, slots: Sequence[Slot], zone: ZoneInfo
) -> Sequence[Slot]:
    """Those of the free times that are neither too soon after the consultation nor too near to another session, to choose
    from. That there was no consultation is said of a chosen time. No statement without rules.
    """
    if not has_rules(client, kind):
        return slots
    return _left(slots, Histories([client], zone).of(client, kind), zone, {Against.CONSULTATION})


def to_move(
    visits: Sequence[Appointment], slots: Sequence[Slot], zone: ZoneInfo, histories: Histories
) -> Sequence[Slot]:
    """Those of the free times that a request may have instead of its `visits` (of one kind) with no rule against it, but
    for what is `noted` on them. The `histories` are those of its client. No statement.
    """
    client, kind = visits[0].request, visits[0].consultation_type
    if not has_rules(client, kind):
        return slots
    return left(visits, slots, histories.of(client, kind), zone)


def of_client(visit: Appointment, visits: Visits, zone: ZoneInfo) -> Visits:
    """What counts for a client who moves their visit: one of a plan stays between those before and after it."""
    is_of_plan = visit.request.session_of_id is not None
    return visits.in_order(when.local_day(visit.starts_at, zone)) if is_of_plan else visits


def left(
    visits: Iterable[Appointment], slots: Sequence[Slot], history: Visits, zone: ZoneInfo
) -> Sequence[Slot]:
    """Those of the free times that these may move to with no rule against it, but for what is `noted` on them."""
    return _left(slots, history, zone, noted(visits))


def noted(visits: Iterable[Appointment]) -> frozenset[Against]:
    """What staff agreed to when they booked these, and what holds at any other time as well: that no consultation is on
    record. Whoever is too near to another visit at one time may be far enough from it at another.
    """
    codes = {code for visit in visits for code in visit.stands_although.split()}
    return frozenset({Against.CONSULTATION} & codes)


def _left(
    slots: Sequence[Slot], visits: Visits, zone: ZoneInfo, but_for: Collection[Against]
) -> Sequence[Slot]:
    days = {when.local_day(slot.start, zone) for slot in slots}
    kept = {day for day in days if not set(visits.against(day)).difference(but_for)}
    return [slot for slot in slots if when.local_day(slot.start, zone) in kept]


# What is said to whoever moves their own visit as it is said at the desk: of their plan and of their own visits.
_TOLD_TO_CLIENTS = frozenset({Against.INTERVAL, Against.EARLY, Against.GAP})


def told(found: Mapping[Against, str], visit: Appointment) -> str:
    """What a client hears who would move this visit to a time with these rules against it; empty if all are noted on it."""
    broken = set(found) - noted([visit])
    if not broken:
        return ""
    words = next((found[code] for code in Against if code in broken & _TOLD_TO_CLIENTS), "")
    return words or "This time is too near to another of your visits, or too far from it."


def _words(code: Against, kind: ConsultationType, visits: Visits, day: date) -> str:
    name, rules = f"“{kind.name}”", visits.rules
    match code:
        case Against.CONSULTATION:
            return f"{name} needs a consultation in the {_days(rules.within or 0)} before it, and none is on record."
        case Against.COOLING:
            last = max(one for one in visits.consultations if one <= day)
            return (
                f"{name} comes {_days(rules.cooling_off)} after the consultation or later. That was on "
                f"{when.date_words(last)}."
            )
        case Against.EARLY if visits.first is not None:
            return f"The plan has this visit from {when.date_words(visits.first)} on."
        case Against.GAP:
            return _gap_words(visits, day)
    near = min(visits.sessions, key=lambda one: abs(one - day))
    return f"At least {_days(rules.interval)} must lie between two of {name}. The other one is on {when.date_words(near)}."


def _gap_words(visits: Visits, day: date) -> str:
    """Of the visit of the plan that is nearest to that day, among those that are too near to it."""
    other = min((one for one in visits.beside if one.is_too_near(day)), key=lambda one: abs(one.day - day))
    there, least, apart = when.date_words(other.day), _days(other.least), abs((day - other.day).days)
    if other.order and (day - other.day).days * other.order <= 0:
        place = "after" if other.order > 0 else "before"
        return f"The plan has this visit {least} or more {place} the one on {there}."
    return f"The plan has at least {least} between this visit and the one on {there}. This leaves {_days(apart)}."


def kept_words(visits: Visits | None, session: ConsultationRequest) -> str:
    """Which times a visit of a plan may move to, for whoever moves theirs: 'at least 42 days after your visit on Monday 1
    March and at least 42 days before your visit on ...'. The `visits` are in order. Empty where nothing is asked of them,
    and for what is of no plan.
    """
    if visits is None or session.session_of_id is None:
        return ""
    before = [one for one in visits.beside if one.order > 0]
    after = [one for one in visits.beside if one.order < 0]
    said = []
    if before:
        last = max(before, key=lambda one: one.day + timedelta(days=one.least))
        said.append(f"at least {_days(last.least)} after your visit on {when.date_words(last.day)}")
    elif visits.first is not None:
        said.append(f"from {when.date_words(visits.first)} on")
    if after:
        first = min(after, key=lambda one: one.day - timedelta(days=one.least))
        said.append(f"at least {_days(first.least)} before your visit on {when.date_words(first.day)}")
    return " and ".join(said)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
