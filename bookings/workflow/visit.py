"""A confirmed visit: moved, kept where it is, cancelled. Its day is in attendance.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bookings import limits
from bookings.against import Against
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest, Note
from bookings.queries import off, session_rules, visits
from bookings.queries.any_practitioner import ANYBODY
from bookings.queries.off import Off
from bookings.queries.slots import Wanted
from bookings.states import CancelReason, Who
from bookings.workflow import core, times, visit_mail
from bookings.workflow.closing import close
from bookings.workflow.core import Actor, Change, Origin, Overlap, add_advice, add_note, verb
from bookings.workflow.errors import Refused
from clinic.foundation import when


@verb
def reschedule(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    slot: Slot,
    note: str = "",
    although: Collection[str] = (),
) -> ConsultationRequest:
    """Move the visit: the client may up to the cut-off and to offered times only, staff until the start.

    It is the same visit at another time: its length, fee, way and cut-off stay as agreed, whatever the type says now. A
    client's `slot` of ANYBODY means whoever fits. The client reads `note` behind their link. `although` has the codes of
    bookings/against.py that staff have agreed to; it is nothing for a client. Raises SlotTaken, SwitchedOff,
    Refused("cutoff", "started" or "past").
    """
    now = origin.now
    with core.change(consultation, "reschedule", origin) as change:
        old = visit_of(change)
        _in_time(origin.actor, old, now)
        if slot.start <= now:
            raise Refused("past", "Choose a time that is still to come.")
        by_staff = origin.actor.kind == Who.STAFF
        who = None if slot.practitioner_id == ANYBODY else slot.practitioner_id
        wanted = visits.to_move(old, who, by_staff=by_staff)
        own = times.lock_all(change.consultation, times.everybody(wanted))
        # The new time may overlap the old one, so the old one is freed first; an error brings it back.
        times.release(own)
        if by_staff:
            chosen, wanted = wanted.slot(slot.practitioner_id, slot.start), wanted.by(None)
            judged = times.refuse_closed(change, chosen, although=although, moves=True)
        else:
            times.refuse_past_rules(change, old, slot.start)
            chosen, judged = times.pick(wanted, slot.start, change.clinic, now=now), _kept(old, wanted)
        new = times.occupy(
            change, chosen, state=Appointment.State.BOOKED, wanted=wanted, terms=old.terms, although=judged
        )
        visit_mail.tell_changed(change, new, old, note=add_advice(change, note))
    return change.consultation


@verb
def keep_time(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The clock: new zone data moved the moment of the visit, and it goes back to the wall-clock time that was agreed.

    What the client was told is true again, so nobody is mailed; reminders follow. If somebody else has that time by now the
    visit stays where it is. Either way the desk is told. Raises Refused("nothing").
    """
    with core.change(consultation, "keep_time", origin) as change:
        times.lock_all(change.consultation)
        visit = visit_of(change)
        by = visits.clock_drift(visit, change.clinic.zone)
        if not by:
            raise Refused("nothing", "The clock shows what was agreed.")
        change.fact(appointment=visit.pk, agreed=visit.agreed_clock)
        try:
            times.shift(change, visit, by)
        except Overlap:
            change.reason = "taken"
            visit.refresh_from_db()
        else:
            change.set(calendar_sequence=change.consultation.calendar_sequence + 1)
            visit_mail.remind_later(change.consultation, by)
        _ask_the_desk(change, visit)
    return change.consultation


@verb
def let_stand(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """Somebody has decided that the visit stays, although it is in doubt: what it needs was switched off or closed, or the
    rules of the clinic's time zone have changed.

    Nobody is asked again until something else speaks against it. Raises Refused("nothing").
    """
    with core.change(consultation, "let_stand", origin) as change:
        times.lock_all(change.consultation)
        visit = visit_of(change)
        found = off.against([visit.pk], change.clinic.zone).get(visit.pk, [])
        if not found:
            raise Refused("nothing", "There is nothing wrong with this visit.")
        visit.stands_although = " ".join(dict.fromkeys([*visit.stands_although.split(), *found]))
        visit.save(update_fields=["stands_although"])
        change.fact(although=[one.value for one in found])
    return change.consultation


@verb
def cancel(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    reason: str = CancelReason.CLIENT_REQUEST,
    text: str = "",
) -> ConsultationRequest:
    """Cancel the visit: clients may up to the cut-off, staff always. `text` is kept as a note. Raises Refused("cutoff").

    Of a near visit whose practitioner is away, the desk comes back to it today: they ring as well.
    """
    why = CancelReason(reason)
    with core.change(consultation, "cancel", origin) as change:
        visit = visit_of(change)
        if origin.actor.kind == Who.CLIENT:
            _in_time(origin.actor, visit, origin.now)
        cancel_visit(change, visit, why, text)
        if why is CancelReason.PRACTITIONER_AWAY and is_near(visit, origin.now):
            come_back_today(change)
    return change.consultation


def cancel_visit(change: Change, visit: Appointment, why: CancelReason, text: str = "") -> None:
    """Free the time and tell the client, inside the caller's change."""
    close(change)
    change.reason = why
    change.set(cancel_reason=why)
    note = None
    if text:
        by_client = change.actor.kind == Who.CLIENT
        note = add_note(change, Note.Kind.REASON if by_client else Note.Kind.ADVICE, text)
    by = change.actor.kind.value
    visit_mail.tell_cancelled(change, visit, why.value, by, note=note if by != Who.CLIENT else None)


def _ask_the_desk(change: Change, visit: Appointment) -> None:
    """New zone data has put this visit in doubt, whatever anybody decided about an earlier change."""
    visit.zone_changed_at = change.now
    visit.stands_although = " ".join(one for one in visit.stands_although.split() if one != Off.ZONE)
    # Ask once only: they decide about what the clock shows from now on.
    for name, value in times.clock_at(visit.starts_at, change.clinic.zone).items():
        setattr(visit, name, value)
    visit.save()


def _kept(old: Appointment, wanted: Wanted) -> list[str]:
    """What staff have already judged also holds when the client moves the visit, if it widened the choice."""
    widened = Off.CONCERN in old.stands_although.split() and not wanted.concerns
    return [*([Off.CONCERN.value] if widened else []), *(code.value for code in session_rules.noted([old]))]


def visit_of(change: Change) -> Appointment:
    """The booked visit of the request. Raises Refused("no_visit")."""
    visit = change.consultation.appointments.booked().select_related("consultation_type").first()
    if visit is None:
        raise Refused("no_visit", "There is no visit to change.")
    return visit


def come_back_today(change: Change) -> None:
    """Let the request stand in the view of what is to be followed up, unless somebody means to come back to it earlier."""
    today = when.local_day(change.now, change.clinic.zone)
    on = change.consultation.follow_up_on
    change.set(follow_up_on=min(on, today) if on else today)


def come_back_if_too_near(change: Change, visit: Appointment) -> None:
    """Of a session that its client has taken at an offered time: let the desk come back to it today if it is nearer to
    another visit than a rule or the plan allows, because that was booked or moved since the offer. Its page names the other.
    """
    zone = change.clinic.zone
    found = session_rules.against(change.consultation, visit.consultation_type, visit.starts_at, zone)
    if {Against.GAP, Against.INTERVAL} & found.keys() - set(visit.stands_although.split()):
        come_back_today(change)


def is_near(visit: Appointment, now: datetime) -> bool:
    """Whether it begins so soon that whoever is to come may not read a mail in time."""
    return visit.starts_at - now <= limits.deadlines.RING_AS_WELL


def _in_time(actor: Actor, visit: Appointment, now: datetime) -> None:
    if actor.kind == Who.CLIENT and not visit.can_be_changed_by_client(now):
        raise Refused("cutoff", "It is too late to change this online. Please call us.")
    if now >= visit.starts_at:
        raise Refused("started", "The visit has already begun.")
