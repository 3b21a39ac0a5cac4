"""The visits of one plan, side by side: when each is and with whom, and which are nearer to another than the plan says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bookings.against import Against
from bookings.models import Appointment, ConsultationRequest, PlanLine
from bookings.queries import first_day, plans, session_rules
from clinic.foundation import when


@dataclass(frozen=True, slots=True)
class Near:
    """Another visit to which one is too near: its session and day, how many days the one is after it (below 0: before it),
    and how many the plan has between them at least. `is_agreed`: staff booked one of them so, for a reason.
    """

    other: ConsultationRequest
    day: date
    after: int
    least: int
    is_agreed: bool


@dataclass(frozen=True)
class OfPlan:
    """One visit of a plan, with its booked time and the visits to which that is too near; else the `first` day for it."""

    session: ConsultationRequest
    visit: Appointment | None
    near: Sequence[Near] = ()
    first: date | None = None

    @property
    def follows_too_near(self) -> Near | None:
        """The one before it that it is too near to: of two, the later says so."""
        return next((one for one in self.near if (one.after, self.session.pk) > (0, one.other.pk)), None)


def visits_of(consultation: ConsultationRequest, zone: ZoneInfo) -> list[OfPlan]:
    """Every visit that came of the plans of this request, in their order: three statements."""
    rows = plans.sessions_of(consultation).select_related("session_of__kind")
    rows = rows.prefetch_related("appointments__practitioner")
    found = [(row, _booked(row)) for row in rows]
    firsts = first_days([row for row, _ in found], zone)
    return [OfPlan(row, visit, _near(row, visit, found, zone), firsts.get(row.pk)) for row, visit in found]


def first_days(rows: Sequence[ConsultationRequest], zone: ZoneInfo) -> dict[int, date]:
    """The first day on which each of these that is not booked may be, by its key. `rows` is all of `plans.sessions_of`: no
    statement.
    """
    return first_day.of(first_day.step(row, _day(_booked(row), zone)) for row in rows)


def _day(visit: Appointment | None, zone: ZoneInfo) -> date | None:
    return when.local_day(visit.starts_at, zone) if visit else None


def around(session: ConsultationRequest, zone: ZoneInfo) -> list[OfPlan]:
    """This visit of a plan among the others; empty for what is none. Three statements, and one for its consultation."""
    first = session.follows if session.session_of_id else None
    return visits_of(first, zone) if first else []


def _booked(session: ConsultationRequest) -> Appointment | None:
    booked = Appointment.State.BOOKED
    return next((row for row in session.appointments.all() if row.state == booked), None)


def _near(
    session: ConsultationRequest,
    visit: Appointment | None,
    rows: Sequence[tuple[ConsultationRequest, Appointment | None]],
    zone: ZoneInfo,
) -> list[Near]:
    if visit is None or session.status not in session_rules.COUNTS:
        return []
    day, found = when.local_day(visit.starts_at, zone), []
    for other, theirs in rows:
        if theirs is None or other.pk == session.pk or other.status not in session_rules.COUNTS:
            continue
        there = when.local_day(theirs.starts_at, zone)
        least, after = _least(session.session_of, other.session_of), (day - there).days
        if abs(after) < least:
            found.append(Near(other, there, after, least, _agreed(visit) or _agreed(theirs)))
    return found


def _least(line: PlanLine | None, other: PlanLine | None) -> int:
    """Days that the plan has between a visit of one treatment and one of another at least; 0 where it asks for none."""
    if line is None or other is None:
        return 0
    if other.pk in (line.pk, line.after_id):
        return other.days_apart
    return line.days_apart if other.after_id == line.pk else 0


def _agreed(visit: Appointment) -> bool:
    return not {Against.GAP, Against.INTERVAL}.isdisjoint(visit.stands_although.split())
