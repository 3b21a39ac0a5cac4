"""What a booked visit owes the client: the mail with its calendar file, and two reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bookings import limits, outbox
from bookings.models import Appointment, ConsultationRequest, Note
from bookings.workflow.core import Act


def tell_confirmed(doing: Act, appointment: Appointment, *, note: Note | None) -> None:
    """Queue the confirmation of a newly booked visit."""
    _tell(doing, "confirmed", appointment, note, {})


def tell_changed(doing: Act, appointment: Appointment, old: Appointment, *, note: Note | None = None) -> None:
    """Queue the mail about a moved visit; the old reminders go."""
    _tell(doing, "changed", appointment, note, {"old_start": old.starts_at.isoformat()})


def _tell(doing: Act, kind: str, appointment: Appointment, note: Note | None, more: dict[str, Any]) -> None:
    request, now = doing.request, doing.now
    doing.change(
        calendar_sequence=request.calendar_sequence + 1, promise_due_at=None, promise_minutes_left=None
    )
    doing.change(hold_until=None)
    facts = {"appointment": appointment.pk, "sequence": request.calendar_sequence} | more
    doing.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat(), **more)
    # Whatever was still to be said about offers, holds or the old time is no longer true.
    outbox.withdraw(request, None, now=now, why="the visit was booked")
    outbox.queue(request, kind, now=now, facts=facts, note=note)
    for reminder, ahead in limits.VISIT_REMINDERS:
        if appointment.starts_at - ahead > now:
            outbox.queue(
                request,
                reminder,
                now=now,
                not_before=appointment.starts_at - ahead,
                facts={"appointment": appointment.pk},
            )


def remind_later(request: ConsultationRequest, by: timedelta) -> None:
    """The reminders that have not gone yet follow a visit whose moment has changed by so much."""
    outbox.postpone(request, [kind for kind, _ in limits.VISIT_REMINDERS], by)


def tell_cancelled(
    doing: Act, appointment: Appointment, reason: str, by: str, *, note: Note | None = None
) -> None:
    """Queue the cancellation with a calendar file that takes the visit out of the client's calendar."""
    request = doing.request
    doing.change(calendar_sequence=request.calendar_sequence + 1)
    doing.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat())
    facts = {
        "appointment": appointment.pk,
        "reason": reason,
        "by": by,
        "sequence": request.calendar_sequence,
    }
    outbox.queue(request, "cancelled", now=doing.now, facts=facts, note=note)
