"""The outbox: rows only. It queues, withdraws and reroutes messages, and knows nothing of their text.

`queue` and `withdraw` run inside the transaction of the verb that owes the message. What a worker does with it then:
bookings/in_hand.py.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q, QuerySet

from bookings.due_mail import due
from bookings.models import ConsultationRequest, Message, Note
from bookings.reach import AUTOMATIC, Barrier

State = Message.State
# Whoever had it in hand has it no longer (bookings/in_hand.py).
_IN_NO_HANDS: dict[str, Any] = {"lease_until": None, "leased_by": ""}
# Owed and not yet told: by mail or by phone.
OWED = (State.QUEUED, State.TO_CALL)
# What nobody is rung about: a nudge to open a link, or two hours before a visit.
_NEVER_BY_PHONE = ("prove_reminder", "reminder_2h")
# Beside a mail: what it tells is said by text or on the phone as well, the way in which the client wants to hear from us.
# `facts` are those of the mail, with its kind as "about".
TOLD_TOO = "told_too"
# What the client asks for on the site, which is a link. It is mailed whenever there is an address.
_ALWAYS_BY_MAIL = ("new_link", "plan_link")


@dataclass(frozen=True)
class Reminder:
    """A message that follows another one, and is queued with it."""

    kind: str
    not_before: datetime
    facts: dict[str, Any]


def queue(
    consultation: ConsultationRequest | None,
    kind: str,
    *,
    now: datetime,
    to: str = "",
    not_before: datetime | None = None,
    facts: dict[str, Any] | None = None,
    note: Note | None = None,
    by_staff: bool = False,
    reminders: Sequence[Reminder] = (),
) -> Message:
    """Add a message to the outbox, and its reminders, inside the caller's transaction: one SQL statement.

    `to` defaults to the client's address, for every kind but the alert to staff, whose `to` must be given. For a
    client who is not to be mailed it becomes a call to make (`ConsultationRequest.barriers_to`).
    `not_before` is the earliest moment to send (default: now). `facts` holds codes, ids and ISO times, never
    free text. `by_staff`: a member of staff brings it about, so it is not one of the automatic mails of
    which a stranger's address gets three a day. Raises ValueError when there is nobody to send it to.
    """
    if not to and consultation is not None and kind != "staff_alert":
        to = consultation.email
    state, version = _state(consultation, kind), consultation.version if consultation is not None else 0
    if not to and state == State.QUEUED:
        raise ValueError(f"nobody to send {kind} to")
    row = partial(Message, request=consultation, to=to, created_at=now, version=version)
    message = row(
        kind=kind,
        state=state,
        not_before=not_before or now,
        facts=facts or {},
        note=note,
        by_staff=by_staff,
        message_id=new_message_id(),
    )
    rows = [message, *_to_tell_too(message)]
    for one in reminders:
        state, key = _state(consultation, one.kind), new_message_id()
        if state == State.QUEUED or one.kind not in _NEVER_BY_PHONE:
            rows.append(
                row(kind=one.kind, state=state, not_before=one.not_before, facts=one.facts, message_id=key)
            )
    Message.objects.bulk_create(rows)
    return message


def _to_tell_too(message: Message) -> list[Message]:
    """What is to be texted or said beside this mail, if it is told that way as well."""
    consultation = message.request
    if consultation is None or not consultation.is_told_too or message.state != State.QUEUED:
        return []
    if message.kind in (*AUTOMATIC, "assessing", "staff_alert"):
        return []
    beside = copy.copy(message)
    beside.kind, beside.state, beside.message_id = TOLD_TOO, State.TO_CALL, new_message_id()
    beside.facts = message.facts | {"about": message.kind}
    return [beside]


def _state(consultation: ConsultationRequest | None, kind: str) -> State:
    by_phone = consultation is not None and is_by_phone(consultation, kind)
    return State.TO_CALL if by_phone else State.QUEUED


def is_by_phone(consultation: ConsultationRequest, kind: str) -> bool:
    """Whether a message of this kind is told to this client on the phone, rather than mailed."""
    barriers = consultation.barriers_to(kind) if kind != "staff_alert" else []
    if not barriers:
        return False
    if Barrier.NO_ADDRESS in barriers:
        return True
    return not consultation.mail_anyway and kind not in _ALWAYS_BY_MAIL


def to_tell(consultation: ConsultationRequest, now: datetime) -> QuerySet[Message]:
    """The calls to make: what this client is owed on the phone by now, the oldest first."""
    due = Message.objects.filter(request=consultation, state=State.TO_CALL, not_before__lte=now)
    return due.order_by("not_before", "id")


def told(consultation: ConsultationRequest, *, now: datetime) -> list[int]:
    """Somebody spoke with the client, or texted them: mark every call to make as told; return the keys of the messages."""
    keys = list(to_tell(consultation, now).values_list("pk", flat=True))
    if keys:
        Message.objects.filter(pk__in=keys, state=State.TO_CALL).update(state=State.TOLD, sent_at=now)
    return keys


def reroute(consultation: ConsultationRequest, *, now: datetime) -> None:
    """How the client is to be reached has changed: what is owed and has not gone takes the other way.

    A call that is already due stays one: somebody may be on the phone.
    """
    mine = Message.objects.filter(request=consultation).exclude(
        kind__in=("staff_alert", TOLD_TOO, *_ALWAYS_BY_MAIL)
    )
    by_phone, by_mail = mine.exclude(kind__in=AUTOMATIC), mine.filter(kind__in=AUTOMATIC)
    barriers = consultation.barriers
    if barriers or not consultation.hears_beside_mail:
        withdraw(consultation, [TOLD_TOO], now=now, why="how they are told has changed")
    if not barriers:
        by_phone, by_mail = mine.none(), mine
    elif any(barrier.is_against_all for barrier in barriers):
        by_phone, by_mail = mine, mine.none()
    queued = by_phone.filter(state=State.QUEUED)
    queued.filter(kind__in=_NEVER_BY_PHONE).update(
        state=State.DROPPED, problem="They want no e-mail.", **_IN_NO_HANDS
    )
    queued.exclude(kind__in=_NEVER_BY_PHONE).update(state=State.TO_CALL, **_IN_NO_HANDS)
    later = by_mail.filter(state=State.TO_CALL, not_before__gt=now)
    later.update(state=State.QUEUED, to=consultation.email)


def take_back_if_nobodys(message: Message) -> None:
    """Delete a message that belongs to no request. For one that does, the same statement finds nothing to delete."""
    Message.objects.filter(pk=message.pk, request=None).delete()


def new_message_id() -> str:
    """A random Message-ID at this site's host: it gives nothing away about anybody."""
    return f"<{secrets.token_hex(16)}@{host()}>"


def host() -> str:
    """The host name in SITE_URL, without the port."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def waiting_mails(consultation: ConsultationRequest, until: datetime) -> QuerySet[Message]:
    """What of the request waits until this moment so that it can be taken back: mails that nobody has tried, and calls."""
    return Message.objects.filter(request=consultation, state__in=OWED, attempts=0, not_before=until)


def waits_to_be_taken_back(message: Message, now: datetime) -> bool:
    """Whether this mail waits only so that what it tells can be taken back."""
    wait = timedelta(minutes=settings.UNDO_MINUTES)
    waits = message.state == State.QUEUED and not message.attempts and message.not_before > now
    return waits and bool(wait) and message.not_before == message.created_at + wait


def let_go(message: Message, *, now: datetime) -> bool:
    """Send a mail that waits now. False if it does not wait any more."""
    waiting = Message.objects.filter(
        pk=message.pk, state=State.QUEUED, attempts=0, not_before=message.not_before, not_before__gt=now
    )
    return bool(waiting.update(not_before=now))


def stop(messages: Iterable[int]) -> bool:
    """Drop these messages, by key, if none of them has been claimed by a worker: one swap. False: some have, or were sent.

    Then the caller must roll back.
    """
    keys = list(messages)
    here = Message.objects.filter(pk__in=keys, state__in=OWED, attempts=0)
    return here.update(state=State.DROPPED, problem="It was taken back.") == len(keys)


def owe_again(messages: Iterable[int], state: str) -> None:
    """Owe these messages again, as a mail or a call: a verb has withdrawn them, and is taken back."""
    keys = list(messages)
    if keys:
        here = Message.objects.filter(pk__in=keys, state=State.DROPPED)
        here.update(state=state, problem="", **_IN_NO_HANDS)


def withdraw(
    consultation: ConsultationRequest, kinds: Iterable[str] | None, *, now: datetime, why: str
) -> int:
    """Drop what the request is owed of these kinds (None: all), and return how many there were: by mail, by phone, and what
    tells the same beside a mail.

    A message that a worker has begun to send stays.
    """
    owed = Message.objects.filter(request=consultation, state__in=OWED)
    if kinds is not None:
        these = list(kinds)
        owed = owed.filter(Q(kind__in=these) | Q(kind=TOLD_TOO, facts__about__in=these))
    return owed.update(state=State.DROPPED, problem=_short(why), **_IN_NO_HANDS)


def hand_over(gone: ConsultationRequest, kept: ConsultationRequest) -> None:
    """Let the mails of one request stand with another one: they were merged."""
    Message.objects.filter(request=gone).update(request=kept)


def postpone(consultation: ConsultationRequest, kinds: Iterable[str], by: timedelta) -> None:
    """What the request is owed of these kinds comes this much later (or sooner, if it is negative)."""
    owed = Message.objects.filter(request=consultation, state__in=OWED, kind__in=list(kinds))
    owed.update(not_before=F("not_before") + by, **_IN_NO_HANDS)


def due_mails(now: datetime) -> QuerySet[Message]:
    """What a worker may take at `now`, if the mail is not held."""
    return Message.objects.filter(due(now))


def send_again(message: Message, *, now: datetime) -> bool:
    """Staff: put a failed or withheld message back into the queue, with a fresh day of tries. False if it is neither.

    For a client who is not to be mailed (any more) it becomes a call to make.
    """
    by_phone = message.request is not None and is_by_phone(message.request, message.kind)
    stopped = Message.objects.filter(pk=message.pk, state__in=(State.FAILED, State.WITHHELD))
    return bool(
        stopped.update(
            state=State.TO_CALL if by_phone else State.QUEUED,
            attempts=0,
            unanswered=0,
            not_before=now,
            problem="",
            by_staff=True,
        )
    )


def _short(text: str) -> str:
    return text[:200]
