"""Closing time: what would go wrong overnight if nobody did anything. Each number is that of a list of the worklist.

Overnight lasts until a time of the next day on which the clinic is open (`morning`). An address of the worklist holds that
moment ("offered@2026-12-01T10:00Z"), so the list is that of the number whenever it is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q

from bookings import availability, limits
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import desk, one_request
from bookings.queries.clinic import Clinic
from bookings.states import LIVE, Status
from clinic.foundation import when

PROMISE, OFFER, HOLD, OVER, CALL = "promise", "offered", "held", "over", "now"
# What each is called in the list of those that end by a moment.
ENDS = {
    PROMISE: "reply promise",
    OFFER: "offered times",
    HOLD: "held time",
    OVER: "visit that nobody has marked",
    CALL: "call that cannot wait",
}
CLINICIAN, FRONT_DESK = "clinician", "desk"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has open requests that wait for us; without a key, nobody has them."""

    key: int | None
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Closing:
    """How many requests break their promise (of them `broken` have already), wait for a clinician or the front desk, or have
    times that end overnight; how many visits are over and not marked; and how many clients must be rung now (`calls`): it is
    urgent, or they were promised a call the same day, and nobody has spoken with them."""

    promises: int
    broken: int
    for_clinician: int
    for_desk: int
    owners: list[Owner]
    offers: int
    holds: int
    unmarked: int
    calls: int


def morning(clinic: Clinic, now: datetime) -> datetime:
    """Until when (UTC) the night lasts: ten, or when the clinic opens if that is later, on the next day on which it opens,
    today included before it does.
    """
    zone = clinic.zone
    day = when.local_day(now, zone)
    for _ in range(limits.deadlines.LONGEST_CLOSURE_DAYS):
        stretches = [] if day in clinic.closed else availability.stretches(day, clinic.opening)
        if stretches and when.instant(stretches[0][0], zone) > now:
            opens = max(limits.deadlines.MORNING, stretches[0][0].time())
            break
        day += timedelta(days=1)
    else:
        day = when.local_day(now, zone) + timedelta(days=1)
        opens = limits.deadlines.MORNING
    return when.instant(datetime.combine(day, opens), zone)


def ends(what: str, until: datetime, now: datetime) -> Q:
    """Requests of which this ends by `until`: the promise (or it is over already), an offer, a hold, a booked visit that
    nobody has marked. A call that cannot wait ends whenever it is asked.
    """
    if what == PROMISE:
        return Q(status=Status.NEW, promise_due_at__lt=until)
    if what == CALL:
        return desk.pressing()
    if what == OVER:
        over = Appointment.objects.booked().filter(request=OuterRef("pk"), ends_at__lte=until)
        return Q(Exists(over), status=Status.CONFIRMED)
    held = Appointment.objects.held().filter(held_until__gt=now, held_until__lte=until)
    return Q(Exists(held.filter(request=OuterRef("pk"), is_offer=what == OFFER)))


def waits_for(whom: str) -> Q:
    """New requests that wait for a clinician: one has it, or nobody has and one must look; or for the front desk."""
    clinicians = one_request.staff().filter(reads_health=True).values("pk")
    theirs = Q(assigned_to__in=clinicians) | Q(assigned_to=None) & (
        Q(needs_clinician=True) | Q(same_day_call=True)
    )
    return Q(desk.AWAKE, status=Status.NEW) & (theirs if whom == CLINICIAN else ~theirs)


def read(until: datetime, now: datetime) -> Closing:
    """All numbers: two SQL statements."""
    live = ConsultationRequest.objects.filter(status__in=LIVE)
    conditions = {what: ends(what, until, now) for what in (PROMISE, OFFER, HOLD, CALL)}
    # To the minute, as the address of the list says it.
    minute = now.replace(second=0, microsecond=0)
    conditions |= {"broken": ends(PROMISE, minute, now), "unmarked": ends(OVER, minute, now)}
    conditions |= {whom: waits_for(whom) for whom in (CLINICIAN, FRONT_DESK)}
    found = live.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})
    return Closing(
        promises=found[PROMISE],
        broken=found["broken"],
        for_clinician=found[CLINICIAN],
        for_desk=found[FRONT_DESK],
        owners=_owners(),
        offers=found[OFFER],
        holds=found[HOLD],
        unmarked=found["unmarked"],
        calls=found[CALL],
    )


def _owners() -> list[Owner]:
    """Who has how many of the new requests, whoever has most first; those that nobody has come last."""
    new = ConsultationRequest.objects.filter(desk.AWAKE, status=Status.NEW).order_by()
    names = ("assigned_to", "assigned_to__first_name", "assigned_to__last_name", "assigned_to__username")
    rows: Any = new.values_list(*names).annotate(number=Count("pk"))
    owners = [
        Owner(
            key, User(first_name=first or "", last_name=last or "").get_full_name() or username or "", number
        )
        for key, first, last, username, number in rows
    ]
    return sorted(owners, key=lambda one: (one.key is None, -one.number, one.name))
