"""What staff keep in order: who looks after a request, notes, tags, and opening a closed one again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User

from bookings import limits
from bookings.models import ConsultationRequest as Request
from bookings.models import Note
from bookings.queries.clinic import clinic
from bookings.table import DeclineReason
from bookings.workflow import times
from bookings.workflow.core import Actor, add_note, verb
from bookings.workflow.core import act as acting
from bookings.workflow.errors import Refused


@verb
def assign(
    request: Request, *, actor: Actor, now: datetime, user: User | None, version: int | None = None
) -> Request:
    """Give the request to a member of staff, or to nobody."""
    with acting(request, "assign", actor=actor, now=now, version=version) as doing:
        doing.change(assigned_to=user)
        doing.fact(user=user.pk if user else None)
    return doing.request


@verb
def note(request: Request, *, actor: Actor, now: datetime, text: str, version: int | None = None) -> Request:
    """Keep an internal note. It is never sent."""
    with acting(request, "note", actor=actor, now=now, version=version) as doing:
        add_note(doing, Note.Kind.INTERNAL, text)
    return doing.request


@verb
def tag(request: Request, *, actor: Actor, now: datetime, tags: str, version: int | None = None) -> Request:
    """Set the desk's own words for the request, separated by spaces."""
    with acting(request, "tag", actor=actor, now=now, version=version) as doing:
        doing.change(tags=" ".join(dict.fromkeys(tags.split()))[: limits.TAGS_CHARACTERS])
    return doing.request


@verb
def reopen(request: Request, *, actor: Actor, now: datetime, version: int | None = None) -> Request:
    """Open a closed request again: nothing is held, and a new promise starts. Not after erasure or under 18 (Refused)."""
    with acting(request, "reopen", actor=actor, now=now, version=version) as doing:
        fresh = doing.request
        if fresh.erased_at is not None:
            raise Refused("erased", "This request was erased and cannot be opened again.")
        if fresh.decline_reason == DeclineReason.UNDER_18:
            raise Refused("under_18", "A request of somebody under 18 cannot be opened again.")
        # A missed visit keeps its booked row until here.
        times.lock_all(fresh)
        times.release(fresh)
        doing.change(
            closed_at=None,
            decline_reason="",
            cancel_reason="",
            hold_until=None,
            promise_due_at=clinic(now).promise_from(now),
            promise_minutes_left=None,
        )
    return doing.request
