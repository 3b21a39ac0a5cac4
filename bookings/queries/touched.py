"""Whom a change of time would hit: booked visits, offers, held wishes and proposals in some stretches or days, by request.

Three statements for the rows, and three more for what hangs on their requests, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.models import Appointment, ConsultationRequest
from bookings.models.appointment import AppointmentQuerySet
from bookings.models.request import RequestQuerySet
from bookings.states import LIVE, Status
from clinic.foundation import when


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one practitioner's time (UTC, end excluded) that is to be taken away."""

    practitioner_id: int
    start: datetime
    end: datetime


class What(StrEnum):
    """What is hit."""

    VISIT = "visit"
    OFFER = "offer"
    HOLD = "hold"  # of the time that a client asked for
    PROPOSAL = "proposal"  # another time, held beside a booked visit that stays


@dataclass(frozen=True)
class Touched:
    """One request that is hit: `appointments` lie in it, in order; `others` of the same offer do not."""

    consultation: ConsultationRequest
    what: What
    appointments: Sequence[Appointment]
    others: Sequence[Appointment] = ()

    @property
    def first(self) -> Appointment:
        return self.appointments[0]


def in_stretches(stretches: Iterable[Stretch]) -> AppointmentQuerySet:
    """Whatever meets one of the stretches, to come or not."""
    hits = [
        Q(practitioner=one.practitioner_id, starts_at__lt=one.end, ends_at__gt=one.start) for one in stretches
    ]
    return Appointment.objects.filter(reduce(or_, hits)) if hits else Appointment.objects.none()


def on_days(days: Iterable[date], zone: ZoneInfo) -> AppointmentQuerySet:
    """Whatever begins on these days of the clinic's, with anybody: what a closure hits."""
    hits = [
        Q(starts_at__gte=start, starts_at__lt=end)
        for start, end in (when.day_bounds(day, zone) for day in days)
    ]
    return Appointment.objects.filter(reduce(or_, hits)) if hits else Appointment.objects.none()


def among(rows: AppointmentQuerySet, now: datetime, *, most: int) -> list[Touched]:
    """Those of the rows that somebody can still decide about, by request, soonest first; at most `most` requests: booked or
    held and to come, or a visit that runs and whose client nobody has marked as here.
    """
    by_request: dict[int, list[int]] = {}
    for key, request_id in _to_come(rows, now).values_list("pk", "request_id"):
        if request_id in by_request or len(by_request) < most:
            by_request.setdefault(request_id, []).append(key)
    known = with_wish().in_bulk(list(by_request))
    return [_touched(known[key], set(keys), now) for key, keys in by_request.items() if key in known]


def requests(rows: AppointmentQuerySet, now: datetime) -> list[int]:
    """The keys of all the requests of which `among` has the first, soonest first: one statement."""
    return list(dict.fromkeys(_to_come(rows, now).values_list("request_id", flat=True)))


def _to_come(rows: AppointmentQuerySet, now: datetime) -> AppointmentQuerySet:
    """Those that are booked or held, of requests that are not over, soonest first."""
    not_here = Q(state=Appointment.State.BOOKED, ends_at__gt=now, arrived_at=None)
    live = rows.busy(now).filter(Q(starts_at__gt=now) | not_here, request__status__in=LIVE)
    return live.order_by("starts_at", "pk")


def under_way(rows: AppointmentQuerySet, now: datetime) -> list[Appointment]:
    """Visits that have begun, with somebody who was marked as here: nobody is asked about whoever is in the room."""
    here = Q(arrived_at__isnull=False) | Q(request__status=Status.ATTENDED)
    running = rows.booked().filter(here, starts_at__lte=now, ends_at__gt=now)
    return list(running.select_related("request", "practitioner").order_by("starts_at"))


def with_wish() -> RequestQuerySet:
    """Requests with what is read to look for times for them."""
    rows = ConsultationRequest.objects.select_related(
        "consultation_type", "wished_practitioner", "support_needs"
    )
    return rows.prefetch_related(
        "concerns", "windows", "appointments__practitioner", "appointments__consultation_type"
    )


def _touched(consultation: ConsultationRequest, keys: set[int], now: datetime) -> Touched:
    rows = sorted(consultation.appointments.all(), key=lambda row: (row.starts_at, row.pk))
    for row in rows:
        row.request = consultation  # with what was fetched for it
    hit = [row for row in rows if row.pk in keys]
    booked = [row for row in hit if row.state == Appointment.State.BOOKED]
    if booked:
        return Touched(consultation, What.VISIT, booked)
    if any(row.state == Appointment.State.BOOKED for row in rows):
        return Touched(consultation, What.PROPOSAL, hit)
    if not hit[0].is_offer:
        return Touched(consultation, What.HOLD, hit)
    rest = [row for row in rows if row.pk not in keys and _is_offered(row, now)]
    return Touched(consultation, What.OFFER, hit, rest)


def _is_offered(row: Appointment, now: datetime) -> bool:
    live = row.state == Appointment.State.HELD and row.held_until is not None and row.held_until > now
    return live and row.is_offer and row.starts_at > now
