"""The numbers in the rail and beside the tabs: every page of the desk asks for them."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, FilteredRelation, Q

from bookings.models import Appointment, ConsultationRequest, Message
from bookings.queries import due, off
from bookings.queries.desk import SETTLED, Tab
from bookings.states import CLOSED, OPEN, Status
from clinic.foundation import when


class Counts:
    """The numbers beside the tabs and in the rail, as they are at `now`. Each is counted once, when first shown."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._now = now
        self._zone = zone

    @cached_property
    def tabs(self) -> dict[Tab, int]:
        """How many requests each tab holds: the rule of `in_tab`, put together from counts by status."""
        settled = self._sum("number", *SETTLED)
        settled_today = self._sum("until_tonight", *SETTLED) - self._sum("earlier", *SETTLED)
        return {
            Tab.NEW: self._sum("number", Status.NEW),
            Tab.WAITING: self._sum("number", Status.WAITING, Status.OFFERED),
            Tab.TODAY: self._sum("until_tonight", Status.CONFIRMED) + settled_today,
            Tab.UPCOMING: self._sum("later", Status.CONFIRMED),
            Tab.CLOSED: self._sum("number", *CLOSED) + settled,
            Tab.SUSPECTED: self._sum("number", Status.SUSPECTED),
        }

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

    @cached_property
    def in_doubt(self) -> int:
        """Booked visits in doubt (bookings/queries/off.py). Sought only where one may be: each is Today or Upcoming."""
        may_be = self.tabs[Tab.TODAY] or self.tabs[Tab.UPCOMING]
        return off.in_doubt(self._now, self._zone).count() if may_be else 0

    @cached_property
    def failed_messages(self) -> int:
        return Message.objects.filter(state=Message.State.FAILED).count()

    def _sum(self, what: str, *statuses: str) -> int:
        return sum(self._by_status[status][what] for status in statuses if status in self._by_status)

    @cached_property
    def _by_status(self) -> dict[str, dict[str, Any]]:
        """One statement. A request books at most one appointment, so the join counts nothing twice."""
        midnight, next_midnight = when.day_bounds(when.local_day(self._now, self._zone), self._zone)
        booked = FilteredRelation("appointments", condition=Q(appointments__state=Appointment.State.BOOKED))
        rows = (
            ConsultationRequest.objects.order_by()
            .annotate(visit=booked)
            .values("status")
            .annotate(
                number=Count("pk"),
                overdue=Count("pk", filter=Q(promise_due_at__lt=self._now)),
                too_long=Count("pk", filter=due.waits_too_long(self._now)),
                earlier=Count("pk", filter=Q(visit__starts_at__lt=midnight)),
                until_tonight=Count("pk", filter=Q(visit__starts_at__lt=next_midnight)),
                later=Count("pk", filter=Q(visit__starts_at__gte=next_midnight)),
            )
        )
        return {row["status"]: dict(row) for row in rows}


def counts(now: datetime, zone: ZoneInfo) -> Counts:
    """The numbers beside the tabs and in the rail: at most three SQL statements, on every page of the desk."""
    return Counts(now, zone)
