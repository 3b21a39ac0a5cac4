"""How a client is reached: a phone call and what came of it, the day to come back, and the way they want to be told."""

from __future__ import annotations

from datetime import date, datetime

from bookings import outbox
from bookings.models import ConsultationRequest, ContactBy
from bookings.queries.clinic import zone
from bookings.states import CallOutcome, CallTopic
from bookings.workflow import core
from bookings.workflow.core import Origin, verb
from bookings.workflow.errors import Refused
from clinic.foundation import when


@verb
def call(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    outcome: CallOutcome,
    topic: CallTopic | None = None,
) -> ConsultationRequest:
    """Keep a phone call, or a text, and what came of it. Whoever was reached or texted has been told what we owed them, and
    a day to come back that has arrived is done with. A text is no call: who must be rung must still be rung.

    Raises Refused: "erased", "no_message" where they want none left, "no_texts" where they did not ask for texts.
    """
    with core.change(consultation, "call", origin) as change:
        fresh = change.consultation
        _refuse_erased(fresh)
        if outcome is CallOutcome.LEFT_MESSAGE and not fresh.may_leave_message:
            raise Refused("no_message", "They asked us to leave no message.")
        if outcome is CallOutcome.TEXTED and not fresh.wants_text:
            raise Refused("no_texts", "They did not ask to be texted.")
        if outcome is not CallOutcome.TEXTED:
            change.set(called_at=origin.now, calls_tried=0 if outcome.reached else fresh.calls_tried + 1)
        change.fact(outcome=outcome)
        if topic is not None:
            change.set(call_topic=topic)
            change.fact(topic=topic)
        if outcome.tells:
            if told := outbox.told(fresh, now=origin.now):
                change.fact(told=told)
            if fresh.follow_up_on is not None and fresh.follow_up_on <= _today(origin.now):
                change.set(follow_up_on=None)
    return change.consultation


@verb
def follow_up(consultation: ConsultationRequest, origin: Origin, *, on: date | None) -> ConsultationRequest:
    """Set the day (the clinic's own) on which somebody wants to come back to this; None clears it.

    Raises Refused: "past", or "erased".
    """
    with core.change(consultation, "follow_up", origin) as change:
        _refuse_erased(change.consultation)
        if on is not None and on < _today(origin.now):
            raise Refused("past", "Choose today or a later day.")
        change.set(follow_up_on=on)
        change.fact(on=on.isoformat() if on else None)
    return change.consultation


@verb
def reach(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    contact_by: ContactBy,
    may_leave_message: bool,
    phone_only: bool,
) -> ConsultationRequest:
    """How the client wants to be reached. What is owed and has not gone takes the new way at once.

    Raises Refused("no_phone") for somebody who is only to be rung and has no number.
    """
    with core.change(consultation, "reach", origin) as change:
        fresh = change.consultation
        if phone_only and not fresh.phone:
            raise Refused(
                "no_phone", "There is no number to ring. Add it under “Correct the contact details” first."
            )
        change.set(contact_by=contact_by, may_leave_message=may_leave_message, phone_only=phone_only)
        change.fact(phone_only=phone_only)
        outbox.reroute(fresh, now=origin.now)
    return change.consultation


def _refuse_erased(consultation: ConsultationRequest) -> None:
    if consultation.erased_at is not None:
        raise Refused("erased", "This request was erased: there is nobody left to ring.")


def _today(now: datetime) -> date:
    return when.local_day(now, zone())
