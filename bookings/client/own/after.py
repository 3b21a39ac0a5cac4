"""What the client's first page says after the visit: that something was written, what they answered, and their visits.

Whoever has the first link reads this: it says nothing about their skin, names no treatment and no amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bookings.models import ConsultationRequest, Plan
from bookings.queries import plans
from bookings.queries.clinic import Clinic
from bookings.states import OPEN, PlanOutcome, PlanStatus, Status
from clinic.foundation import when


@dataclass(frozen=True)
class Headline:
    """The heading, what it means, and what comes next (empty: nothing)."""

    heading: str
    lead: str
    next: str = ""


@dataclass(frozen=True)
class After:
    """`waits`: it can still be answered, so reading it is the first thing to do. `visits`: where each visit stands."""

    headline: Headline
    waits: bool
    visits: list[str]


def after(consultation: ConsultationRequest, place: Clinic, now: datetime) -> After | None:
    """What came of the visit; None while nothing was sent. Four SQL statements."""
    plan = plans.plan_of(consultation) if consultation.status == Status.ATTENDED else None
    if plan is None:
        return None
    rows = [row for row in plans.sessions_of(consultation) if row.status != Status.WITHDRAWN]
    rows.sort(key=lambda row: (row.due_on is None, row.due_on, row.pk))
    waits = plan.waits(when.local_day(now, place.zone))
    visits = [stands(row, place.zone) for row in rows]
    return After(_headline(plan, waits, _follows(rows)), waits, visits)


def _follows(visits: Sequence[ConsultationRequest]) -> str:
    """What comes next for somebody who has said yes."""
    states = {Status(visit.status) for visit in visits}
    if states.intersection(OPEN):
        return "We arrange your visits with you."
    return "You come to your visit." if Status.CONFIRMED in states else ""


def _headline(plan: Plan, waits: bool, follows: str) -> Headline:
    until = when.date_with_year(plan.valid_until)
    if plan.outcome != PlanOutcome.SUITS:
        return Headline(
            "We have written to you", "Read it when it suits you. If something is not clear, call us."
        )
    match plan.status:
        case PlanStatus.ACCEPTED:
            return Headline("Thank you for your answer", "You said yes to what we wrote.", follows)
        case PlanStatus.PART:
            rest = f" The rest waits for you until {until}." if waits else ""
            return Headline("Thank you for your answer", f"You said yes to some of it.{rest}", follows)
        case PlanStatus.DECLINED:
            return Headline(
                "Thank you for your answer",
                "You said no, and that is a good answer too. You can still read it.",
            )
    if not waits:
        return Headline(
            "We have written to you",
            f"It was valid until {until}. You can still read it. Ask us for a new one if you would like it.",
        )
    return Headline(
        "We have written to you",
        "Read it when it suits you. There is no hurry, and nobody will chase you.",
        "You read it, and ask us what is not clear.",
    )


_ENDS = {
    Status.ATTENDED: "You came.",
    Status.NO_SHOW: "We missed you.",
    Status.OFFERED: "We have sent you times to choose from.",
}


def stands(row: ConsultationRequest, zone: ZoneInfo) -> str:
    """Where one visit that came of a plan stands, in a sentence. It comes with its appointments."""
    booked = next((one for one in row.appointments.all() if one.state == "booked"), None)
    if row.status == Status.CONFIRMED and booked:
        return f"Booked for {when.moment(booked.starts_at, zone)}."
    if row.status in _ENDS:
        return _ENDS[Status(row.status)]
    if row.status in (Status.NEW, Status.WAITING):
        due = f"from {when.date_words(row.due_on)} on" if row.due_on else "soon"
        if row.promise_due_at:
            return f"We arrange it with you by {when.moment(row.promise_due_at, zone)}, for a day {due}."
        return f"It can be {due}. We arrange it with you in the weeks before that day. You need to do nothing now."
    return "It was called off."


def of_session(session: ConsultationRequest, zone: ZoneInfo, now: datetime) -> Headline:
    """A visit that they said yes to, before a time is booked."""
    due = session.promise_due_at
    day = f" It can be on {when.date_words(session.due_on)} at the soonest." if session.due_on else ""
    follows = "We find a time with you."
    if due is None:
        return Headline(
            "We arrange this visit with you",
            f"You said yes to it.{day} You hear from us in time, and need to do nothing now.",
            follows,
        )
    if due <= now:
        return Headline(
            "We arrange this visit with you, and we are late",
            f"We said that you would hear from us by {when.moment(due, zone)}. We are sorry. You can call us at any time.",
            follows,
        )
    return Headline(
        "We arrange this visit with you",
        f"You said yes to it.{day} You hear from us by {when.moment(due, zone)}.",
        follows,
    )


def called_off() -> Headline:
    """A visit that is not to be."""
    return Headline(
        "This visit was called off",
        "Nothing is booked, and we hold no time for you. If you would still like to come, call us.",
    )
