"""What staff keep in order: who looks after a request, notes, tags, and opening a closed one again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from bookings.models import ConsultationRequest, Note, Tag
from bookings.queries import plans
from bookings.states import DeclineReason, Who
from bookings.workflow import core, times
from bookings.workflow.core import Origin, add_note, verb
from bookings.workflow.errors import Refused


@verb
def assign(consultation: ConsultationRequest, origin: Origin, *, user: User | None) -> ConsultationRequest:
    """Give the request to a member of staff, or to nobody."""
    with core.change(consultation, "assign", origin) as change:
        change.set(assigned_to=user)
        change.fact(
            user=user.pk if user else None,
            to=(user.get_full_name() or user.get_username()) if user else "nobody",
        )
    return change.consultation


@verb
def note(
    consultation: ConsultationRequest, origin: Origin, *, text: str, about_health: bool = True
) -> ConsultationRequest:
    """Keep an internal note. It is never sent."""
    with core.change(consultation, "note", origin) as change:
        add_note(change, Note.Kind.INTERNAL, text, about_health=about_health)
    return change.consultation


@verb
def tag(consultation: ConsultationRequest, origin: Origin, *, tags: Sequence[Tag]) -> ConsultationRequest:
    """Put these tags on the request and take off all others. One that is switched off can stay, but not come.

    Raises Refused("tag_off").
    """
    with core.change(consultation, "tag", origin) as change:
        worn, wanted = change.consultation.tags, {each.pk for each in tags}
        had = set(worn.values_list("pk", flat=True))
        new = list(Tag.objects.filter(pk__in=wanted - had))
        for each in new:
            if not each.is_active:
                raise Refused("tag_off", f"The tag “{each.name}” is no longer in use.")
        worn.remove(*(had - wanted))
        worn.add(*new)
        change.fact(tags=sorted((had & wanted) | {each.pk for each in new}))
    return change.consultation


@verb
def reopen(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """Open a closed request again: nothing is held, and a new promise starts. Not after erasure or under 18 (Refused).

    The client opens nothing but a session of a plan, while the yes that it came of stands: Refused("no_yes") otherwise.
    """
    with core.change(consultation, "reopen", origin) as change:
        fresh = change.consultation
        if origin.actor.kind == Who.CLIENT and not plans.may_be_had_again(fresh, change.before):
            raise Refused("no_yes", "We cannot open this again here. Please call us.")
        if fresh.erased_at is not None:
            raise Refused("erased", "This request was erased and cannot be opened again.")
        if fresh.decline_reason == DeclineReason.UNDER_18:
            raise Refused("under_18", "A request of somebody under 18 cannot be opened again.")
        # A missed visit keeps its booked row until here.
        times.release(times.lock_all(fresh))
        change.set(
            closed_at=None,
            decline_reason="",
            cancel_reason="",
            hold_until=None,
            promise_due_at=change.clinic.promise_from(origin.now),
            promise_minutes_left=None,
        )
    return change.consultation
