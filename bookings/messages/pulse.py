"""How the mails and the worker are doing, in numbers, for /readyz, /metrics and `manage.py doctor`.

Anybody may read them at the first: how long, how many, and a word. They do not say whose mail it is or what is in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Min

from bookings import limits, outbox
from bookings.models import Message, WorkerBeat


def mail_waits(now: datetime) -> int | None:
    """How many seconds the mail that has been due longest has waited; None when none is due."""
    since = outbox.due_mails(now).aggregate(since=Min("not_before"))["since"]
    return None if since is None else _seconds(now - since)


def mails_due(now: datetime) -> int:
    """How many mails a worker may take now, as soon as none is held."""
    return outbox.due_mails(now).count()


def mails_failed() -> int:
    """How many mails are under "Needs you" in the desk's outbox."""
    return Message.objects.filter(state=Message.State.FAILED).count()


def last_tick(now: datetime) -> int | None:
    """How many seconds ago a worker last began to look at what is due; None if none ever did."""
    # Anything further ahead was written by a wrong clock, and so was whatever stopped because of it.
    ours = WorkerBeat.objects.filter(at__lte=now + limits.worker.CLOCK_MOST_OFF, clock_off=None)
    last = ours.aggregate(last=Max("at"))["last"]
    return None if last is None else _seconds(now - last)


def _seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))
