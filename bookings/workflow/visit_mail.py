"""What a booked visit owes the client: the mail with its calendar file, and two reminders.

Mails of staff wait a little (wait.py). If the visit changes again meanwhile, the client gets one mail that tells the
outcome, seen from what they know.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bookings import limits, outbox
from bookings.models import Appointment, ConsultationRequest, Message, Note
from bookings.workflow.core import Change


def tell_confirmed(change: Change, appointment: Appointment, *, note: Note | None) -> None:
    """Queue the confirmation of a newly booked visit."""
    _tell(change, "confirmed", appointment, note, {})


def tell_changed(
    change: Change, appointment: Appointment, old: Appointment, *, note: Note | None = None
) -> None:
    """Queue the mail about a moved visit; the old reminders go. Nothing is mailed if the client knows of no other time."""
    kind, known = of_move(change.untold, old)
    change.fact(old_start=old.starts_at.isoformat())
    if is_back(change.untold, appointment.starts_at) and note is None:
        for one in _agreed(change, appointment):
            outbox.queue(
                change.consultation, one.kind, now=change.now, not_before=one.not_before, facts=one.facts
            )
    elif kind == "confirmed":
        _tell(change, "confirmed", appointment, note, {})
    else:
        _tell(change, "changed", appointment, note, known)


def of_move(untold: Message | None, old: Appointment) -> tuple[str, dict[str, Any]]:
    """The kind of the mail about a visit that moves away from `old`, and what it says of before.

    Somebody who has not been told of the visit is told that it is booked. Somebody who has not been told of an earlier move
    hears from where they know it to be.
    """
    if untold is not None and untold.kind == "confirmed":
        return "confirmed", {}
    if untold is not None and untold.kind == "changed":
        return "changed", {key: untold.facts[key] for key in ("old", "old_start")}
    return "changed", {"old": old.pk, "old_start": old.starts_at.isoformat()}


def is_back(untold: Message | None, start: datetime) -> bool:
    """Whether a visit that moves to `start` is where the client knows it to be: they were never told that it had moved."""
    moved = untold is not None and untold.kind == "changed"
    return moved and untold is not None and untold.facts["old_start"] == start.isoformat()


def of_cancellation(untold: Message | None, visit: Appointment) -> dict[str, Any]:
    """Which time the mail about a cancelled visit names: the one that the client knows. `untold`: they know of none."""
    if untold is not None and untold.kind == "changed":
        return {"appointment": untold.facts["old"]}
    never = {"untold": True} if untold is not None and untold.kind == "confirmed" else {}
    return {"appointment": visit.pk} | never


def _tell(
    change: Change, kind: str, appointment: Appointment, note: Note | None, more: dict[str, Any]
) -> None:
    reminders = _agreed(change, appointment)
    facts = {"appointment": appointment.pk, "sequence": change.consultation.calendar_sequence} | more
    outbox.queue(
        change.consultation,
        kind,
        now=change.now,
        not_before=change.mails_go,
        facts=facts,
        note=note,
        reminders=reminders,
    )


def _agreed(change: Change, appointment: Appointment) -> list[outbox.Reminder]:
    """What follows from a visit at this time, whoever is told of it; returns the reminders that it owes."""
    consultation = change.consultation
    change.set(
        calendar_sequence=consultation.calendar_sequence + 1, promise_due_at=None, promise_minutes_left=None
    )
    change.set(hold_until=None)
    change.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat())
    # Unsent mails about offers, holds or the old time are no longer true.
    outbox.withdraw(consultation, None, now=change.now, why="the visit was booked")
    # None comes before the mail that it reminds of.
    return [
        outbox.Reminder(reminder, appointment.starts_at - ahead, {"appointment": appointment.pk})
        for reminder, ahead in limits.reminders.VISIT_REMINDERS
        if appointment.starts_at - ahead > change.mails_go
    ]


def remind_later(consultation: ConsultationRequest, by: timedelta) -> None:
    """Move the reminders that have not gone yet by as much as the moment of the visit has changed."""
    outbox.postpone(consultation, [kind for kind, _ in limits.reminders.VISIT_REMINDERS], by)


def tell_cancelled(
    change: Change, appointment: Appointment, reason: str, by: str, *, note: Note | None = None
) -> None:
    """Queue the cancellation with a calendar file that takes the visit out of the client's calendar.

    It is about the time that the client knows.
    """
    consultation = change.consultation
    change.set(calendar_sequence=consultation.calendar_sequence + 1)
    change.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat())
    facts = {"reason": reason, "by": by, "sequence": consultation.calendar_sequence}
    facts |= of_cancellation(change.untold, appointment)
    outbox.queue(
        consultation, "cancelled", now=change.now, not_before=change.mails_go, facts=facts, note=note
    )
