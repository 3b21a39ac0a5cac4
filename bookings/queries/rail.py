"""The numbers in the rail and beside the tabs: every page of the desk asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Value

from bookings import limits
from bookings.models import Appointment, ConsultationRequest, Message
from bookings.queries import desk, due, off
from bookings.queries.desk import SETTLED, Tab
from bookings.states import CLOSED, LIVE, OPEN, Status
from clinic.foundation import when

# Of each line, after what it counts.
NUMBERS = ("number", "overdue", "too_long", "earlier", "today")


class Counts:
    """The numbers beside the tabs and in the rail. `lines`: what, and the NUMBERS of it (bookings/queries/frame.py)."""

    def __init__(self, lines: Iterable[Sequence[Any]]) -> None:
        self._found = {what: dict(zip(NUMBERS, numbers, strict=True)) for what, *numbers in lines}

    @cached_property
    def tabs(self) -> dict[Tab, int]:
        """How many requests each tab holds: the rule of `in_tab`, put together from counts by status.

        Of closed ones at most one more than CLOSED_COUNTED.
        """
        return {
            Tab.OPEN: self._sum("number", *OPEN),
            Tab.NEW: self._sum("number", Status.NEW),
            Tab.WAITING: self._sum("number", Status.WAITING),
            Tab.OFFERED: self._sum("number", Status.OFFERED),
            Tab.CLOSED: self._sum("number", "over"),
            Tab.SUSPECTED: self._sum("number", Status.SUSPECTED),
        }

    @property
    def visits_today(self) -> int:
        """Booked visits of today, marked or not."""
        return self._sum("today", Status.CONFIRMED) + self._sum("number", "settled today")

    @property
    def overdue(self) -> int:
        """New requests past their promise."""
        return self._sum("overdue", Status.NEW)

    @property
    def too_long(self) -> int:
        """Open requests that have waited too long (bookings/queries/due.py)."""
        return self._sum("too_long", *OPEN)

    @property
    def unmarked(self) -> int:
        """Visits from earlier days that nobody has marked: the rule of `unmarked`."""
        return self._sum("earlier", Status.CONFIRMED)

    @property
    def in_doubt(self) -> int:
        """Booked visits in doubt (bookings/queries/off.py)."""
        return self._sum("number", "in doubt")

    @property
    def times_in_doubt(self) -> int:
        """Requests whose offered or held times can no longer be booked, one of them or more."""
        return self._sum("number", "times in doubt")

    @property
    def to_ring(self) -> int:
        """Requests whose client is to be rung, whatever the reason: the number of the start page too."""
        return self._sum("number", "to ring")

    @property
    def come_back(self) -> int:
        """Requests that somebody meant to come back to, today or before."""
        return self._sum("number", "come back")

    @property
    def failed_messages(self) -> int:
        return self._sum("number", "failed")

    def _sum(self, what: str, *names: str) -> int:
        return sum(self._found[name][what] for name in names if name in self._found)


class Moments(NamedTuple):
    """What differs from one page to the next. `midnight` begins today."""

    now: datetime
    midnight: datetime
    next_midnight: datetime
    today: date
    waiting_since: datetime


def moments(now: datetime, zone: ZoneInfo) -> Moments:
    """What the statement is given at `now`."""
    today = when.local_day(now, zone)
    return Moments(now, *when.day_bounds(today, zone), today, due.waiting_since(now))


def counted(at: Moments, zone: ZoneInfo) -> list[QuerySet[Any, Any]]:
    """Live requests by their status, and beside them what is counted as a whole: lines with `what` and NUMBERS.

    Of the others, which are most of the table and grow for years, no more are counted than anybody reads: this is asked
    for every page. A request books at most one appointment, so the join counts nothing twice.
    """
    over = ConsultationRequest.objects.filter(status__in=(*CLOSED, *SETTLED)).order_by().values("pk")
    some = ConsultationRequest.objects.filter(pk__in=over[: limits.lists.CLOSED_COUNTED + 1])
    booked = FilteredRelation("appointments", condition=Q(appointments__state=Appointment.State.BOOKED))
    live = (
        ConsultationRequest.objects.filter(desk.AWAKE, status__in=(*LIVE, Status.SUSPECTED))
        .order_by()
        .annotate(visit=booked, what=F("status"))
        .values("what")
        .annotate(
            number=Count("pk"),
            overdue=Count("pk", filter=Q(promise_due_at__lt=at.now)),
            too_long=Count("pk", filter=due.waits_since(at.waiting_since)),
            earlier=Count("pk", filter=Q(visit__starts_at__lt=at.midnight)),
            today=Count(
                "pk", filter=Q(visit__starts_at__gte=at.midnight, visit__starts_at__lt=at.next_midnight)
            ),
        )
    )
    visits = Appointment.objects.booked().filter(starts_at__gte=at.midnight, starts_at__lt=at.next_midnight)
    return [
        live,
        _number("over", some),
        _number("settled today", visits.filter(request__status__in=SETTLED)),
        _number("in doubt", off.in_doubt(at.now, zone)),
        _number("times in doubt", ConsultationRequest.objects.filter(desk.times_in_doubt(at.now, zone))),
        _number("to ring", ConsultationRequest.objects.filter(desk.to_call(at.now))),
        _number("come back", ConsultationRequest.objects.filter(desk.to_come_back(at.today))),
        _number("failed", Message.objects.filter(state=Message.State.FAILED)),
    ]


def _number(what: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """How many rows there are, as a line of the same columns."""
    counted = rows.order_by().annotate(what=Value(what)).values("what").annotate(number=Count("pk"))
    whole: QuerySet[Any, Any] = counted.annotate(**dict.fromkeys(NUMBERS[1:], Value(0)))
    return whole
