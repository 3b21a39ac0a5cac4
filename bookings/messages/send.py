"""Sending: claim mails, make them together, hand each to the server, write down what came of it.

The order is what makes "at least once, never lost" true: the bytes and the link are stored before the server is asked, and a
message is marked after the server has said yes. A worker that dies in between leaves one message that goes again, with the
same bytes and Message-ID. How often a server got the text without saying yes or no is counted before the text is given, so
that the copies are bounded whoever dies.

Mails are claimed and made twenty at a time (bookings/in_hand.py, bookings/messages/batch.py), and begun one by one: what is
withdrawn or overtaken in between does not go. One commit says that the last one was taken and that the next is begun.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from bookings import in_hand, limits, links
from bookings.in_hand import Taken
from bookings.messages import batch, envelope, render, server
from bookings.messages.batch import Ready
from bookings.messages.kinds import untrue
from bookings.models import Message, WorkerBeat
from bookings.queries.worker import workers
from clinic.foundation import throttle, when

log = logging.getLogger(__name__)

_HIDDEN = "[the client's own link]"
_BY_PHONE = (Message.State.TO_CALL, Message.State.TOLD)

Clock = Callable[[], datetime]


def is_trial() -> bool:
    """True while no mail server is set: mails are kept to be read in the admin, and nobody gets them."""
    return not settings.EMAIL_HOST


def send_due(
    now_fn: Clock,
    worker_name: str,
    limit: int = limits.mail.MAIL_LOOK_ROWS,
    *,
    lease: timedelta = limits.mail.MAIL_LEASE,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, at most `limit` messages; returns how many were handled, whatever came of them.

    `stop` is asked before each message: a worker that is told to end finishes only the mail in hand. Raises what `stop`
    raises, and else only when the database does not answer.
    """
    handled, beat_at = 0, now_fn()
    with server.Line() as line:
        way = _Way(line, now_fn, lease, stop)
        while handled < limit and not stop():
            most = min(limit - handled, limits.mail.MAIL_BATCH_ROWS)
            mails = in_hand.claim(now=now_fn(), worker=worker_name, lease=lease, most=most, turn=handled)
            done = way.send(mails)
            handled += done
            if not done or way.is_full:
                break
            if abs(now_fn() - beat_at) >= limits.worker.MAILS_BEAT_EVERY:
                beat_at = now_fn()
                beat_of_mails(worker_name, beat_at)
    return handled


class _Way:
    """The way of one batch after the other to the server."""

    def __init__(self, line: server.Line, now_fn: Clock, lease: timedelta, stop: Callable[[], bool]) -> None:
        self._line, self._now, self._lease, self._stop = line, now_fn, lease, stop
        # What the server took and nobody has written down: it is, with the next mail's beginning or at once.
        self._last: Taken | None = None
        self.is_full = False  # the server has had enough for now

    def send(self, messages: list[Message]) -> int:
        """Make these claimed messages and send them; return how many were handled. The others have gone back."""
        try:
            ready = batch.made(messages, self._now()) if messages else []
        except DatabaseError:
            if len(messages) > 1:
                in_hand.leave_alone(messages, now=self._now())
            raise
        back: list[Message] = []
        end = time.monotonic() + limits.mail.MAIL_BATCH.total_seconds()
        for place, one in enumerate(ready):
            left = [other.message for other in ready[place:]]
            is_over = place > 0 and (self._is_told_to_end([*back, *left]) or time.monotonic() > end)
            self.is_full = not is_over and not self._has_room()
            if is_over or self.is_full:
                back += left
                break
            if not self._handle(one):
                back.append(one.message)
        self._mark_last()
        in_hand.put_back(back)
        # Also those whose request somebody is changing: claimed again at once, they would go round until that is done.
        return sum(1 for one in messages if one.leased_by)

    def _is_told_to_end(self, left: list[Message]) -> bool:
        """Whether `stop` says so. If it raises, as when the clock is wrong, all is written down and put back before."""
        try:
            return self._stop()
        except Exception:
            self._mark_last()
            in_hand.put_back(left)
            raise

    def _has_room(self) -> bool:
        """Whether the server may get one more mail this minute, from all workers together."""
        rate, host = settings.EMAIL_RATE, settings.EMAIL_HOST
        return (
            not rate
            or is_trial()
            or throttle.allow("mails-to-server", host, limit=rate, window=when.MINUTE, now=self._now())
        )

    def _handle(self, one: Ready) -> bool:
        """Hand the mail to the server and write down its answer, or that there was none. False if it is not to go now."""
        message = one.message
        if is_trial():
            return in_hand.mark_kept(message, now=self._now())
        try:
            with self._line.mail(sender=envelope.sender(), to=envelope.recipient(message.to)):
                last, self._last = self._last, None
                now, begun = self._now(), time.monotonic()
                if not in_hand.begin(message, one.version, now=now, lease=self._lease, last=last):
                    return False
                self._line.hand_over(one.raw)
        except OSError as error:  # smtplib's exceptions are OSErrors, as are refused connections and timeouts
            self._did_not_go(message, error)
        else:
            self._last = Taken(message, self._now())
            if time.monotonic() - begun > limits.mail.MAIL_TAKEN_QUICKLY.total_seconds():
                self._mark_last()
        return True

    def _mark_last(self) -> None:
        if self._last is not None:
            in_hand.mark_sent(self._last.message, now=self._last.at)
            self._last = None

    def _did_not_go(self, message: Message, error: OSError) -> None:
        self._mark_last()
        permanent, problem = server.explain(error)
        log.warning("Message %s was not sent: %s", message.pk, problem)
        if isinstance(error, server.Unanswered):
            in_hand.unanswered(message, now=self._now(), problem=problem)
        else:
            record = in_hand.fail if permanent else in_hand.retry
            record(message, now=self._now(), problem=problem)


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
