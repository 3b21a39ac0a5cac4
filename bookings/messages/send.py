"""Sending: claim a message, make sure that it is still true, hand its mail to the server, write down what came of it.

The order is what makes "at least once, never lost" true: the bytes and the link are stored before the server
is asked, and the message is marked after the server has said yes. A worker that dies in between leaves a
message that goes again, with the same bytes and Message-ID. How often a server got the text without saying
yes or no is counted before the text is given, so that the copies are bounded whoever dies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction

from bookings import limits, links, outbox
from bookings.messages import envelope, render, server
from bookings.messages.kinds import KINDS, untrue
from bookings.models import ConsultationRequest, Message, WorkerBeat
from bookings.models.message import MANAGE, PLAN
from bookings.queries.worker import workers
from clinic.foundation import addresses, throttle, when
from clinic.foundation.crypto import SEALED_WORDS, Unreadable

log = logging.getLogger(__name__)

ENOUGH = "Enough automatic mails went to this address for one day, and nobody has opened a link in one yet."
_HIDDEN = "[the client's own link]"
_BY_PHONE = (Message.State.TO_CALL, Message.State.TOLD)

Clock = Callable[[], datetime]


def is_trial() -> bool:
    """True while no mail server is set: mails are kept to be read in the admin, and nobody gets them."""
    return not settings.EMAIL_HOST


def send_due(
    now_fn: Clock,
    worker_name: str,
    limit: int = 50,
    *,
    lease: timedelta = limits.mail.MAIL_LEASE,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, at most `limit` messages; returns how many were handled, whatever came of them.

    `stop` is asked before each message: a worker that is told to end finishes only the mail in hand.
    Raises only when the database does not answer.
    """
    handled, beat_at = 0, now_fn()
    with server.Line() as line:
        while handled < limit and not stop():
            # In turns: fresh mails do not wait behind a backlog, and a stream of fresh ones does not starve the backlog.
            fresh_first = handled % 2 == 0
            message = outbox.claim(now=now_fn(), worker=worker_name, lease=lease, fresh_first=fresh_first)
            if message is None or not _handle(message, line, now_fn):
                break
            handled += 1
            if abs(now_fn() - beat_at) >= limits.worker.MAILS_BEAT_EVERY:
                beat_at = now_fn()
                beat_of_mails(worker_name, beat_at)
    return handled


def drop_untrue_calls(now: datetime) -> int:
    """Drop the calls to make that are no longer true, of the oldest limits.worker.CLOCK_BATCH_ROWS; return how many."""
    due = Message.objects.filter(state=Message.State.TO_CALL, not_before__lte=now).defer("body")
    oldest = due.select_related("request").order_by("not_before", "pk")[: limits.worker.CLOCK_BATCH_ROWS]
    dropped = 0
    for message in list(oldest):
        why = untrue(message, message.request, now)
        if why is not None:
            same = Message.objects.filter(pk=message.pk, state=Message.State.TO_CALL)
            dropped += same.update(state=Message.State.DROPPED, problem=why)
    return dropped


def _server_has_room(now: datetime) -> bool:
    """Whether the server may get one more mail this minute, from all workers together."""
    rate = settings.EMAIL_RATE
    host = settings.EMAIL_HOST
    return not rate or throttle.allow("mails-to-server", host, limit=rate, window=when.MINUTE, now=now)


def _handle(message: Message, line: server.Line, now_fn: Clock) -> bool:
    """Send one claimed message and record the outcome. False when it was put back: the server has had enough for now.

    One bad message must not hold up the others.
    """
    try:
        raw = _prepare(message, now_fn())
        if raw is None:
            return True
        if is_trial():
            outbox.mark_kept(message, now=now_fn())
        elif _server_has_room(now_fn()):
            _transmit(message, raw, line, now_fn)
        else:
            outbox.put_back(message)
            return False
    except (
        Unreadable
    ):  # it has been logged; with the right keys in place it goes by itself, or by "send again"
        outbox.retry(message, now=now_fn(), problem=SEALED_WORDS)
    except envelope.Unsendable as error:
        outbox.fail(message, now=now_fn(), problem=str(error))
    except DatabaseError:
        raise
    except Exception as error:  # whatever is wrong with this mail, the next one must still go
        log.exception("Message %s could not be made", message.pk)
        outbox.retry(message, now=now_fn(), problem=f"It could not be written ({type(error).__name__}).")
    return True


def _prepare(message: Message, now: datetime) -> bytes | None:
    """The bytes to send, or None when the message was dropped or is no longer ours.

    Truth test and link in one transaction with the request's row locked: a verb that changes the address
    comes either before, and the message is dropped, or after, and revokes this link too.
    """
    with transaction.atomic():
        consultation = (
            ConsultationRequest.objects.select_for_update(of=("self",))
            .select_related("consultation_type", "support_needs")
            .get(pk=message.request_id)
            if message.request_id
            else None
        )
        why = untrue(message, consultation, now)
        if why is not None:
            outbox.drop(message, now=now, why=why)
            return None
        if _is_one_too_many(message, now):
            outbox.withhold(message, why=ENOUGH)
            return None
        message.request = consultation
        if not message.body:
            mail = render.render(message, now=now)
            body = mail.raw.decode("ascii")
            if not outbox.keep_body(message, subject=mail.subject, body=body):
                return None
            message.body = body
        return _with_link(message, consultation, now)


def _is_one_too_many(message: Message, now: datetime) -> bool:
    """Strangers type any address they like: one where nobody has opened a link gets a few automatic mails a day."""
    most, mailbox = KINDS[message.kind].most_a_day, addresses.mailbox(message.to)
    if message.by_staff or not most or links.ever_opened(mailbox):
        return False
    return not outbox.take_place(message, mailbox=mailbox, most=most, now=now)


def _with_link(message: Message, consultation: ConsultationRequest | None, now: datetime) -> bytes:
    """The mail with its link, minted at the first try and the same at each later one while it is live."""
    raw: bytes = message.body.encode("ascii")
    if consultation is None or not render.has_link(raw):
        return raw
    if message.link is None or not links.is_live(message.link, now):
        purpose = PLAN if message.kind == "plan_link" else MANAGE
        message.link = links.mint(consultation, now=now, purpose=purpose)
        Message.objects.filter(pk=message.pk).update(link=message.link)
    return render.with_link(raw, links.url(message.link))


# --- the mail server --------------------------------------------------------------------------------------------------


def _transmit(message: Message, raw: bytes, line: server.Line, now_fn: Clock) -> None:
    """Hand the mail to the server and write down its answer, or that there was none."""
    try:
        with line.mail(sender=envelope.sender(), to=envelope.recipient(message.to)):
            if not outbox.handing_over(message):
                return  # the lease ran out, and another worker has it
            line.hand_over(raw)
            outbox.mark_sent(message, now=now_fn())
    except OSError as error:  # smtplib's exceptions are OSErrors, as are refused connections and timeouts
        permanent, problem = server.explain(error)
        log.warning("Message %s was not sent: %s", message.pk, problem)
        if isinstance(error, server.Unanswered):
            outbox.unanswered(message, now=now_fn(), problem=problem)
        else:
            record = outbox.fail if permanent else outbox.retry
            record(message, now=now_fn(), problem=problem)


# --- for people and machines that look in -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Readable:
    """A message as the admin's outbox shows it.

    `link` is empty unless this is a trial: it would let staff in as the client.
    """

    subject: str
    to: str
    text: str
    html: str
    link: str


def readable(message: Message) -> Readable:
    """What `message` says: the stored mail, or, for one that is still queued, the mail as it would be now.

    Raises envelope.Unsendable when there is nothing to show. Changes nothing.
    """
    if message.body:
        mail = render.read(message.body.encode("ascii"))
    else:
        mail = render.render(message, now=message.not_before)
        if message.state not in _BY_PHONE:
            mail.write()  # what could not be sent is not shown either
    shown = _HIDDEN
    link = ""
    if message.state == Message.State.KEPT and message.link is not None and render.LINK in mail.text:
        link = shown = links.url(message.link)
    return Readable(
        mail.subject,
        message.to,
        mail.text.replace(render.LINK, shown),
        mail.html.replace(render.LINK, shown),
        link,
    )


def beat(worker_name: str, now: datetime) -> None:
    """A sign of life from one worker: its clock is running."""
    WorkerBeat.objects.update_or_create(
        name=worker_name, defaults={"at": now}, create_defaults={"at": now, "mails_at": now}
    )


def beat_of_mails(worker_name: str, now: datetime) -> None:
    """A sign of life from the same worker's other half: it looks at the mails."""
    WorkerBeat.objects.filter(name=worker_name).update(mails_at=now)


def worker_state(now: datetime) -> str:
    """A line of /readyz: 'ok', 'never', 'silent', 'stuck' or 'clock' (bookings/queries/worker.py)."""
    return workers(now).state
