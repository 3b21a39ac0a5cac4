"""The mails that a worker has in hand: claimed together under a lease, begun one after the other, each settled by itself.

A claimed mail stays queued until it is begun, so a verb may still withdraw it, and a change of its request sends it back to
be looked at again. Once begun it is "sending". A worker that dies leaves leases that run out, and another one takes those
mails, each alone: at least once, never lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from bookings import limits, mail_hold
from bookings.due_mail import due
from bookings.models import ConsultationRequest, MailHold, Message

State = Message.State
_UNANSWERED = (
    f"The mail server got it {limits.mail.MAIL_UNANSWERED_COPIES} times and never said whether it has it. "
    "It may have arrived."
)


class Taken(NamedTuple):
    """A mail that the server took, and when. It is not marked as sent yet."""

    message: Message
    at: datetime


class _Found(NamedTuple):
    pk: int
    attempts: int
    unanswered: int
    leased_by: str

    @property
    def why_not(self) -> str:
        """Why nobody tries it once more."""
        if self.unanswered >= limits.mail.MAIL_UNANSWERED_COPIES:
            return _UNANSWERED
        return "Gave up after a day of trying." if self.attempts >= limits.mail.MAIL_TRIES else ""


# --- claim ------------------------------------------------------------------------------------------------------------


def claim(
    *,
    now: datetime,
    worker: str,
    lease: timedelta = limits.mail.MAIL_LEASE,
    most: int = 1,
    turn: int = 0,
) -> list[Message]:
    """Take up to `most` mails for `lease`, in the order in which they go; none when nothing is due, or the mail is held.

    Two kinds of turn follow each other, and `turn` is the number of the first: at the even ones goes a mail with the fewest
    tries, so that one that was just queued does not wait behind a backlog; at the odd ones what has been due longest.
    A mail that a worker died with is taken alone: whatever it does to the next, no other suffers.

    Safe with any number of workers on both databases: rows are locked, those that are locked already are passed over, and
    a mail that has a lease is not due. `worker` must be unique to the process. A message whose tries are used up, or that
    workers died on too often after handing over its text, becomes failed instead.
    """
    hold = mail_hold.current()
    here = Message.objects.filter(due(now), Q() if hold is None else mail_hold.may_go(hold))
    found = []
    for row in _in_turns(here, turn, most + limits.mail.MAIL_CLAIM_ROWS):
        if row.why_not:
            same = Message.objects.filter(due(now), pk=row.pk, attempts=row.attempts)
            same.update(state=State.FAILED, lease_until=None, leased_by="", problem=row.why_not)
        elif not row.leased_by:
            found.append(row.pk)
        elif not found:
            found = [row.pk]
            break
    return _leased(found[:most], now=now, worker=worker, until=now + lease) if found else []


def _in_turns(here: QuerySet[Message], turn: int, most: int) -> Iterator[_Found]:
    by_tries, by_age = ("attempts", "not_before", "id"), ("not_before", "id")
    orders = []
    for order in (by_tries, by_age):
        orders.append([_Found(*row) for row in here.order_by(*order).values_list(*_Found._fields)[:most]])
        if not orders[0]:
            return  # as at nearly every look
    rest, gone = [iter(order) for order in orders], set[int]()
    for number in islice(count(turn), most):
        row = next((one for one in rest[number % 2] if one.pk not in gone), None)
        if row is None:
            return
        gone.add(row.pk)
        yield row


def _leased(keys: list[int], *, now: datetime, worker: str, until: datetime) -> list[Message]:
    with transaction.atomic():
        free = Message.objects.select_for_update(of=("self",), skip_locked=True).filter(due(now), pk__in=keys)
        mine = list(free.select_related("link"))
        Message.objects.filter(pk__in=[one.pk for one in mine]).update(
            state=State.QUEUED, attempts=F("attempts") + 1, lease_until=until, leased_by=worker
        )
    for one in mine:
        one.state, one.attempts, one.lease_until, one.leased_by = (
            State.QUEUED,
            one.attempts + 1,
            until,
            worker,
        )
    return sorted(mine, key=lambda one: keys.index(one.pk))


# --- begin ------------------------------------------------------------------------------------------------------------

_MESSAGE, _REQUEST, _HOLD = (model._meta.db_table for model in (Message, ConsultationRequest, MailHold))
_ASKED_FOR = ", ".join(f"'{kind}'" for kind in mail_hold.ASKED_FOR)
# One statement, and so one commit, says of two rows what became of the first and that the second is begun. It is written by
# hand because it runs for every mail. Each row is written only while it is ours, and the second only while nothing has
# happened to it, its request or the hold since it was claimed.
_NEXT = f"""
UPDATE {_MESSAGE} SET
    state = CASE WHEN id = %(next)s THEN 'sending' ELSE 'sent' END,
    unanswered = CASE WHEN id = %(next)s THEN unanswered + 1 ELSE unanswered - 1 END,
    lease_until = CASE WHEN id = %(next)s THEN %(until)s ELSE NULL END,
    leased_by = CASE WHEN id = %(next)s THEN leased_by ELSE '' END,
    problem = CASE WHEN id = %(next)s THEN problem ELSE '' END,
    sent_at = CASE WHEN id = %(next)s THEN sent_at ELSE %(taken_at)s END
WHERE leased_by = %(worker)s AND (
    (id = %(last)s AND state = 'sending' AND attempts = %(last_try)s)
    OR (id = %(next)s AND state = 'queued' AND attempts = %(next_try)s AND lease_until > %(now)s
        AND (request_id IS NULL OR EXISTS (
            SELECT 1 FROM {_REQUEST} WHERE {_REQUEST}.id = {_MESSAGE}.request_id
            AND {_REQUEST}.id = %(request)s AND {_REQUEST}.version = %(version)s))
        AND NOT EXISTS (
            SELECT 1 FROM {_HOLD} WHERE {_MESSAGE}.kind NOT IN ({_ASKED_FOR}) OR {_MESSAGE}.created_at < {_HOLD}.at)))
RETURNING id"""


def begin(
    message: Message,
    version: int,
    *,
    now: datetime,
    lease: timedelta = limits.mail.MAIL_LEASE,
    last: Taken | None = None,
) -> bool:
    """The server gets this text now, and has taken the `last` one: both in one commit.

    It is counted as unanswered beforehand, in case nobody is left to say what came of it. `version` is that of its request
    when it was made. False, and nothing may be sent, if the lease is over or no longer ours, or if meanwhile the mail was
    withdrawn, its request changed, or the mail as a whole was held.
    """
    at = connection.ops.adapt_datetimefield_value
    given: dict[str, Any] = {
        "next": message.pk,
        "next_try": message.attempts,
        "worker": message.leased_by,
        "request": message.request_id,
        "version": version,
        "now": at(now),
        "until": at(now + lease),
        "last": last.message.pk if last else 0,
        "last_try": last.message.attempts if last else 0,
        "taken_at": at(last.at if last else now),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, given)
        return (message.pk,) in cursor.fetchall()


# --- settle -----------------------------------------------------------------------------------------------------------


def put_back(messages: Sequence[Message]) -> None:
    """They go when their turn comes: this did not count as an attempt. None of them has been begun. `leased_by` is empty."""
    _not_begun(messages).update(lease_until=None, leased_by="", attempts=F("attempts") - 1)
    for one in messages:
        one.leased_by = ""


def leave_alone(messages: Sequence[Message], *, now: datetime) -> None:
    """Something went wrong with all of these: each is due at once, and is taken alone next time."""
    _not_begun(messages).update(lease_until=now - limits.mail.MAIL_LEASE)


def _not_begun(messages: Sequence[Message]) -> QuerySet[Message]:
    ours = {one.leased_by for one in messages}
    return Message.objects.filter(pk__in=[one.pk for one in messages], state=State.QUEUED, leased_by__in=ours)


def mark_sent(message: Message, *, now: datetime) -> bool:
    """The server took it. False if the lease is no longer ours."""
    return _settle(message, State.SENT, sent_at=now, problem="")


def mark_kept(message: Message, *, now: datetime) -> bool:
    """Trial mode: nothing is sent, the mail can be read in the admin's outbox."""
    return _settle(message, State.KEPT, sent_at=now, problem="")


def unanswered(message: Message, *, now: datetime, problem: str) -> bool:
    """The server got the text without saying whether it has the mail: try again, but not for ever."""
    message.unanswered += 1
    if message.unanswered >= limits.mail.MAIL_UNANSWERED_COPIES:
        return fail(message, now=now, problem=_UNANSWERED)
    return retry(message, now=now, problem=problem)


def retry(message: Message, *, now: datetime, problem: str) -> bool:
    """It did not go this time: try again after a growing wait, or give up after a day. `problem` names no address."""
    if message.attempts >= limits.mail.MAIL_TRIES:
        return fail(message, now=now, problem=f"Gave up after a day of trying. {problem}")
    wait = limits.mail.MAIL_WAITS[min(message.attempts, len(limits.mail.MAIL_WAITS)) - 1]
    return _settle(message, State.QUEUED, not_before=now + wait, problem=_short(problem))


def fail(message: Message, *, now: datetime, problem: str) -> bool:
    """It will never go: staff see why, and may send it again."""
    return _settle(message, State.FAILED, problem=_short(problem))


def drop(message: Message, *, now: datetime, why: str) -> bool:
    """It is no longer true, so nobody gets it."""
    return _settle(message, State.DROPPED, problem=_short(why))


def withhold(message: Message, *, why: str) -> bool:
    """It is still true, but one too many: it no longer goes by itself. Staff see why, and may send it.

    Checking does not count as an attempt.
    """
    return _settle(message, State.WITHHELD, problem=_short(why), attempts=message.attempts - 1)


def _settle(message: Message, state: str, **values: Any) -> bool:
    """Write what came of it, while it is ours: nobody has withdrawn it, or claimed it since (each claim counts one attempt).

    Whatever it was is an answer to this try: only `unanswered` says otherwise, and has counted by now.
    """
    mine = Message.objects.filter(
        pk=message.pk,
        state__in=(State.QUEUED, State.SENDING),
        leased_by=message.leased_by,
        attempts=message.attempts,
    )
    answered = message.unanswered
    return bool(mine.update(state=state, lease_until=None, leased_by="", unanswered=answered, **values))


def _short(text: str) -> str:
    return text[:200]
