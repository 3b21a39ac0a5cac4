"""Two requests of one person become one. What hangs on the other follows; the other is closed as a duplicate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bookings import links, outbox
from bookings.models import Appointment, ConsultationRequest, Note, SupportNeeds, VisitQuestion, WishWindow
from bookings.queries import same_person
from bookings.states import DeclineReason, Status
from bookings.workflow import core, times
from bookings.workflow.closing import close
from bookings.workflow.core import Change, Origin, verb
from bookings.workflow.errors import Conflict, Refused


@verb
def merge(
    consultation: ConsultationRequest, origin: Origin, *, other: ConsultationRequest
) -> ConsultationRequest:
    """Keep this request, and close `other`, an open one of the same proved address, as a duplicate. Nobody is mailed.

    Links, sessions, mails, notes and a held time follow, and so do flags, tags and whatever this one had not got: its old
    link opens this one. Its history and its answers stay where they are, and are shown from here: no line of a history is
    ever changed. Raises Refused with a code of `Obstacle`, or "other" when somebody has just answered the other one.
    """
    with core.change(consultation, "merge", origin) as change:
        try:
            _take_in(change, other)
        except Conflict as error:
            words = f"{other.reference} can no longer be merged. {error}"
            raise Refused("other", words) from error
    return change.consultation


def _take_in(change: Change, other: ConsultationRequest) -> None:
    kept, seen = change.consultation, ConsultationRequest.objects.get(pk=other.pk)
    found = same_person.obstacle(kept, seen)
    if found is not None:
        raise Refused(found.value, found.words)
    # One press, one key: it is kept with the event of the request that stays. Nor may the other one have changed since.
    origin = Origin(replace(change.actor, press=""), change.now, seen.version)
    with core.change(seen, "decline", origin) as closing:
        gone = closing.consultation
        closing.undo_until = None  # it owes no mail, and what it had is no longer its own
        held = _holds_to_move(change, gone)
        Appointment.objects.filter(pk__in=[row.pk for row in held]).update(request=kept)
        _keep_what_was_missing(change, gone, held)
        close(closing)
        closing.reason = DeclineReason.DUPLICATE
        closing.set(decline_reason=DeclineReason.DUPLICATE, merged_into=kept)
        closing.fact(into=kept.pk)
        change.fact(merged=gone.pk)
        _hand_over(gone, kept)


def _holds_to_move(change: Change, gone: ConsultationRequest) -> list[Appointment]:
    """The time that the other one holds, if this one is still to be answered and about the same kind of consultation."""
    kept, own = change.consultation, times.lock_all(gone)
    if kept.status != Status.NEW or kept.consultation_type_id != gone.consultation_type_id:
        return []
    return [row for row in own if not row.is_offer and row.held_until and row.held_until > change.now]


def _keep_what_was_missing(change: Change, gone: ConsultationRequest, held: list[Appointment]) -> None:
    """What the other one says and this one does not, and the earlier of two promises."""
    kept = change.consultation
    if kept.status == Status.NEW:
        change.set(promise_due_at=_earliest([kept.promise_due_at, gone.promise_due_at]))
    if held:
        ends = [kept.hold_until, *(row.held_until for row in held)]
        change.set(hold_until=max(moment for moment in ends if moment is not None))
    if held and kept.wished_start is None:
        change.set(wished_start=gone.wished_start, wished_practitioner=gone.wished_practitioner)
    if not kept.phone:
        change.set(phone=gone.phone, phone_search=gone.phone_search)
    if kept.assigned_to_id is None:
        change.set(assigned_to=gone.assigned_to)
    if kept.called_at is None:
        change.set(called_at=gone.called_at, call_topic=gone.call_topic, calls_tried=gone.calls_tried)
    if kept.follow_up_on is None:
        change.set(follow_up_on=gone.follow_up_on)
    for flag in ("needs_clinician", "same_day_call", "urgent"):
        change.set(**{flag: getattr(kept, flag) or getattr(gone, flag)})
    kept.concerns.add(*gone.concerns.all())
    kept.tags.add(*gone.tags.all())
    if not kept.windows.exists():
        WishWindow.objects.filter(request=gone).update(request=kept)
    _add_needs(gone, kept)
    outbox.reroute(kept, now=change.now)


def _add_needs(gone: ConsultationRequest, kept: ConsultationRequest) -> None:
    """What they need for the visit, in whichever request they said it."""
    rows = {row.request_id: row for row in SupportNeeds.objects.filter(request__in=(gone, kept))}
    theirs, own = rows.get(gone.pk), rows.get(kept.pk)
    if theirs is None:
        return
    if own is None:
        SupportNeeds.objects.create(request=kept, data=theirs.data)
        return
    codes = [*own.data.get("support", ()), *theirs.data.get("support", ())]
    notes = [data.get("support_note", "") for data in (own.data, theirs.data)]
    own.data = {
        "support": list(dict.fromkeys(codes)),
        "support_note": "\n".join(dict.fromkeys(filter(None, notes))),
    }
    own.request = kept  # which has them at hand from here on
    own.save(update_fields=["data"])


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _hand_over(gone: ConsultationRequest, kept: ConsultationRequest) -> None:
    """Rows that say nothing by whose they are. What was still to be sent was withdrawn with the request."""
    links.hand_over(gone, kept)
    outbox.hand_over(gone, kept)
    Note.objects.filter(request=gone).update(request=kept)
    VisitQuestion.objects.filter(request=gone).update(request=kept)
    ConsultationRequest.objects.filter(merged_into=gone).update(merged_into=kept)
