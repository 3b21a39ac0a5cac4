"""Taking back what was just done: the request is again exactly as it was, and nobody has been told otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress

from bookings import outbox, wording
from bookings.models import Appointment, ConsultationRequest, Note, Plan, PlanQuestion, Undo, VisitQuestion
from bookings.models.appointment import AppointmentQuerySet
from bookings.states import BEFORE_BOOK, PlanStatus, Status
from bookings.workflow import core, times, wait
from bookings.workflow.core import Change, Origin, Overlap, last_event, verb
from bookings.workflow.errors import Conflict, Refused, WorkflowError
from clinic.foundation import when

_State = Appointment.State


@verb
def undo(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """Take back the last thing that the same member of staff did to this request, while its mail waits.

    Status, clocks, times, notes and mails are as they were; the history keeps both lines. What it offered to others
    (`rival_to` in the facts of their offers) is taken back with it, as far as they have not seen it.

    Raises Refused: "nothing" to take back, "not_yours", "late", "seen" by the client, "sent" (a worker has the mail), or
    "taken" (somebody has the time that was freed).
    """
    row = Undo.objects.select_related("event").filter(request=consultation).first()
    with core.change(consultation, "undo", origin, to=_state_before(row)) as change:
        _refuse(change, row)
        assert row is not None  # refused above
        rivals = _offered_to_rivals(row)
        _lock(change, [row, *rivals])
        _take_back(change, row)
        for rival in rivals:
            # Whoever has seen their offer keeps it: nobody takes back what somebody was told.
            with suppress(WorkflowError):
                _take_back_too(rival, origin)
    return change.consultation


def _offered_to_rivals(row: Undo) -> list[Undo]:
    """What can be taken back of the offers to those who wanted the same time."""
    offers = Undo.objects.select_related("event").exclude(pk=row.pk)
    return list(offers.filter(event__facts__rival_to=row.request_id, event__at__gte=row.event.at))


def _state_before(row: Undo | None) -> Status | None:
    if row is None:
        return None
    as_it_was = BEFORE_BOOK if row.event.verb == "book" else row.event.to_status
    return Status(row.before["fields"].get("status", as_it_was))


def _refuse(change: Change, row: Undo | None) -> None:
    if row is None:
        raise Refused("nothing", "There is nothing here to take back any more.")
    did = wording.of(row.event.verb).past
    if row.by_id != change.actor.id:
        raise Refused("not_yours", f"{row.event.actor_label} {did}, and only they can take it back.")
    if row.until <= change.now:
        end = when.digits(row.until, change.clinic.zone)
        raise Refused("late", f"The mail has gone: this could be taken back until {end}.")


def _lock(change: Change, rows: list[Undo]) -> None:
    """Lock all requests, then all practitioners, each in one order: two of these at once do not wait for each other."""
    requests = ConsultationRequest.objects.filter(pk__in=[row.request_id for row in rows])
    list(requests.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    keys = [int(key) for row in rows for key in row.before["appointments"]]
    times.lock([], Appointment.objects.filter(pk__in=keys) | _occupying(rows))


def _occupying(rows: Iterable[Undo]) -> AppointmentQuerySet:
    return Appointment.objects.occupying().filter(request__in=[row.request_id for row in rows])


def _take_back_too(row: Undo, origin: Origin) -> None:
    """The same for another request, whose offer came from what is being taken back. Raises WorkflowError, and leaves it."""
    consultation = ConsultationRequest.objects.get(pk=row.request_id)
    same = Origin(origin.actor, origin.now, row.event.version)
    with core.change(consultation, "undo", same, to=_state_before(row)) as change:
        _take_back(change, row)


def _take_back(change: Change, row: Undo) -> None:
    """The swaps come first: against the client who opens the page, and against the worker that sends the mail."""
    fresh, was = change.consultation, wait.Before(**row.before)
    if Undo.objects.filter(pk=row.pk, seen_by_client_at=None).delete()[0] != 1:
        raise _seen(change)
    owed = fresh.messages.filter(version=row.event.version, created_at=row.event.at)
    mails = owed.exclude(kind="staff_alert")
    if not outbox.stop(mails.values_list("pk", flat=True)):
        raise Refused("sent", "The mail is on its way already, so this can no longer be taken back.")
    _give_back_times(change, was)
    for state, keys in was.owed.items():
        outbox.owe_again(keys, state)
    Note.objects.filter(pk__in=was.notes).update(taken_back_at=change.now)
    _give_back_plans(row, was)
    if row.event.verb == "book":
        # Its page may still be open: what was wrong is put right there, and sent again.
        change.set(closed_at=change.now, draft_id=uuid.uuid4())
    else:
        change.set(**wait.restore(fresh, was.fields))
    change.fact(took_back=row.event.verb, undoes=row.event.version)


def _give_back_plans(row: Undo, was: wait.Before) -> None:
    """What was sent is a draft again, and what it replaced stands again: in this order, for only one can stand. The
    questions that it answered in writing are open again, and so is one about a plan.
    """
    if row.event.verb == "send_plan":
        sent = Plan.objects.filter(pk=row.event.facts["plan"])
        sent.update(status=PlanStatus.DRAFT, sent_at=None, although="")
    # The words stay for whoever answers it again; nobody else reads them.
    PlanQuestion.objects.filter(pk__in=was.replies).update(replied_at=None, replied_by="")
    for key, status in was.plans.items():
        Plan.objects.filter(pk=key).update(status=status)
    settled = VisitQuestion.objects.filter(pk__in=was.questions)
    settled.update(state=VisitQuestion.State.OPEN, settled_at=None)


def _seen(change: Change) -> WorkflowError:
    seen = (
        Undo.objects.filter(request=change.consultation).values_list("seen_by_client_at", flat=True).first()
    )
    if seen is None:
        return Conflict(change.consultation, last_event(change.consultation), change.now)
    at, who = when.digits(seen, change.clinic.zone), change.consultation.called or "The client"
    return Refused(
        "seen", f"{who} opened their page at {at} and has read it, so this can no longer be taken back."
    )


def _give_back_times(change: Change, was: wait.Before) -> None:
    """Free what the verb took, and take again what it freed. Raises Refused("taken")."""
    own = times.occupying(change.consultation)
    times.release(row for row in own if str(row.pk) not in was.appointments)
    for row in Appointment.objects.filter(pk__in=was.appointments).order_by("pk"):
        values = wait.restore(row, was.appointments[str(row.pk)])
        # A hold that would have run out by now is not worth a refusal.
        over = values["state"] == _State.HELD and values["held_until"] <= change.now
        try:
            times.take_again(change, row, values)
        except Overlap as taken:
            if not over:
                at = when.moment(row.starts_at, change.clinic.zone)
                raise Refused(
                    "taken", f"{at} cannot be held again: {taken.whose or 'somebody has it now.'}"
                ) from None
