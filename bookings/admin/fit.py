"""Which act fits a request now, for whoever looks at it: the one filled button of its page. Everything else stays plain."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bookings.admin.case import Case
from bookings.desk_site import DECIDE, WRITES_PLANS
from bookings.states import Status

# Besides the names of actions: ring them; the plan after the visit; and go on to the next request, where nothing waits for
# this person.
RING, PLAN, GO_ON = "ring", "plan", "go_on"


def act_that_fits(known: Case, buttons: Collection[str]) -> str:
    """The name of the action that fits, RING or GO_ON. `buttons` are the actions that this person may press now."""
    consultation = known.consultation
    if not buttons:
        return PLAN if _plan_waits(known) else GO_ON
    if consultation.must_be_rung:
        return _pressing(known, buttons)
    if known.to_tell and consultation.phone:
        return RING
    if known.off and "reschedule" in buttons:
        return "reschedule"
    if consultation.status == Status.NEW:
        if "confirm_wish" in buttons:
            return "confirm_wish"
        if "offer" in buttons and known.times.best:
            return "offer"
    if "attend" in buttons and known.visit and known.visit.starts_at <= known.now + timedelta(minutes=15):
        return "attend"
    return PLAN if _plan_waits(known) else GO_ON


def _plan_waits(known: Case) -> bool:
    """Whether this person is to write the plan, to answer a question about it, or to arrange its visits."""
    plan = known.plan
    if plan is None:
        return False
    writes, decides = known.reader.has_perm(WRITES_PLANS), known.reader.has_perm(DECIDE)
    return bool(
        (plan.is_missing and writes)
        or (decides and (plan.to_arrange or (plan.questions and known.reads_health)))
    )


def _pressing(known: Case, buttons: Collection[str]) -> str:
    """Somebody is rung first. A call today is a clinician's, who is trained for it; what is urgent is anybody's."""
    consultation = known.consultation
    if not consultation.urgent and not known.reads_health:
        if known.is_with_clinician:
            return GO_ON
        if "hand_over" in buttons:
            return "hand_over"
    if consultation.phone:
        return RING
    return "ask" if "ask" in buttons else GO_ON
