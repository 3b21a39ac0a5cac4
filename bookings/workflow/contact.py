"""More from the client: something to add, or another way to reach them."""

from __future__ import annotations

from datetime import datetime

from bookings import links, outbox
from bookings.models import ConsultationRequest, Note
from bookings.table import Status, Who
from bookings.workflow.core import Act, Actor, add_note, verb
from bookings.workflow.core import act as acting
from bookings.workflow.errors import Refused
from bookings.workflow.submission import search_columns


@verb
def add_information(
    request: ConsultationRequest, *, actor: Actor, now: datetime, text: str, version: int | None = None
) -> ConsultationRequest:
    """Keep something more that the client says (or that staff heard on the phone)."""
    with acting(request, "add_information", actor=actor, now=now, version=version) as doing:
        add_note(doing, Note.Kind.INFORMATION, text)
    return doing.request


@verb
def correct_contact(
    request: ConsultationRequest,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    email: str | None = None,
    phone: str | None = None,
    name: str | None = None,
) -> ConsultationRequest:
    """Change how the client is reached. A new address ends every old link, must be proved, and gets its own mail.

    A client may correct the address once, before it is proved; staff always. Raises Refused("once"). Of a
    suspected request nobody is told; a rescue will write to the right address.
    """
    with acting(request, "correct_contact", actor=actor, now=now, version=version) as doing:
        fresh = doing.request
        moved = email is not None and email != fresh.email
        if actor.kind == Who.CLIENT and (fresh.address_corrected_at or fresh.email_proved_at):
            raise Refused("once", "The address can be changed here once. Please call us to change it again.")
        doing.change(
            name=name if name is not None else fresh.name,
            email=email if email is not None else fresh.email,
            phone=phone if phone is not None else fresh.phone,
        )
        doing.change(**search_columns(fresh.name, fresh.email, fresh.phone))
        doing.fact(address=moved)
        if moved:
            doing.change(email_proved_at=None, address_corrected_at=now)
            if fresh.status != Status.SUSPECTED:
                _tell_new_address(doing)
    return doing.request


def _tell_new_address(doing: Act) -> None:
    """Old links die, unsent mails to the old address are withdrawn, and the new address is told what holds now."""
    request, now = doing.request, doing.now
    by_staff = doing.actor.kind == Who.STAFF
    links.revoke_all(request, now)
    pending = list(request.messages.filter(state="queued").exclude(kind="staff_alert"))
    outbox.withdraw(request, {message.kind for message in pending}, now=now, why="the address changed")
    for message in pending:
        outbox.queue(
            request,
            message.kind,
            now=now,
            not_before=message.not_before,
            facts=message.facts,
            note=message.note,
            by_staff=by_staff or message.by_staff,
        )
    kinds = {message.kind for message in pending}
    if not kinds & {"received", "offered", "confirmed", "changed"}:
        first = request.status == Status.NEW and doing.actor.kind == Who.CLIENT
        kind, facts = "received" if first else "new_link", _hold_facts(request)
        outbox.queue(request, kind, now=now, facts=facts, by_staff=by_staff)


def _hold_facts(request: ConsultationRequest) -> dict[str, str | None]:
    held = request.appointments.held().filter(is_offer=False).first()
    return {
        "start": held.starts_at.isoformat() if held else None,
        "held_until": request.hold_until.isoformat() if held and request.hold_until else None,
    }
