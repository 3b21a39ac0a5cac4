"""From which day on each visit of a plan may be: the day that its plan says, or a later one where a visit that comes before
it is booked, or can only be booked, so late.

Lists ask for it of many plans at once: `beside` brings what is needed in a column of their own statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from bookings.models import Appointment, ConsultationRequest
from bookings.models.plan import days_apart
from bookings.queries import session_rules
from bookings.queries.json_rows import json_rows, moment
from bookings.states import OPEN
from clinic.foundation import when


@dataclass(frozen=True, slots=True)
class Step:
    """A visit of a plan (`key`) among the others: its treatment (`line`), the one that it comes `after`, how many days lie
    between it and the next at least (`gap`), and the day on which it is `booked`.
    """

    key: int
    line: int | None
    after: int | None
    number: int
    due: date | None
    status: str
    gap: int
    booked: date | None


def of(steps: Iterable[Step]) -> dict[int, date]:
    """The first day of each that is not booked, by its key. The steps are all of their plans; several plans may be mixed."""
    ordered = sorted(steps, key=lambda one: (one.due or date.max, one.number, one.key))
    known = [(one, one.booked) for one in ordered if one.booked and one.status in session_rules.COUNTS]
    firsts: dict[int, date] = {}
    for step in ordered:
        if step.due is None or step.booked:
            continue
        after = (day + timedelta(days=one.gap) for one, day in known if _is_before(one, step))
        firsts[step.key] = max([step.due, *after])
        if step.status in OPEN:
            known.append((step, firsts[step.key]))
    return firsts


def _is_before(one: Step, other: Step) -> bool:
    if other.line is None:
        return False
    return one.number < other.number if one.line == other.line else other.after == one.line


def step(session: ConsultationRequest, booked: date | None) -> Step:
    """Of a row of `plans.sessions_of`: no statement."""
    line, interval = session.session_of, session.consultation_type.interval_days
    return Step(
        key=session.pk,
        line=session.session_of_id,
        after=line.after_id if line else None,
        number=session.session_number or 0,
        due=session.due_on,
        status=session.status,
        gap=days_apart(line.gap_days if line else 0, interval),
        booked=booked,
    )


_COLUMNS = (
    *("pk", "session_of", "session_of__after", "session_number", "due_on", "status"),
    *("session_of__gap_days", "consultation_type__interval_days", "booked_at"),
)


def beside(rows: QuerySet[ConsultationRequest]) -> Subquery:
    """For `annotate`: these visits, which are all of their plans, as `read` takes them."""
    return json_rows(_known(rows), *_COLUMNS)


def within(rows: QuerySet[ConsultationRequest], zone: ZoneInfo) -> dict[int, date]:
    """The first days of these visits, which are all of their plans: one statement."""
    return of(_step_of(row, zone) for row in _known(rows).values_list(*_COLUMNS))


def _known(rows: QuerySet[ConsultationRequest]) -> QuerySet[ConsultationRequest, Any]:
    booked = Appointment.objects.booked().filter(request=OuterRef("pk")).order_by()
    visits = rows.filter(session_of__isnull=False)
    return visits.annotate(booked_at=Subquery(booked.values("starts_at")[:1]))


def read(found: Sequence[Sequence[Any]], zone: ZoneInfo) -> dict[int, date]:
    """The first days of what `beside` brought: no statement."""
    return of(_step_of(row, zone) for row in found)


def _step_of(row: Sequence[Any], zone: ZoneInfo) -> Step:
    """Of the columns, as the database has them or as JSON has them."""
    key, line, after, number, due, status, gap, interval, booked = row
    day = date.fromisoformat(due) if isinstance(due, str) else due
    starts_at = moment(booked) if isinstance(booked, str) else booked
    there = when.local_day(starts_at, zone) if starts_at else None
    return Step(key, line, after, number or 0, day, status, days_apart(gap, interval), there)
