"""How it stands with the mails and the worker, in numbers, for /readyz.

Anybody may read them there: how long, how many, and a word. Whose mail it is and what it says are not among them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, TextField
from django.db.models.functions import Cast

from bookings import outbox
from bookings.models import Answers, Message, WorkerBeat
from bookings.right_time import MOST_OFF
from clinic.foundation.crypto import Unreadable, decrypt


def mail_waits(now: datetime) -> int | None:
    """For how many seconds the mail that has been due longest has waited; None when none is due."""
    since = outbox.waiting_since(now)
    return None if since is None else _seconds(now - since)


def mails_failed() -> int:
    """How many mails are under "Needs you" in the desk's outbox."""
    return Message.objects.filter(state=Message.State.FAILED).count()


def last_tick(now: datetime) -> int | None:
    """How many seconds ago a worker last began to look at what is due; None when none ever did."""
    # What lies further ahead was written by a clock that was wrong, and so was what stopped because of it.
    ours = WorkerBeat.objects.filter(at__lte=now + MOST_OFF, clock_off=None)
    last = ours.aggregate(last=Max("at"))["last"]
    return None if last is None else _seconds(now - last)


def keys_open() -> str:
    """Whether FIELD_KEYS open the newest answers that there are: "ok", "unreadable", or "none" where nothing is stored."""
    newest = Answers.objects.annotate(stored=Cast("data", TextField())).order_by("-pk")
    token = newest.values_list("stored", flat=True).first()
    if token is None:
        return "none"
    try:
        decrypt(token)
    except Unreadable:
        return "unreadable"
    return "ok"


def _seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))
