"""What a booked visit owes the client: the mail with its calendar file, and two reminders.

Mails of staff wait a little (waiting.py). If the visit changes again meanwhile, the client gets one mail that tells the
outcome, seen from what they know.
"""

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
    """Queue the mail about a moved visit; the old reminders go.

    Somebody who has not been told of the visit is told that it is booked. Somebody who has not been told of an earlier move
    hears from where they know it to be, and nothing at all if it is back there.
    """
    start, untold = appointment.starts_at.isoformat(), change.untold
    known = {"old": old.pk, "old_start": old.starts_at.isoformat()}
    kind = "changed"
    if untold is not None and untold.kind == "confirmed":
        kind, known = "confirmed", {}
    elif untold is not None and untold.kind == "changed":
        known = {key: untold.facts[key] for key in known}
    nothing_new = kind == "changed" and known["old_start"] == start and untold is not None and note is None
    change.fact(old_start=old.starts_at.isoformat())
    _tell(change, "" if nothing_new else kind, appointment, note, known)


def _tell(
    change: Change, kind: str, appointment: Appointment, note: Note | None, more: dict[str, Any]
) -> None:
    """Queue a mail of this kind ("": none) and the reminders; drop what is no longer true."""
    consultation, now = change.consultation, change.now
    change.set(
        calendar_sequence=consultation.calendar_sequence + 1, promise_due_at=None, promise_minutes_left=None
    )
    change.set(hold_until=None)
    facts = {"appointment": appointment.pk, "sequence": consultation.calendar_sequence} | more
    change.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat())
    # Unsent mails about offers, holds or the old time are no longer true.
    outbox.withdraw(consultation, None, now=now, why="the visit was booked")
    reminders = [
        outbox.Reminder(reminder, appointment.starts_at - ahead, {"appointment": appointment.pk})
        for reminder, ahead in limits.reminders.VISIT_REMINDERS
        if appointment.starts_at - ahead > change.mails_go
    ]
    if kind:
        outbox.queue(
            consultation,
            kind,
            now=now,
            not_before=change.mails_go,
            facts=facts,
            note=note,
            reminders=reminders,
        )
    else:
        for one in reminders:
            outbox.queue(consultation, one.kind, now=now, not_before=one.not_before, facts=one.facts)


def remind_later(consultation: ConsultationRequest, by: timedelta) -> None:
    """Move the reminders that have not gone yet by as much as the moment of the visit has changed."""
    outbox.postpone(consultation, [kind for kind, _ in limits.reminders.VISIT_REMINDERS], by)


def tell_cancelled(
    change: Change, appointment: Appointment, reason: str, by: str, *, note: Note | None = None
) -> None:
    """Queue the cancellation with a calendar file that takes the visit out of the client's calendar.

    It is about the time that the client knows. `untold`: they have not been told of any, so nothing is in their calendar.
    """
    consultation, untold = change.consultation, change.untold
    change.set(calendar_sequence=consultation.calendar_sequence + 1)
    change.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat())
    facts = {
        "appointment": appointment.pk,
        "reason": reason,
        "by": by,
        "sequence": consultation.calendar_sequence,
    }
    if untold is not None and untold.kind == "changed":
        facts["appointment"] = untold.facts["old"]
    if untold is not None and untold.kind == "confirmed":
        facts["untold"] = True
    outbox.queue(
        consultation, "cancelled", now=change.now, not_before=change.mails_go, facts=facts, note=note
    )
