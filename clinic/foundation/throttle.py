"""Limits that are exact across processes: counters in the database, one row per scope, key and window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils.crypto import salted_hmac

from clinic.foundation.models import Counter

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def allow(scope: str, key: str, *, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one use of `key` (an address, a network, an account) in `scope`; return False once `limit` is used up.

    Windows are fixed: they start at multiples of `window` since 1970, UTC. The key is kept only as an HMAC under
    SECRET_KEY. Call it outside the transaction of the work it guards, or a rollback takes the count back.
    """
    start = EPOCH + (now - EPOCH) // window * window
    counter, _ = Counter.objects.get_or_create(
        scope=scope,
        key_hash=salted_hmac("clinic.throttle." + scope, key, algorithm="sha256").hexdigest(),
        window_start=start,
        defaults={"expires_at": start + window},
    )
    # The condition and the change are one statement, so two processes cannot both take the last place.
    return Counter.objects.filter(pk=counter.pk, count__lt=limit).update(count=F("count") + 1) == 1


def purge(now: datetime) -> int:
    """Remove the counters of windows that are over; return how many."""
    return Counter.objects.filter(expires_at__lte=now).delete()[0]
