"""Weekly hours as they are stored, and who would be outside others."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from bookings.availability import WeeklyHours, is_inside
from bookings.models import Appointment, WorkingHours

COLUMNS = ("weekday", "starts", "ends", "valid_from", "valid_until")


def worked(row: WorkingHours) -> WeeklyHours:
    """A stored row, to compute with."""
    return WeeklyHours(
        weekday=row.weekday,
        starts=row.starts,
        ends=row.ends,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def from_json(row: Sequence[Any]) -> WeeklyHours:
    """A stored row whose `COLUMNS` came as JSON."""
    weekday, starts, ends, first, last = row
    return WeeklyHours(
        weekday=weekday,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        valid_from=date.fromisoformat(first),
        valid_until=date.fromisoformat(last) if last else None,
    )


def of_one(practitioner_id: int) -> list[WeeklyHours]:
    """All weekly hours of one practitioner: one SQL statement."""
    return [worked(row) for row in WorkingHours.objects.filter(practitioner_id=practitioner_id)]


def digest(rows: Iterable[WeeklyHours]) -> str:
    """The same for the same hours, in whatever order."""
    lines = sorted(
        f"{row.weekday} {row.starts} {row.ends} {row.valid_from} {row.valid_until}" for row in rows
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def still_outside(
    practitioner_id: int,
    requests: Collection[int],
    hours: Sequence[WeeklyHours],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> list[Appointment]:
    """Booked visits and live holds to come of these requests that lie outside the hours: one statement."""
    ahead = _ahead(practitioner_id, now).filter(request__in=requests)
    return [row for row in ahead if not is_inside(row.starts_at, row.ends_at, hours, zone)]


def left_outside(
    practitioner_id: int,
    before: Sequence[WeeklyHours],
    after: Sequence[WeeklyHours],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> list[Appointment]:
    """Booked visits and live holds to come that lie inside the hours `before` and not `after`, soonest first: one
    statement. Each knows its request, its kind and its practitioner.
    """
    return [
        row
        for row in _ahead(practitioner_id, now)
        if is_inside(row.starts_at, row.ends_at, before, zone)
        and not is_inside(row.starts_at, row.ends_at, after, zone)
    ]


def _ahead(practitioner_id: int, now: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.busy(now).filter(practitioner_id=practitioner_id, starts_at__gt=now)
    return rows.select_related("request", "consultation_type", "practitioner").order_by("starts_at")
