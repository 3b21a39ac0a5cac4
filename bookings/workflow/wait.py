"""Mails of staff wait for UNDO_MINUTES, so that what they tell can be taken back before anybody is told.

`core.change` calls this for every verb: what an undoable one does is kept as a row of Undo, and whatever verb comes next
ends the wait. The verb that takes back is in undo.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bookings import outbox
from bookings.models import Appointment, ConsultationRequest, Event, Message, Undo
from bookings.states import UNDOABLE, Who

# The columns of an appointment that a verb can change while the row stays.
_OF_APPOINTMENT = ("state", "held_until", "stands_although", "agreed_clock", "agreed_zone", "fee_text_id")


@dataclass
class Before:
    """What a request was like before a verb, as JSON: codes, ids and moments as ISO texts.

    `fields`: of its columns those that the verb changed. `appointments`: those that it held or had booked, by their keys.
    `owed`: by its state, the keys of what waited to go. `notes`: those that the verb wrote, which are then put away.
    `plans`: the states of those that the verb replaced, by their keys. `questions`: the keys of those that it settled, and
    `replies` of those about a plan that it answered.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    appointments: dict[str, dict[str, Any]] = field(default_factory=dict)
    owed: dict[str, list[int]] = field(default_factory=dict)
    notes: list[int] = field(default_factory=list)
    plans: dict[str, str] = field(default_factory=dict)
    questions: list[int] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)


def until(verb: str, by: Who, now: datetime) -> datetime | None:
    """Until when the mails of this verb wait; None if they go at once."""
    waits = by == Who.STAFF and verb in UNDOABLE and settings.UNDO_MINUTES
    return now + timedelta(minutes=settings.UNDO_MINUTES) if waits else None


def end(consultation: ConsultationRequest, now: datetime) -> Message | None:
    """Another verb has been called: what was done before can no longer be taken back, and its mails go now.

    Returns the mail of it that the client has not got, unless they have seen on their page what it tells. The caller's verb
    may withdraw it and tell the outcome of both.
    """
    row = Undo.objects.select_related("event").filter(request=consultation).first()
    if row is None:
        return None
    row.delete()
    waiting = outbox.waiting_mails(consultation, row.until)
    mail = _mail_of(waiting, row)
    waiting.update(not_before=now)
    return mail if row.seen_by_client_at is None else None


def untold(consultation: ConsultationRequest) -> Message | None:
    """What `end` would return now, for whoever wants to read beforehand what a verb would tell. Changes nothing."""
    row = Undo.objects.select_related("event").filter(request=consultation, seen_by_client_at=None).first()
    return _mail_of(outbox.waiting_mails(consultation, row.until), row) if row else None


def _mail_of(waiting: QuerySet[Message], row: Undo) -> Message | None:
    """What of it the client has not heard. Whoever is not mailed was on the phone when staff booked it, and heard it."""
    mail = waiting.exclude(kind="staff_alert").order_by("pk").first()
    heard = mail is not None and row.event.verb == "book" and mail.state == Message.State.TO_CALL
    return None if heard else mail


def send_now(message: Message, now: datetime) -> bool:
    """Staff are sure: the mail waits no longer, and what it tells can no longer be taken back. False if it does not wait."""
    with transaction.atomic():
        Undo.objects.filter(request=message.request_id, until=message.not_before).delete()
        return outbox.let_go(message, now=now)


def columns(consultation: ConsultationRequest) -> dict[str, Any]:
    """The request's columns as they are, but for its version."""
    names = (column.attname for column in consultation._meta.concrete_fields)
    return {name: getattr(consultation, name) for name in names if name != "version"}


def before(consultation: ConsultationRequest) -> Before:
    """The rows around the request, read once its own row is locked."""
    held = consultation.appointments.occupying().order_by().values("pk", *_OF_APPOINTMENT)
    owed: dict[str, list[int]] = {}
    waiting = consultation.messages.filter(state__in=outbox.OWED).order_by("pk")
    for state, key in waiting.values_list("state", "pk"):
        owed.setdefault(state, []).append(key)
    return Before(appointments={str(row.pop("pk")): _plain(row) for row in held}, owed=owed)


def remember(
    event: Event,
    end_of_wait: datetime,
    was: Before,
    columns_before: Mapping[str, Any],
    together: int | None = None,
) -> None:
    """Keep what this verb can be taken back with. `together`: the key of the press that did it to many."""
    assert event.actor_id is not None  # staff have one
    now = columns(event.request)
    was.fields = _plain({name: value for name, value in columns_before.items() if value != now[name]})
    Undo.objects.create(
        request=event.request,
        event=event,
        by_id=event.actor_id,
        until=end_of_wait,
        before=asdict(was),
        together_id=together,
    )


def restore(row: ConsultationRequest | Appointment, plain: Mapping[str, Any]) -> dict[str, Any]:
    """These columns of `row` as values again."""
    known = {column.attname: column for column in row._meta.concrete_fields}
    return {name: known[name].to_python(value) for name, value in plain.items()}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }


def seen_by_client(consultation: ConsultationRequest, now: datetime) -> bool:
    """Call this once a page for the client has been made from `consultation`, before it is sent.

    True: what the page says is still so, and can no longer be taken back. False: it has changed meanwhile, so the page must
    be made again. A press of Undo at the same moment comes before this swap or after it, never between.
    """
    if not settings.UNDO_MINUTES:
        return True
    stored = ConsultationRequest.objects.values_list(
        "version", "undo__pk", "undo__until", "undo__seen_by_client_at"
    ).get(pk=consultation.pk)
    version, undo, end_of_wait, seen = stored
    if version != consultation.version:
        return False
    if undo is None or seen is not None or end_of_wait <= now:
        return True
    return Undo.objects.filter(pk=undo, seen_by_client_at=None).update(seen_by_client_at=now) == 1
