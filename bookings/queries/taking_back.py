"""Whether a client may take back their yes to a plan: asked by the verb, and by the pages that show the button. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from bookings.models import ConsultationRequest, Plan
from bookings.states import Status

BOOKED, NEAR, TOOK_PLACE = "booked", "near", "took_place"
# To the client.
WORDS: Mapping[str, str] = {
    BOOKED: "A visit is booked, so your yes cannot be taken back here. Cancel the visit on its own page, or call us.",
    NEAR: "A visit is booked and close by, so please call us. Nothing has changed.",
    TOOK_PLACE: "You have had a visit already, so please call us about those to come. Nothing has changed.",
}


def think_until(plan: Plan) -> date | None:
    """The last day of the time to think, at the clinic: a yes can be taken back until then, whatever is booked."""
    return plan.visit_on + timedelta(days=plan.think_days - 1) if plan.think_days else None


def against(plan: Plan, sessions: Collection[ConsultationRequest], today: date, now: datetime) -> str:
    """Why a yes that led to these visits cannot be taken back; empty if it can. They come with their appointments."""
    if any(one.status in (Status.ATTENDED, Status.NO_SHOW) for one in sessions):
        return TOOK_PLACE
    booked = [
        row
        for one in sessions
        if one.status == Status.CONFIRMED
        for row in one.appointments.all()
        if row.state == "booked"
    ]
    if any(row.starts_at <= now for row in booked):
        return TOOK_PLACE
    last = think_until(plan)
    if booked and (last is None or today > last):
        return BOOKED
    return "" if all(row.can_be_changed_by_client(now) for row in booked) else NEAR
