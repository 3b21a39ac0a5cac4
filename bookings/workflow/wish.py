"""The time that a client wishes for, chosen again while nobody has answered it."""

from __future__ import annotations

from datetime import datetime

from bookings import outbox
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import visits
from bookings.queries.any_practitioner import ANYBODY
from bookings.queries.client import other_holds
from bookings.queries.clinic import Clinic
from bookings.states import Status
from bookings.workflow import core, times, visit_mail
from bookings.workflow.core import Origin, verb
from bookings.workflow.errors import Refused


@verb
def choose_time(consultation: ConsultationRequest, origin: Origin, *, slot: Slot) -> ConsultationRequest:
    """Wish for another free time: what is held is freed, and that one is held instead, as if it had been asked for at first.

    The promise is only ever sooner for it. A `slot` of ANYBODY means whoever fits. Nobody is mailed. Raises SlotTaken,
    SwitchedOff, Refused("not_a_wish") for a visit that was agreed already: one that was displaced, or of a plan.
    """
    with core.change(consultation, "choose_time", origin) as change:
        fresh = change.consultation
        if fresh.displaced_at is not None or fresh.session_number is not None:
            raise Refused("not_a_wish", "To choose a time for this, please call us.")
        who = None if slot.practitioner_id == ANYBODY else slot.practitioner_id
        wanted = visits.wanted_by(fresh, who)
        times.lock_mailbox(fresh.mailbox)
        # The new time may overlap the old one, so that is freed first; an error brings it back.
        times.release(times.lock_all(fresh, times.everybody(wanted)))
        chosen = times.pick(wanted, slot.start, change.clinic, now=change.now)
        change.set(wished_start=chosen.start, wished_practitioner_id=who, hold_until=None)
        change.fact(start=chosen.start.isoformat())
        due = promised(fresh, change.clinic, chosen.start, change.now)
        if fresh.promise_due_at is not None and due < fresh.promise_due_at:
            change.set(promise_due_at=due)
        if other_holds(fresh, change.now) < change.clinic.rules.holds_per_address:
            until = change.clinic.hold_until(chosen.start, due)
            row = times.occupy(change, chosen, state=Appointment.State.HELD, held_until=until, wanted=wanted)
            change.set(hold_until=until)
            change.fact(appointment=row.pk, held_until=until.isoformat())
            if change.before == Status.WAITING:
                kept = visit_mail.to_keep(chosen.start, until, fresh.answer_due_at, change.clinic, change.now)
                change.fact(keep_by=kept.get("keep_by"))
        outbox.withdraw(fresh, ["prove_reminder"], now=change.now, why="another time was chosen")
    return change.consultation


def promised(consultation: ConsultationRequest, place: Clinic, start: datetime, now: datetime) -> datetime:
    """By when they hear from us about this time: sooner if it is near, never later than was promised."""
    due, anew = consultation.promise_due_at, place.promise_from(now, wish=start)
    return anew if due is None or due <= now else min(anew, due)
