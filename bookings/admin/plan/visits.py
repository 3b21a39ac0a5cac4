"""The visits of a plan in one list, as the desk reads it: on the plan's page, the request's and that of each visit.

Who may not read the plan sees the kind of each visit and its number, and no treatment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from bookings.models import ConsultationRequest
from bookings.queries import course, plans
from bookings.queries.course import Near, OfPlan
from bookings.states import PlanStatus
from clinic.foundation import money, when
from content import prices


@dataclass(frozen=True)
class Row:
    """One visit: `at` and `who` of what is booked, else the `first` day on which it may be. `near`: to which it is nearer
    than the plan has it; `is_agreed`: it was booked so for a reason.
    """

    session: ConsultationRequest
    url: str
    treatment: str
    number: str
    at: str
    who: str
    first: date | None
    near: str
    is_agreed: bool
    cost: str

    @property
    def name(self) -> str:
        return f"{self.treatment}, visit {self.session.session_number}"

    @property
    def said_at(self) -> datetime | None:
        """When they said yes to it."""
        return self.session.session_of.said_at if self.session.session_of else None


def rows(consultation: ConsultationRequest, reads_health: bool, zone: ZoneInfo) -> list[Row]:
    """Every visit that came of the plans of this request: three statements."""
    return rows_of(course.visits_of(consultation, zone), reads_health, zone)


def rows_of(found: Sequence[OfPlan], reads_health: bool, zone: ZoneInfo) -> list[Row]:
    """All visits of one plan, in words. No statement."""
    treatments = _treatments([one.session for one in found], reads_health)
    return [
        Row(
            session=one.session,
            url=reverse("admin:bookings_consultationrequest_change", args=[one.session.pk]),
            treatment=treatments[one.session.pk],
            number=_number(one.session),
            at=when.short_with_year(one.visit.starts_at, zone) if one.visit else "",
            who=one.visit.practitioner.name if one.visit else "",
            first=one.first if one.session.is_open else None,
            near=_near(one.follows_too_near, treatments) if one.follows_too_near else "",
            is_agreed=bool(one.follows_too_near and one.follows_too_near.is_agreed),
            cost=cost(one.session, reads_health) if reads_health else "",
        )
        for one in found
    ]


def is_taken_back(rows: Sequence[Row]) -> bool:
    """Whether the client took back the yes that these visits came of, and the plan waits for an answer again."""
    lines = [(one.session.session_of, one.session) for one in rows]
    return any(
        line is not None and line.plan.status == PlanStatus.SENT and plans.yes_is_gone(session)
        for line, session in lines
    )


def names(sessions: Sequence[ConsultationRequest], reads_health: bool) -> dict[int, str]:
    """What each visit is called, by its key: its treatment, or its kind, and its number."""
    treatments = _treatments(sessions, reads_health)
    return {one.pk: f"{treatments[one.pk]}, visit {one.session_number}" for one in sessions}


def _treatments(sessions: Sequence[ConsultationRequest], reads_health: bool) -> dict[int, str]:
    """Of what each is: the treatment for whoever may read the plan, else its kind, told apart by number."""
    lines = list(dict.fromkeys(one.session_of_id for one in sessions))
    found = {}
    for one in sessions:
        told = one.session_of.told if one.session_of and reads_health else None
        name = told.name if told else one.consultation_type.name
        if not told and len(lines) > 1:
            name = f"{name}, treatment {lines.index(one.session_of_id) + 1} of the plan"
        found[one.pk] = name
    return found


def _number(session: ConsultationRequest) -> str:
    """'visit 2 of 3', or '2 of 3 to 4' where the last is decided later."""
    line = session.session_of
    if line is None:
        return f"visit {session.session_number}"
    least, most = line.sessions_from, line.sessions_to
    span = str(most) if least in (0, most) else f"{least} to {most}"
    return f"visit {session.session_number} of {span}"


def _near(near: Near, treatments: dict[int, str]) -> str:
    days = "1 day" if near.after == 1 else f"{near.after} days"
    other = f"{treatments[near.other.pk]}, visit {near.other.session_number}"
    return f"{days} after {other}; the plan has at least {near.least}"


def cost(session: ConsultationRequest, reads_health: bool) -> str:
    """'£140 to £190 per scar': what the plan says of it. What it is counted in, but for visits, is told to whoever may read
    the plan.
    """
    line, told = session.session_of, session.session_of.told if session.session_of else None
    if line is None or told is None:
        return ""
    low, high = (money.words(amount, line.plan.currency) for amount in (line.price_from, line.price_to))
    basis = told.basis if reads_health or prices.is_per_visit(told.basis) else "(for what, their letter says)"
    return f"{low if low == high else f'{low} to {high}'} {basis}".strip()
