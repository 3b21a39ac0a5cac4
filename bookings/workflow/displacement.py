"""Staff cannot keep a booked visit: it is freed, and the client is offered other times in its place.

It was not the client who failed, so silence closes nothing: until another visit is booked, or somebody ends the request,
it comes back to the clinic.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bookings import outbox
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import visits
from bookings.states import Status
from bookings.workflow import core, times, visit_mail
from bookings.workflow.core import Change, Origin, add_advice, verb
from bookings.workflow.errors import Refused
from bookings.workflow.reply import is_unanswered
from bookings.workflow.visit import come_back_today, is_near, visit_of


@verb
def displace(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    slots: Sequence[Slot] = (),
    note: str = "",
    open_minutes: int | None = None,
    although: Collection[str] = (),
) -> ConsultationRequest:
    """Free the visit, and hold up to three other times for the client to choose from, with one end, on its terms.

    Without any the request is new again, with a promise. The rules for times, their end and `although` are those of
    `offer`; the length and terms stay as agreed. The client reads `note` behind their link. Raises SlotTaken, SwitchedOff,
    Refused("count", "past", "started" or "closed").
    """
    now, chosen = origin.now, sorted(set(slots))
    if len(chosen) > 3:
        raise Refused("count", "Choose three times at most.")
    if chosen and chosen[0].start <= now:
        raise Refused("past", "Choose times that are still to come.")
    with core.change(consultation, "displace", origin, to=Status.OFFERED if chosen else Status.NEW) as change:
        visit = _lost(change)
        own = times.lock_all(change.consultation, [slot.practitioner_id for slot in chosen])
        change.set(displaced_at=now, hold_until=None, promise_minutes_left=None)
        change.fact(appointment=visit.pk, start=visit.starts_at.isoformat())
        if chosen:
            until = times.offer_end(change, chosen, open_minutes)
            wanted = visits.to_move(visit, None, by_staff=True)
            held = times.hold_offer(
                change, own, chosen, until, although, wanted=wanted, terms=visit.terms, moves=True
            )
            change.set(promise_due_at=None)
        else:
            times.release(own)
            held, until = [], None
            change.set(promise_due_at=change.clinic.promise_from(now))
        visit_mail.tell_displaced(change, visit, held, until, note=add_advice(change, note))
    return change.consultation


def _lost(change: Change) -> Appointment:
    """The visit that is displaced: also one whose time has come, until its client is marked as here. If it was near, the
    desk comes back to it today: they ring as well. Raises Refused("started").
    """
    visit = visit_of(change)
    is_here = visit.starts_at <= change.now and visit.arrived_at is not None
    if is_here or visit.ends_at <= change.now:
        raise Refused("started", "The visit has already begun.")
    if is_near(visit, change.now):
        come_back_today(change)
    return visit


@verb
def take_up(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The clock: a client whose visit was displaced has not answered in time. It is new again, with a new promise, and the
    desk comes back to it today. Nobody is mailed. Raises Refused("not_due").
    """
    with core.change(consultation, "take_up", origin) as change:
        # As in `lapse`: the swap has emptied the deadline of the fresh row.
        if change.consultation.displaced_at is None or not is_unanswered(consultation, origin.now):
            raise Refused("not_due", "It is not time to come back to this yet.")
        times.release(times.lock_all(change.consultation))
        change.reason = "offer_ended" if change.before == Status.OFFERED else "no_answer"
        change.set(promise_due_at=change.clinic.promise_from(origin.now), promise_minutes_left=None)
        come_back_today(change)
        over = ["offered", "question", "answer_reminder"]
        outbox.withdraw(change.consultation, over, now=origin.now, why="the time to answer is over")
    return change.consultation
