"""Which mail a client's answer or question about a plan owes, and its facts: days and codes, no word of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bookings import outbox
from bookings.models import ConsultationRequest, Plan, PlanQuestion
from bookings.queries import taking_back
from bookings.states import LineAnswer, PlanStatus, Who
from bookings.workflow.core import Change
from clinic.foundation import when


def tell_yes(change: Change, plan: Plan, made: Sequence[ConsultationRequest]) -> None:
    """They have said yes, which made these visits to arrange."""
    rows = sorted(made, key=lambda row: (row.due_on is None, row.due_on, row.pk))
    facts: dict[str, Any] = {"said": "all" if plan.status == PlanStatus.ACCEPTED else "part"}
    last = taking_back.think_until(plan)
    if last and when.local_day(change.now, change.clinic.zone) <= last:
        facts["back_until"] = last.isoformat()
    if rows:
        due, promised = rows[0].due_on, rows[0].promise_due_at
        near = sum(row.promise_due_at is not None for row in rows) or 1
        facts |= {"near": near, "later": len(rows) - near}
        facts |= {"first": due.isoformat()} if due else {}
        facts |= {"promised": promised.isoformat()} if promised else {}
    _tell(change, plan, facts)


def tell_no(change: Change, plan: Plan) -> None:
    """They have said no to all of it, or to what was left."""
    facts = {"said": "rest" if plan.status == PlanStatus.PART else "no"}
    _tell(change, plan, facts | {"no_until": plan.valid_until.isoformat()})


def tell_taken_back(
    change: Change, plan: Plan, answer: LineAnswer, cancelled: Sequence[dict[str, Any]]
) -> None:
    """They have taken back a yes, or a no, and so `cancelled` these booked visits (`take_back` in sessions.py)."""
    part = "part" if plan.status == PlanStatus.PART else "all"
    facts: dict[str, Any] = {"said": "no" if answer == LineAnswer.NO else part}
    facts |= {"cancelled": list(cancelled)} if cancelled else {}
    _tell(change, plan, facts, is_taken_back=True)


def tell_asked(change: Change, asked: PlanQuestion) -> None:
    """They have asked something, and are answered by the moment that was promised."""
    facts = {"plan": asked.plan_id, "question": asked.pk, "promised": asked.due_at.isoformat()}
    outbox.queue(change.consultation, "plan_asked", now=change.now, facts=facts)


def _tell(change: Change, plan: Plan, facts: dict[str, Any], *, is_taken_back: bool = False) -> None:
    """One mail of what is so now. What staff noted is told by mail alone: on the phone they have just heard it."""
    # What tells of cancelled visits goes, whatever they say next.
    back = change.consultation.messages.filter(kind="plan_taken_back", state__in=outbox.OWED)
    keeps = back.filter(facts__has_key="cancelled").exists()
    outbox.withdraw(
        change.consultation,
        ["plan_said"] if keeps else ["plan_said", "plan_taken_back"],
        now=change.now,
        why="they have said something else",
    )
    by_staff = change.actor.kind == Who.STAFF
    if by_staff and outbox.is_by_phone(change.consultation, "plan_said"):
        return
    left = plan.lines.filter(said="").exists() and plan.is_open(
        when.local_day(change.now, change.clinic.zone)
    )
    facts |= {"plan": plan.pk, "at": change.now.isoformat(), "left": left}
    facts |= {"last_day": plan.valid_until.isoformat()} if left else {}
    outbox.queue(
        change.consultation,
        "plan_taken_back" if is_taken_back else "plan_said",
        now=change.now,
        facts=facts,
        by_staff=by_staff,
    )
