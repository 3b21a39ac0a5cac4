"""A confirmed visit: moved, cancelled, attended, missed, corrected."""

from __future__ import annotations

from datetime import datetime, timedelta

from bookings import outbox
from bookings.availability import Slot
from bookings.models import Appointment, Note
from bookings.models import ConsultationRequest as Request
from bookings.queries import slots as free
from bookings.queries import visits
from bookings.queries.clinic import zone as clinic_zone
from bookings.table import CancelReason, Who
from bookings.workflow import times, visit_mail
from bookings.workflow.closing import close
from bookings.workflow.core import Act, Actor, Overlap, add_note, verb
from bookings.workflow.core import act as acting
from bookings.workflow.errors import Refused
from clinic.foundation import when

# Reception may mark somebody as arrived this long before the start.
EARLY = timedelta(minutes=15)


def cutoff(appointment: Appointment) -> datetime:
    """Until when (UTC) the client may move or cancel this visit online."""
    return appointment.starts_at - timedelta(hours=appointment.consultation_type.cutoff_hours)


@verb
def reschedule(
    request: Request, *, actor: Actor, now: datetime, slot: Slot, version: int | None = None
) -> Request:
    """Move the visit: the client up to the cut-off and to offered times only, staff until the start.

    Raises SlotTaken, Refused("cutoff", "started" or "past").
    """
    with acting(request, "reschedule", actor=actor, now=now, version=version) as doing:
        old = _visit(doing)
        _in_time(actor, old, now)
        if slot.start <= now:
            raise Refused("past", "Choose a time that is still to come.")
        if actor.kind == Who.STAFF:
            times.refuse_closed(doing, slot)
        times.lock_all(doing.request, [slot.practitioner_id])
        # The new time may overlap the old one, so the old one is freed first; an error brings it back.
        times.release(doing.request)
        if actor.kind == Who.CLIENT and not _is_offered(doing, old, slot):
            raise Overlap(doing.request.consultation_type, slot.start, now)
        new = times.occupy(doing, slot, state=Appointment.State.BOOKED)
        visit_mail.tell_changed(doing, new, old)
    return doing.request


@verb
def cancel(
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    reason: str = CancelReason.CLIENT_REQUEST,
    text: str = "",
    version: int | None = None,
) -> Request:
    """Cancel the visit: the client up to the cut-off, staff always. `text` is kept as a note. Raises Refused("cutoff")."""
    why = CancelReason(reason)
    with acting(request, "cancel", actor=actor, now=now, version=version) as doing:
        visit = _visit(doing)
        if actor.kind == Who.CLIENT:
            _in_time(actor, visit, now)
        cancel_visit(doing, visit, why, text)
    return doing.request


def cancel_visit(doing: Act, visit: Appointment, why: CancelReason, text: str = "") -> None:
    """Free the time and tell the client, inside the caller's act."""
    close(doing)
    doing.reason = why
    doing.change(cancel_reason=why)
    note = None
    if text:
        by_client = doing.actor.kind == Who.CLIENT
        note = add_note(doing, Note.Kind.REASON if by_client else Note.Kind.ADVICE, text)
    by = doing.actor.kind.value
    visit_mail.tell_cancelled(doing, visit, why.value, by, note=note if by != Who.CLIENT else None)


@verb
def attend(request: Request, *, actor: Actor, now: datetime, version: int | None = None) -> Request:
    """The client came. From 15 minutes before the start."""
    with acting(request, "attend", actor=actor, now=now, version=version) as doing:
        _begun(doing)
    return doing.request


@verb
def miss(request: Request, *, actor: Actor, now: datetime, version: int | None = None) -> Request:
    """The client did not come. From 15 minutes before the start."""
    with acting(request, "miss", actor=actor, now=now, version=version) as doing:
        _begun(doing)
    return doing.request


@verb
def correct(request: Request, *, actor: Actor, now: datetime, version: int | None = None) -> Request:
    """Attended and did-not-attend were mixed up: anybody on the day of the visit, a manager later."""
    with acting(request, "correct", actor=actor, now=now, version=version) as doing:
        zone = clinic_zone()
        today = when.local_day(now, zone) == when.local_day(_visit(doing).starts_at, zone)
        if not today and not actor.is_manager:
            raise Refused("late", "After the day of the visit only a manager can correct this.")
    return doing.request


def _visit(doing: Act) -> Appointment:
    visit = doing.request.appointments.booked().select_related("consultation_type").first()
    if visit is None:
        raise Refused("no_visit", "There is no visit to change.")
    return visit


def _begun(doing: Act) -> None:
    visit = _visit(doing)
    if doing.now < visit.starts_at - EARLY:
        raise Refused("early", "This can be marked from 15 minutes before the start.")
    outbox.withdraw(doing.request, ["reminder_48h", "reminder_2h"], now=doing.now, why="the visit has begun")
    doing.change(closed_at=doing.now)


def _in_time(actor: Actor, visit: Appointment, now: datetime) -> None:
    if actor.kind == Who.CLIENT and now > cutoff(visit):
        raise Refused("cutoff", "It is too late to change this online. Please call us.")
    if now >= visit.starts_at:
        raise Refused("started", "The visit has already begun.")


def _is_offered(doing: Act, old: Appointment, slot: Slot) -> bool:
    """Clients move to times that they could choose anew: within hours, notice and horizon, with somebody who fits."""
    return slot in free.free_at(
        now=doing.now,
        consultation_type=doing.request.consultation_type,
        start=slot.start,
        practitioner_id=slot.practitioner_id,
        concerns=visits.concerns_that_bind(old),
    )
