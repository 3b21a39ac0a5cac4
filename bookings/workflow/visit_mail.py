"""What a booked visit owes the client: the mail with its calendar file, and two reminders.

Mails of staff wait a little (wait.py). If the visit changes again meanwhile, the client gets one mail that tells the
outcome, seen from what they know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bookings import limits, outbox
from bookings.models import Appointment, ConsultationRequest, Message, Note
from bookings.queries.clinic import Clinic
from bookings.states import CancelReason, Who
from bookings.workflow.core import Change
from clinic.foundation import when


def tell_confirmed(change: Change, appointment: Appointment, *, note: Note | None) -> None:
    """Queue the confirmation of a newly booked visit; for somebody who has not heard that their earlier one is gone, the
    mail that it moves here."""
    kind, known = of_confirmation(change.consultation, appointment.starts_at)
    _tell(change, kind, appointment, note, known)


def of_confirmation(consultation: ConsultationRequest, start: datetime) -> tuple[str, dict[str, Any]]:
    """The kind of the mail about a visit at `start` that is newly booked, and what it says of before."""
    gone = untold_displacement(consultation)
    if gone is None or gone.facts["old_start"] == start.isoformat():
        return "confirmed", {}
    return "changed", {key: gone.facts[key] for key in _OF_BEFORE}


def tell_offered(
    change: Change, held: Sequence[Appointment], until: datetime, *, note: Note | None = None
) -> None:
    """Queue the mail with the times to choose from; for somebody who has not heard that their visit is gone, that too."""
    kind, known = of_offer(change.consultation)
    outbox.withdraw(change.consultation, None, now=change.now, why="newer times were offered")
    _ask(change, kind, held, until, note, known)


def of_offer(consultation: ConsultationRequest) -> tuple[str, dict[str, Any]]:
    """The kind of the mail about an offer, and what it says of before."""
    gone = untold_displacement(consultation)
    if gone is None:
        return "offered", {}
    return "displaced", {key: gone.facts[key] for key in (*_OF_BEFORE, "sequence")}


def of_question(consultation: ConsultationRequest, place: Clinic, now: datetime) -> dict[str, Any]:
    """What the mail about a question asked now says: by when to answer it, and by when to keep the time that is held."""
    due = place.answer_end(now)
    facts = {"answer_by": due.isoformat()}
    until = consultation.hold_until
    own = consultation.appointments.held().filter(is_offer=False, held_until__gt=now)
    held = own.first() if until is not None and until > now else None
    if held is None or held.held_until is None:
        return facts
    return facts | to_keep(held.starts_at, held.held_until, due, place, now)


def to_keep(
    start: datetime, until: datetime, due: datetime | None, place: Clinic, now: datetime
) -> dict[str, str]:
    """By when to answer, as facts, to keep the time at `start`, which is held `until` then. Empty if that is no sooner than
    the answer is `due` in any case, and where it leaves us no time to confirm it."""
    by = place.keep_by(now, until)
    if by is None or (due is not None and by >= due):
        return {}
    return {"start": start.isoformat(), "keep_by": by.isoformat()}


def tell_displaced(
    change: Change,
    visit: Appointment,
    held: Sequence[Appointment],
    until: datetime | None,
    *,
    note: Note | None = None,
) -> None:
    """Queue the mail that the visit cannot be kept, with the times held instead; its calendar file takes the old one out.

    Somebody who has not been told of any visit is only offered times, if there are any.
    """
    kind, known = of_displacement(change.untold, visit)
    change.set(calendar_sequence=change.consultation.calendar_sequence + 1)
    change.fact(starts=[row.starts_at.isoformat() for row in held])
    if until is not None:
        change.set(offer_expires_at=until)
        change.fact(until=until.isoformat())
    outbox.withdraw(change.consultation, None, now=change.now, why="the visit was taken from them")
    if kind == "displaced":
        known |= {"sequence": change.consultation.calendar_sequence}
    if held or kind == "displaced":
        _ask(change, kind, held, until, note, known)


def of_displacement(untold: Message | None, visit: Appointment) -> tuple[str, dict[str, Any]]:
    """The kind of the mail about a visit that staff take from the client, and which one they know of."""
    kind, known = of_move(untold, visit)
    return ("offered", {}) if kind == "confirmed" else ("displaced", known)


def untold_displacement(consultation: ConsultationRequest) -> Message | None:
    """The mail, or the call to make, that tells them that their visit is gone, if it has not gone yet."""
    if consultation.displaced_at is None:
        return None
    owed = consultation.messages.filter(kind="displaced", state__in=outbox.OWED, attempts=0)
    return owed.order_by("-pk").first()


def tell_gone(change: Change, gone: Message) -> None:
    """Instead of that mail: the visit is cancelled. Its other news is no longer true."""
    facts = {"reason": CancelReason.OTHER.value, "by": Who.STAFF.value, "appointment": gone.facts["old"]}
    facts["sequence"] = gone.facts["sequence"]
    outbox.queue(change.consultation, "cancelled", now=change.now, not_before=change.mails_go, facts=facts)


_OF_BEFORE = ("old", "old_start")


def _ask(
    change: Change,
    kind: str,
    held: Sequence[Appointment],
    until: datetime | None,
    note: Note | None,
    known: dict[str, Any],
) -> None:
    facts = {"appointments": [row.pk for row in held], "until": until.isoformat() if until else None} | known
    outbox.queue(
        change.consultation, kind, now=change.now, not_before=change.mails_go, note=note, facts=facts
    )


def tell_changed(
    change: Change, appointment: Appointment, old: Appointment, *, note: Note | None = None
) -> None:
    """Queue the mail about a moved visit; the old reminders go. Nothing is mailed if the client knows of no other time."""
    kind, known = of_move(change.untold or _not_gone(change), old)
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


def _not_gone(change: Change) -> Message | None:
    """The confirmation that a client has not got who moves the visit: they saw on their page, before it went, that it is
    booked. Their first mail about it says so, and no "moved"."""
    if change.actor.kind != Who.CLIENT:
        return None
    waiting = change.consultation.messages.filter(
        kind="confirmed",
        state=Message.State.QUEUED,
        attempts=0,
        created_at__lt=change.now,
        not_before=change.now,  # its wait has just been ended (wait.end)
    )
    return waiting.order_by("-pk").first()


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
    change.set(hold_until=None, displaced_at=None)
    change.fact(appointment=appointment.pk, start=appointment.starts_at.isoformat())
    # Unsent mails about offers, holds or the old time are no longer true.
    outbox.withdraw(consultation, None, now=change.now, why="the visit was booked")
    # None comes before the mail that it reminds of.
    return [
        outbox.Reminder(reminder, at, {"appointment": appointment.pk})
        for reminder, ahead in limits.reminders.VISIT_REMINDERS
        if (at := _reminded_at(appointment, ahead, change.mails_go)) > change.mails_go
    ]


def _reminded_at(appointment: Appointment, ahead: timedelta, earliest: datetime) -> datetime:
    """So long before the visit. A reminder from days before would come too late for whoever wants to move it where that
    ends by then: it goes sooner, unless that is before `earliest`.
    """
    at, cutoff = appointment.starts_at - ahead, appointment.terms.cutoff(appointment.starts_at)
    sooner = cutoff - limits.reminders.BEFORE_CUTOFF
    return sooner if ahead >= when.DAY and cutoff <= at and sooner > earliest else at


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
