"""The start page's reads: who waits for an answer, and everything else that wants somebody today. Two statements.

Each list is short, however many requests there are: the whole of it stands behind its link. Counts that the rail has
already (bookings/queries/rail.py) are not counted again here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from bookings import limits
from bookings.models import Appointment, Closure, ConsultationRequest, Message, Practitioner, TimeOff
from bookings.queries import desk, off, plans_due, presence, worklist
from bookings.queries.desk import Tab
from bookings.queries.json_rows import first, json_rows, number, sure
from bookings.queries.off import Off
from bookings.queries.plans_due import Plans
from bookings.states import Status
from clinic.foundation import when
from clinic.foundation.prepared import Prepared


@dataclass(frozen=True)
class Waiting:
    """A request that waits for an answer: its row of the worklist, and what decides its next step."""

    row: worklist.Row
    must_be_rung: bool
    held_at: datetime | None  # the time that is held for them, if one is
    is_wanted: bool  # somebody else asked for the same time
    has_wish: bool
    is_session: bool = False  # a visit that came of a plan


@dataclass(frozen=True)
class Visit:
    """A visit of today. `practitioner` by key."""

    request: int
    client: str
    starts_at: datetime
    status: str
    practitioner: int
    with_whom: str
    is_here: bool = False
    is_late: bool = False
    late_minutes: int | None = None


@dataclass(frozen=True)
class Ending:
    """Times held for a request that will be free again soon. `is_offer`: we proposed them."""

    request: int
    client: str
    status: str
    is_offer: bool
    until: datetime
    starts_at: datetime
    more: int  # times beside the first


@dataclass(frozen=True)
class Failed:
    """A mail that did not arrive. `kind` is its code."""

    message: int
    request: int | None  # a mail to the desk itself may have none
    client: str | None
    kind: str
    problem: str
    phone: str | None
    contact_by: str | None


@dataclass(frozen=True)
class Doubt:
    """A booked visit with something against it, in one sentence."""

    request: int
    client: str
    starts_at: datetime
    with_whom: str
    why: str


@dataclass(frozen=True)
class Person:
    """Somebody to call or text, or to come back to. `due`: the day that somebody chose for it."""

    request: int
    client: str
    phone: str
    urgent: bool
    pressing: bool  # urgent, or to be rung on the same day
    tried: int
    due: date | None
    contact_by: str


@dataclass(frozen=True)
class Absent:
    """A practitioner who is away now or later today (UTC), and what is said of it to whoever keeps the diary."""

    who: str
    starts_at: datetime
    ends_at: datetime
    label: str


@dataclass(frozen=True)
class Work:
    """Everything that wants somebody today. `practises_as`: the reader's own key as a practitioner, if they are one.

    `visits` are everybody's, each list with its number, of which it has the first. The reader's own stand on their sheet
    (bookings/admin/day/own.py). `closed`: what the clinic is closed for today.
    """

    practises_as: int | None
    visits: list[Visit]
    visits_number: int
    next_visit: datetime | None
    ending: list[Ending]
    ending_number: int
    failed: list[Failed]
    doubts: list[Doubt]
    to_call: list[Person]
    to_call_number: int
    coming_back: list[Person]
    away: list[Absent]
    closed: list[str]
    due_today: int
    plans: Plans


_FEW = limits.lists.START_FEW


# --- who waits for an answer ------------------------------------------------------------------------------------------


def waiting(reader: int, now: datetime, zone: ZoneInfo) -> tuple[list[Waiting], int]:
    """The first of those that wait for an answer, in the order of the worklist, and how many there are: one statement.

    For a practitioner, as on the worklist: their own and what nobody has.
    """
    found = list(WAITING.models((now, presence.shown_since(now), reader), zone))
    return [_waiting(row, reader, now, zone) for row in found], found[0].found if found else 0


def waits(given: tuple[datetime, datetime, int], zone: ZoneInfo) -> QuerySet[Any]:
    """What `waiting` reads, at a moment, with who has been looking since another, for a member of staff (by key)."""
    now, since, reader = given
    new = ConsultationRequest.objects.filter(desk.AWAKE, _for(reader), status=Status.NEW)
    open_ones, ordered = desk.with_visit(new), partial(desk.in_order, tab=Tab.NEW)
    rows = worklist.page(open_ones, ordered, 0, limits.lists.START_ROWS, now, since, zone)
    same = ConsultationRequest.objects.filter(status=Status.NEW, wished_start=OuterRef("wished_start"))
    found: QuerySet[Any] = rows.annotate(is_wanted=Exists(same.exclude(pk=OuterRef("pk"))))
    return found


WAITING = Prepared(waits)


def _waiting(row: Any, reader: int, now: datetime, zone: ZoneInfo) -> Waiting:
    held = [
        sure(start)
        for start, state, is_offer, until, *_ in row.its_times
        if state == Appointment.State.HELD and not is_offer and until and sure(until) > now
    ]
    return Waiting(
        row=worklist.line(row, reader, now, zone),
        must_be_rung=row.must_be_rung,
        held_at=held[0] if held else None,
        is_wanted=row.is_wanted,
        has_wish=row.wished_start is not None,
        is_session=row.session_number is not None,
    )


def _for(reader: int) -> Q:
    """Everything for whoever does not practise; else the rule of "Yours and unassigned" (bookings/admin/worklist)."""
    occupying = Appointment.objects.occupying().filter(request=OuterRef("pk"))
    theirs = Q(Exists(occupying.filter(practitioner__in=_practising(reader))))
    theirs |= Q(wished_practitioner__in=_practising(reader)) | Q(assigned_to=reader) | Q(assigned_to=None)
    return ~Q(Exists(_practising(reader))) | theirs


def _practising(reader: int) -> QuerySet[Practitioner]:
    return Practitioner.objects.filter(user=reader, is_active=True)


# --- everything else --------------------------------------------------------------------------------------------------


def work(reader: int, now: datetime, zone: ZoneInfo) -> Work:
    """What else wants the reader (a member of staff, by key) today: one statement, which Django writes once."""
    found = next(STATEMENT.models(given(reader, now, zone), zone))
    visits = sorted(map(_visit, found.its_visits), key=_by_start)
    return Work(
        practises_as=found.its_practitioner,
        visits=visits,
        visits_number=found.visits_number,
        next_visit=found.next_visit,
        ending=_ending(found.its_ending),
        ending_number=found.ending_number,
        failed=[Failed(*row) for row in sorted(found.its_failed, reverse=True)],
        doubts=sorted((_doubt(row, zone) for row in found.its_doubts), key=_by_start),
        to_call=sorted(
            map(_person, found.its_calls), key=lambda one: (not one.urgent, not one.pressing, one.request)
        ),
        to_call_number=found.calls_number,
        coming_back=sorted(map(_person, found.its_returns), key=lambda one: (one.due, one.request)),
        away=sorted((_absent(row) for row in found.its_away), key=lambda one: (one.who, one.starts_at)),
        closed=[name for (name,) in found.its_closures],
        due_today=found.due_today,
        plans=plans_due.found(found, zone),
    )


def _by_start(one: Visit | Doubt) -> datetime:
    return one.starts_at


class Given(NamedTuple):
    """What differs from one page to the next. `midnight` begins today; what is held until `soon` ends within a day."""

    reader: int
    now: datetime
    midnight: datetime
    next_midnight: datetime
    today: date
    soon: datetime
    visited_since: datetime  # plans of earlier visits are not asked for any more


def given(reader: int, now: datetime, zone: ZoneInfo) -> Given:
    """What the statement is given at `now`."""
    today = when.local_day(now, zone)
    return Given(
        reader,
        now,
        *when.day_bounds(today, zone),
        today,
        now + limits.deadlines.ENDS_SOON,
        now - limits.deadlines.PLAN_REMINDED,
    )


def wanting(at: Given, zone: ZoneInfo) -> QuerySet[User]:
    """The reader, with everything that wants them."""
    due = ConsultationRequest.objects.promised_before(at.next_midnight)
    failed = Message.objects.filter(state=Message.State.FAILED)
    columns: dict[str, Any] = {
        "its_practitioner": Subquery(_practising(at.reader).values("pk")[:1]),
        "its_failed": first(
            failed.order_by("-pk"),
            _FEW,
            "pk",
            "request_id",
            "request__name",
            "kind",
            "problem",
            "request__phone",
            "request__contact_by",
        ),
        "due_today": number(due),
        **_of_visits(at),
        **_of_holds(at, zone),
        **_of_people(at),
        **_of_absences(at),
        **plans_due.columns(at.reader, at.visited_since),
    }
    found: QuerySet[User] = User.objects.filter(pk=at.reader).only("pk").annotate(**columns)
    return found


def _of_visits(at: Given) -> dict[str, Any]:
    booked = Appointment.objects.booked()
    today = booked.filter(starts_at__gte=at.midnight, starts_at__lt=at.next_midnight).order_by(
        "starts_at", "pk"
    )
    later = booked.filter(starts_at__gte=at.next_midnight).order_by("starts_at")
    whose = ("request_id", "request__name", "starts_at", "request__status")
    columns = (*whose, "practitioner_id", "practitioner__name", "arrived_at", "late_at", "late_minutes")
    return {
        "its_visits": first(today, 3 * _FEW, *columns),
        "visits_number": number(today),
        "next_visit": Subquery(later.values("starts_at")[:1]),
    }


def _of_holds(at: Given, zone: ZoneInfo) -> dict[str, Any]:
    holds = _held_until(at.now, at.soon).order_by("held_until", "pk")
    doubts = off.in_doubt(at.now, zone).order_by("starts_at", "pk")
    judged = off.judged(Appointment.objects.all(), zone)
    whose = ("request_id", "request__name")
    kind = ("starts_at", "practitioner__name", "consultation_type__name")
    return {
        # An offer is up to three times.
        "its_ending": first(
            holds, 3 * _FEW, *whose, "request__status", "is_offer", "held_until", "starts_at"
        ),
        "ending_number": number(holds, "request"),
        "its_doubts": first(doubts, _FEW, *whose, *kind, *(f"off_{one}" for one in Off), of=judged),
    }


def _of_people(at: Given) -> dict[str, Any]:
    calls = ConsultationRequest.objects.filter(desk.to_call(at.now))
    returns = ConsultationRequest.objects.filter(desk.to_come_back(at.today))
    columns = ("pk", "name", "phone", "urgent", "same_day_call", "calls_tried", "follow_up_on", "contact_by")
    return {
        "its_calls": first(calls.order_by("-urgent", "-same_day_call", "pk"), _FEW, *columns),
        "calls_number": number(calls),
        "its_returns": first(returns.order_by("follow_up_on", "pk"), _FEW, *columns),
    }


def _of_absences(at: Given) -> dict[str, Any]:
    """Who is away now or later today, and whether the clinic is closed."""
    away = TimeOff.objects.filter(
        practitioner__is_active=True, starts_at__lt=at.next_midnight, ends_at__gt=at.now
    )
    closed = Closure.objects.filter(first_day__lte=at.today, last_day__gte=at.today)
    return {
        "its_away": first(
            away.order_by("starts_at"), 3 * _FEW, "practitioner__name", "starts_at", "ends_at", "label"
        ),
        "its_closures": json_rows(closed, "name"),
    }


def ending(now: datetime) -> QuerySet[Appointment]:
    """Held times that will be free again within a day."""
    return _held_until(now, now + limits.deadlines.ENDS_SOON)


def _held_until(now: datetime, soon: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.held().filter(held_until__gt=now, held_until__lte=soon)


STATEMENT = Prepared(wanting)


# --- what came as JSON ------------------------------------------------------------------------------------------------


def _visit(row: list[Any]) -> Visit:
    request, client, starts_at, status, practitioner, with_whom, arrived, late, minutes = row
    return Visit(
        request, client, sure(starts_at), status, practitioner, with_whom, bool(arrived), bool(late), minutes
    )


def _ending(rows: list[list[Any]]) -> list[Ending]:
    """One for each request, soonest first."""
    by_request: dict[int, list[list[Any]]] = {}
    for row in sorted(rows, key=lambda row: (sure(row[4]), sure(row[5]))):
        by_request.setdefault(row[0], []).append(row)
    found = [
        Ending(request, client, status, bool(is_offer), sure(until), sure(starts_at), len(theirs) - 1)
        for request, theirs in by_request.items()
        for _, client, status, is_offer, until, starts_at in theirs[:1]
    ]
    return found[:_FEW]


def _doubt(row: list[Any], zone: ZoneInfo) -> Doubt:
    request, client, starts_at, with_whom, kind, *answers = row
    found = [one for one, yes in zip(Off, answers, strict=True) if yes]
    day = when.day(sure(starts_at), zone)
    why = off.words(found[0], who=with_whom, kind=kind, day=day) if found else ""
    return Doubt(request, client, sure(starts_at), with_whom, why)


def _absent(row: list[Any]) -> Absent:
    who, starts_at, ends_at, label = row
    return Absent(who, sure(starts_at), sure(ends_at), label)


def _person(row: list[Any]) -> Person:
    request, client, phone, urgent, same_day, tried, due, contact_by = row
    return Person(
        request=request,
        client=client,
        phone=phone,
        urgent=bool(urgent),
        pressing=bool(urgent or same_day),
        tried=tried,
        due=date.fromisoformat(due) if due else None,
        contact_by=contact_by,
    )
