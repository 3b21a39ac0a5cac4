"""Plans as a practitioner writes them, for tests. Every argument has a default; name only what the test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from bookings.models import ConsultationRequest, ConsultationType, Plan, PlanLine
from bookings.models.plan import Against, LineWords, PlanWords
from bookings.plan_rules import ADULT
from bookings.states import PlanOutcome, Status
from bookings.workflow import plan as verbs
from bookings.workflow import plan_answer
from bookings.workflow.core import Actor, Origin
from bookings.workflow.plan import Line, Written
from content.models import Treatment
from tests.factories import at, in_state, practitioner, staff

# The afternoon of the visit, which was at ten on Thursday 3 December.
THEN = at(3, 15)
WORDS = PlanWords(
    findings="Five deep, narrow scars on the left cheek.",
    because="Narrow scars change least with laser alone.",
    first="Wait until no spot is active.",
    can="It can make each scar shallower.",
    cannot="It cannot make the skin as it was.",
    next_step="We arrange the first visit.",
    applies=(ADULT,),
    against=(Against("A strong peel", "It would darken your skin."),),
)


RIGHTS = ("view_consultationrequest", "decide_request", "read_health", "write_plan")


def ana() -> Actor:
    """A practitioner, who writes plans."""
    return Actor.staff(staff("Ana Lind", *(f"bookings.{right}" for right in RIGHTS)))


def treatment(name: str = "Punch techniques", /, **changes: Any) -> Treatment:
    """A treatment of the clinic that nothing holds."""
    known = Treatment.objects.filter(name=name).first()
    if known:
        return known
    values = {
        "code": name.lower().replace(" ", "-"),
        "short": name,
        "how": "It lifts.",
        "offered": True,
        "is_published": True,
        "evidence": "B",
        "evidence_words": "Some studies.",
        "cost_basis": "per scar",
        "price_from": 14000,
        "price_to": 19000,
    }
    return Treatment.objects.create(name=name, **values | changes)


def kind(name: str = "Session, one hour", **changes: Any) -> ConsultationType:
    """A kind of session with Ana: two weeks between two."""
    known = ConsultationType.objects.filter(name=name).first()
    if known:
        return known
    values: dict[str, Any] = {"purpose": "session", "minutes": 60, "interval_days": 14} | changes
    made = ConsultationType.objects.create(name=name, **values)
    practitioner().consultation_types.add(made)
    return made


def line(name: str = "Punch techniques", /, **changes: Any) -> Line:
    """Five scars, in three sessions two weeks apart, ten days after the visit."""
    values: dict[str, Any] = {
        "treatment": treatment(name),
        "kind": kind(),
        "words": LineWords(name, "per scar", "For the narrow ones.", "A new scar."),
        "sessions": (3, 3),
        "gap_days": 14,
        "wait_days": 10,
        "price": (14000, 19000),
        "times": (5, 5),
    }
    return Line(**values | changes)


def written(*lines: Line, words: PlanWords = WORDS, **changes: Any) -> Written:
    """A plan that can be sent: one line, unless others are given."""
    return replace(Written(PlanOutcome.SUITS, words, lines or (line(),)), **changes)


def not_now() -> Written:
    return Written(
        PlanOutcome.NOT_NOW, replace(WORDS, back="When your spots have been calm for three months.")
    )


def seen(**changes: Any) -> ConsultationRequest:
    """Cleo, after her visit."""
    return in_state(Status.ATTENDED, **changes)


def sent(
    *lines: Line, now: datetime = THEN, cleo: ConsultationRequest | None = None, **changes: Any
) -> tuple[ConsultationRequest, Plan]:
    """Cleo, and the plan that Ana has sent her."""
    cleo = verbs.send_plan(cleo or seen(), Origin(ana(), now), written=written(*lines, **changes))
    return cleo, Plan.objects.filter(request=cleo).latest("number")


def said_yes(cleo: ConsultationRequest, plan: int, now: datetime) -> ConsultationRequest:
    """Cleo has said yes to all of it, and one more session of each line may follow."""
    lines = PlanLine.objects.filter(plan=plan)
    keys = lines.values_list("pk", flat=True)
    cleo = plan_answer.accept_plan(cleo, Origin(Actor.client(), now), plan=plan, lines=keys)
    lines.update(sessions_to=F("sessions_from") + 1)
    return cleo


DAY = timedelta(days=1)
