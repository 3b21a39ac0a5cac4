"""Staff propose another time for a booked visit. Both are held side by side until the client takes it, keeps theirs, or says
nothing."""

from __future__ import annotations

from collections.abc import Collection

from bookings import outbox
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import visits
from bookings.states import Who
from bookings.workflow import core, times, visit_mail
from bookings.workflow.core import Change, Origin, add_advice, verb
from bookings.workflow.errors import Refused
from bookings.workflow.visit import come_back_if_too_near, come_back_today, visit_of

_State = Appointment.State


@verb
def propose_move(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    slot: Slot,
    note: str = "",
    open_minutes: int | None = None,
    although: Collection[str] = (),
) -> ConsultationRequest:
    """Hold another time beside the visit, on its terms, and ask the client. Replaces an earlier proposal.

    The hold ends like an offer's, at the latest when either of the two begins. The client reads `note` behind their link.
    `although` has the codes of bookings/against.py that staff have agreed to. Raises SlotTaken, SwitchedOff, Refused("past",
    "same" or "closed").
    """
    now = origin.now
    with core.change(consultation, "propose_move", origin) as change:
        visit = visit_of(change)
        until = min(change.clinic.offer_end(now, open_minutes), slot.start, visit.starts_at)
        if until <= now:
            raise Refused("past", "Choose a time that is still to come, for a visit that is.")
        own = times.lock_all(change.consultation, [slot.practitioner_id])
        held = times.occupy(
            change,
            slot,
            state=_State.HELD,
            held_until=until,
            is_offer=True,
            wanted=visits.to_move(visit, None, by_staff=True),
            terms=visit.terms,
            although=_beside(change, visit, own, slot, although),
        )
        change.fact(appointment=held.pk, start=held.starts_at.isoformat(), until=until.isoformat())
        _ask(change, visit, held, note)
    return change.consultation


def _beside(
    change: Change, visit: Appointment, own: list[Appointment], slot: Slot, although: Collection[str]
) -> list[str]:
    """Free what was proposed before; return what staff have judged about the new time. Raises Refused, SwitchedOff."""
    same = slot.practitioner_id == visit.practitioner_id
    if same and slot.start < visit.blocks_until and slot.end > visit.blocks_from:
        raise Refused(
            "same", "That overlaps the visit as it is. Choose another time, or move the visit itself."
        )
    times.release(own, keep=visit)
    return list(map(str, times.refuse_closed(change, slot, although=although, moves=True)))


def _ask(change: Change, visit: Appointment, held: Appointment, note: str) -> None:
    assert held.held_until is not None  # a hold has an end
    facts = {
        "appointments": [held.pk],
        "until": held.held_until.isoformat(),
        "old_start": visit.starts_at.isoformat(),
    }
    outbox.withdraw(
        change.consultation,
        ["move_proposed", outbox.TOLD_TOO],
        now=change.now,
        why="another time was proposed",
    )
    outbox.queue(
        change.consultation,
        "move_proposed",
        now=change.now,
        not_before=change.mails_go,
        facts=facts,
        note=add_advice(change, note),
    )


@verb
def accept_move(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The client takes the proposed time: the visit moves there. Raises Refused("offer_over") when it is no longer held,
    SwitchedOff when somebody switched off or closed what it needs; then the visit stays as it is.
    """
    with core.change(consultation, "accept_move", origin) as change:
        own = times.lock_all(change.consultation)
        visit, proposed = visit_of(change), _proposed(own)
        # The visit goes first: a request books one time. An error brings it back.
        times.release([visit])
        if proposed is None or not times.book_held(change, proposed):
            words = "That time is no longer held for you. Your consultation stays as it is."
            raise Refused("offer_over", words)
        times.refuse_off(change, proposed, instead="Your consultation stays as it is.")
        come_back_if_too_near(change, proposed)
        visit_mail.tell_changed(change, proposed, visit)
    return change.consultation


@verb
def keep(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The visit stays where it is and the proposed time is freed: the client keeps theirs, staff think again, or the clock
    finds that nobody answered in time.

    Unless it was staff, the desk comes back to it today. Nobody is mailed. Raises Refused("nothing" or "not_due").
    """
    with core.change(consultation, "keep", origin) as change:
        own = times.lock_all(change.consultation)
        visit, proposed = visit_of(change), _proposed(own)
        if proposed is None:
            raise Refused("nothing", "No other time is proposed any more. The appointment stays as it is.")
        if origin.actor.kind == Who.CLOCK:
            if proposed.held_until is None or proposed.held_until > origin.now:
                raise Refused("not_due", "The time to answer is not over yet.")
            change.reason = "no_answer"
        times.release([proposed])
        change.fact(appointment=visit.pk, start=visit.starts_at.isoformat())
        if origin.actor.kind != Who.STAFF:
            come_back_today(change)
        outbox.withdraw(
            change.consultation, ["move_proposed"], now=origin.now, why="the visit stays as it is"
        )
    return change.consultation


def _proposed(own: list[Appointment]) -> Appointment | None:
    return next((row for row in own if row.state == _State.HELD and row.is_offer), None)
