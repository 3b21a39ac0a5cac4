"""Which mails are due: one rule for the worker, which claims them, and for a hold, which keeps them back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from bookings import limits
from bookings.models import Message

_State = Message.State


def due(now: datetime) -> Q:
    """What a worker may claim at `now` while the mail is not held, even if a clock has jumped.

    A message that was to go at once is due whatever the clock says, and so is one that waited to be taken back and was
    queued by a clock that was ahead; a retry is never further away than the longest wait; a lease that seems to last longer
    than a lease can was written by a clock that was wrong. While a worker has a lease, nothing of it is due.
    """
    wait = timedelta(minutes=settings.UNDO_MINUTES)
    ahead = Q(created_at__gt=now + limits.worker.CLOCK_MOST_OFF)
    queued = Q(state=_State.QUEUED) & (
        Q(not_before__lte=now)
        | Q(attempts=0, not_before__lte=F("created_at"))
        | (Q(attempts=0, not_before__lte=F("created_at") + wait) & ahead)
        | Q(attempts__gt=0, not_before__gt=now + limits.mail.MAIL_WAITS[-1])
    )
    free = (
        Q(lease_until__isnull=True)
        | Q(lease_until__lt=now)
        | Q(lease_until__gt=now + 2 * limits.mail.MAIL_LEASE)
    )
    abandoned = Q(state=_State.SENDING) | (Q(state=_State.QUEUED) & ~Q(leased_by=""))
    return free & (queued | abandoned)
