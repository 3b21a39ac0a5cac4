"""More from the client: something to add, or another way to reach them."""

from __future__ import annotations

from collections.abc import Sequence

from bookings import links, outbox
from bookings.models import ConsultationRequest, Note, SupportNeeds
from bookings.states import Status, Who
from bookings.workflow import core, intake
from bookings.workflow.core import Change, Origin, add_note, verb
from bookings.workflow.errors import Refused
from bookings.workflow.submission import search_columns


@verb
def add_information(
    consultation: ConsultationRequest, origin: Origin, *, text: str, about_health: bool = True
) -> ConsultationRequest:
    """Keep something more that the client says, or that staff heard on the phone."""
    with core.change(consultation, "add_information", origin) as change:
        add_note(change, Note.Kind.INFORMATION, text, about_health=about_health)
    return change.consultation


@verb
def correct_contact(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    email: str | None = None,
    phone: str | None = None,
    name: str | None = None,
) -> ConsultationRequest:
    """Change how the client is reached. A new address ends every old link, must be proved, and gets its own mail.

    A client may correct the address once, before it is proved; staff may always. Raises Refused("once"). Nobody is
    told about a suspected request; a rescue will write to the right address.
    """
    with core.change(consultation, "correct_contact", origin) as change:
        fresh = change.consultation
        moved = email is not None and email != fresh.email
        if origin.actor.kind == Who.CLIENT and (fresh.address_corrected_at or fresh.email_proved_at):
            raise Refused("once", "The address can be changed here once. Please call us to change it again.")
        change.set(
            name=name if name is not None else fresh.name,
            email=email if email is not None else fresh.email,
            phone=phone if phone is not None else fresh.phone,
        )
        change.set(**search_columns(fresh.name, fresh.email, fresh.phone))
        change.fact(address=moved)
        if moved:
            change.set(email_proved_at=None, address_corrected_at=origin.now)
            outbox.reroute(fresh, now=origin.now)
            if fresh.status != Status.SUSPECTED:
                _tell_new_address(change)
    return change.consultation


@verb
def note_support(
    consultation: ConsultationRequest, origin: Origin, *, needs: Sequence[str], note: str = ""
) -> ConsultationRequest:
    """Keep what the client needs for the visit, by codes of bookings/answers.py, in place of what was kept before.

    Without needs and a note nothing is kept any more. What is owed and has not gone is told as they now need it.
    """
    with core.change(consultation, "note_support", origin) as change:
        fresh = change.consultation
        # By its request: what no key opens any more is replaced as well.
        SupportNeeds.objects.filter(request=fresh).delete()
        # Also the request's own `support_needs` from here on, saved or not: it says how they are reached.
        kept = SupportNeeds(request=fresh, data={"support": list(needs), "support_note": note})
        if needs or note:
            kept.save()
        outbox.reroute(fresh, now=origin.now)
    return change.consultation


def _tell_new_address(change: Change) -> None:
    """Old links die, unsent mails to the old address are withdrawn, and the new address is told where things stand."""
    consultation, now = change.consultation, change.now
    by_staff = change.actor.kind == Who.STAFF
    links.revoke_all(consultation, now)
    consultation.is_told_too = False  # the same mails again, and no news
    pending = list(consultation.messages.filter(state="queued").exclude(kind="staff_alert"))
    outbox.withdraw(consultation, {message.kind for message in pending}, now=now, why="the address changed")
    for message in pending:
        outbox.queue(
            consultation,
            message.kind,
            now=now,
            not_before=message.not_before,
            facts=message.facts,
            note=message.note,
            by_staff=by_staff or message.by_staff,
        )
    if by_staff and any(barrier.is_against_all for barrier in consultation.barriers):
        return  # whoever is not to be mailed gets no link that they did not ask for
    kinds = {message.kind for message in pending}
    if not kinds & {"received", "offered", "confirmed", "changed"}:
        first = consultation.status == Status.NEW and change.actor.kind == Who.CLIENT
        kind, facts = "received" if first else "new_link", _held_time(change)
        outbox.queue(consultation, kind, now=now, facts=facts, by_staff=by_staff)


def _held_time(change: Change) -> dict[str, str | None]:
    held = change.consultation.appointments.held().filter(is_offer=False).first()
    return intake.hold_facts(change.consultation, held, change.clinic)
