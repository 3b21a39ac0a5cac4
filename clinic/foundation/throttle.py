"""Limits that are exact across processes: counters in the database, one row per scope, key and window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from clinic.foundation.models import Counter

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The condition and the change are one statement, so two processes cannot both take the last place. It is written by hand:
# Django's bulk_create can update what is there, but not on a condition.
_COUNT_ONE = f"""
INSERT INTO {Counter._meta.db_table} AS known (scope, key_hash, window_start, expires_at, count)
VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (scope, key_hash, window_start) DO UPDATE SET count = known.count + 1 WHERE known.count < %s"""


def allow(scope: str, key: str, *, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one use of `key` (a network, an account) in `scope`; return False once `limit` is used up.

    Windows are fixed: they start at multiples of `window` since 1970, UTC. The key is kept only as an HMAC under
    SECRET_KEY. Call it outside the transaction of the work it guards, or a rollback takes the count back.
    """
    if limit < 1:
        return False
    start = _start(window, now)
    moments = [connection.ops.adapt_datetimefield_value(at) for at in (start, start + window)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE, [scope, _hash(scope, key), *moments, limit])
        return bool(cursor.rowcount == 1)


def give_back(scope: str, key: str, *, window: timedelta, now: datetime) -> None:
    """Take back one use that `allow` counted at the same `now`."""
    _counter(scope, key, window, now).filter(count__gt=0).update(count=F("count") - 1)


def is_used_up(scope: str, key: str, *, limit: int, window: timedelta, now: datetime) -> bool:
    """Whether `allow` would return False; counts nothing."""
    return _counter(scope, key, window, now).filter(count__gte=limit).exists()


def used(scope: str, key: str, *, window: timedelta, now: datetime) -> int:
    """How many uses `allow` has counted in the window of `now`, without those given back."""
    return _counter(scope, key, window, now).values_list("count", flat=True).first() or 0


def opens(window: timedelta, now: datetime) -> datetime:
    """When the window of `now` is over, and a limit that is used up opens again."""
    return _start(window, now) + window


def mark(scope: str, key: str, *, now: datetime, until: datetime) -> None:
    """Remember something about `key` from `now` to `until`; `marked` tells it."""
    Counter.objects.update_or_create(
        scope=scope, key_hash=_hash(scope, key), window_start=now, defaults={"expires_at": until}
    )


def marked(scope: str, key: str, now: datetime) -> datetime | None:
    """When `mark` was last called for `key`; None if it never was, or its time is up."""
    rows = Counter.objects.filter(scope=scope, key_hash=_hash(scope, key), expires_at__gt=now)
    return rows.order_by("window_start").values_list("window_start", flat=True).last()


def purge(now: datetime, *, most: int = 10_000) -> int:
    """Remove the counters of windows that are over, at most `most`; return how many."""
    over = Counter.objects.filter(expires_at__lte=now).order_by("expires_at").values_list("pk", flat=True)
    return Counter.objects.filter(pk__in=list(over[:most])).delete()[0]


def _counter(scope: str, key: str, window: timedelta, now: datetime) -> QuerySet[Counter]:
    return Counter.objects.filter(scope=scope, key_hash=_hash(scope, key), window_start=_start(window, now))


def _start(window: timedelta, now: datetime) -> datetime:
    return EPOCH + (now - EPOCH) // window * window


def _hash(scope: str, key: str) -> str:
    return salted_hmac("clinic.throttle." + scope, key, algorithm="sha256").hexdigest()
