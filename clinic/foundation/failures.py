"""How often something of ours failed today, counted across processes: pages that ended with 500, stumbles of the worker."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from clinic.foundation import limits, throttle, when

log = logging.getLogger(__name__)

SITE, WORKER = "site", "worker"
_SCOPE = "failures"


def count(where: str) -> None:
    """One more, in its own statements, outside any transaction. Never fails: what went wrong may be the database."""
    try:
        most = limits.server.FAILURES_COUNTED
        throttle.allow(_SCOPE, where, limit=most, window=when.DAY, now=timezone.now())
    except Exception:  # whatever it is, it must not hide what is being counted
        log.exception("A failure could not be counted")


def of_today(now: datetime) -> dict[str, int]:
    """How many since midnight (UTC), by where. `throttle` forgets them after that."""
    return {where: throttle.used(_SCOPE, where, window=when.DAY, now=now) for where in (SITE, WORKER)}
