"""What a booked visit owes the client: the mail with its calendar file, and two reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bookings import limits, outbox
from bookings.models import Appointment, ConsultationRequest, Note
from bookings.workflow.core import Change


def tell_confirmed(change: Change, appointment: Appointment, *, note: Note | None) -> None:
    """Queue the confirmation of a newly booked visit."""
    _tell(change, "confirmed", appointment, note, {})


def tell_changed(
    change: Change, appointment: Appointment, old: Appointment, *, note: Note | None = None
) -> None:
    """Queue the mail about a moved visit; the old reminders go."""
    _tell(change, "changed", appointment, note, {"old_start": old.starts_at.isoformat()})


def _tell(
    change: Change, kind: str, appointment: Appointment, note: Note | None, more: dict[str, Any]
) -> None:
    consultation, now = change.consultation, change.now
    change.set(
        calendar_sequence=consultation.calendar_sequence + 1, promise_due_at=None, promise_minutes_left=None
    )
    change.set(hold_until=None)
    facts = {"appointment": appointment.pk, "sequence": consultation.calendar_sequence} | more
    change.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat(), **more)
    # Unsent mails about offers, holds or the old time are no longer true.
    outbox.withdraw(consultation, None, now=now, why="the visit was booked")
    reminders = [
        outbox.Reminder(reminder, appointment.starts_at - ahead, {"appointment": appointment.pk})
        for reminder, ahead in limits.reminders.VISIT_REMINDERS
        if appointment.starts_at - ahead > now
    ]
    outbox.queue(consultation, kind, now=now, facts=facts, note=note, reminders=reminders)


def remind_later(consultation: ConsultationRequest, by: timedelta) -> None:
    """Move the reminders that have not gone yet by as much as the moment of the visit has changed."""
    outbox.postpone(consultation, [kind for kind, _ in limits.reminders.VISIT_REMINDERS], by)


def tell_cancelled(
    change: Change, appointment: Appointment, reason: str, by: str, *, note: Note | None = None
) -> None:
    """Queue the cancellation with a calendar file that takes the visit out of the client's calendar."""
    consultation = change.consultation
    change.set(calendar_sequence=consultation.calendar_sequence + 1)
    change.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat())
    facts = {
        "appointment": appointment.pk,
        "reason": reason,
        "by": by,
        "sequence": consultation.calendar_sequence,
    }
    outbox.queue(consultation, "cancelled", now=change.now, facts=facts, note=note)
