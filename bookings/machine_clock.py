"""Whether this machine's clock is right: a worker whose clock runs ahead lapses live offers, and tells clients.

With PostgreSQL the server's clock decides. On SQLite there is no other clock, only the newest sign of life of a worker. One
in the future says that a clock is, or was, wrong. Old ones mean nothing: a machine may have been off for weeks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Q

from bookings import limits
from bookings.models import WorkerBeat

Clock = Callable[[], datetime]


class WrongClock(Exception):
    """Our clock cannot be trusted: it is off by `off` (positive: ahead). `at` is the time that is more likely (UTC)."""

    def __init__(self, off: timedelta, at: datetime) -> None:
        self.off = off
        self.at = at
        super().__init__(f"The clock of this machine is {_of_what(off)}.")


def checked(clock: Clock) -> datetime:
    """The time of `clock` (aware, UTC), unless something says that it is wrong. One SELECT. Raises WrongClock."""
    now = clock()
    off = off_by(clock)
    if abs(off) > limits.worker.CLOCK_MOST_OFF:
        raise WrongClock(off, now if connection.vendor == "sqlite" else now - off)
    return now


def off_by(clock: Clock) -> timedelta:
    """How far `clock` is ahead of the clock that decides, at least; negative if it is behind."""
    if connection.vendor == "sqlite":
        newest = _newest_beat()
        return min(clock() - newest, timedelta(0)) if newest else timedelta(0)
    before, theirs, after = clock(), _server_time(), clock()
    # The server read its clock somewhere between our two readings: a slow answer is not an error of either clock.
    return before - theirs if before > theirs else min(after - theirs, timedelta(0))


def state(clock: Clock) -> str:
    """A line of /readyz, about the process that answers: 'ok', 'ahead' or 'behind'."""
    off = off_by(clock)
    return "ok" if abs(off) <= limits.worker.CLOCK_MOST_OFF else "ahead" if off > timedelta(0) else "behind"


def stopped(name: str, wrong: WrongClock) -> None:
    """Leave word for the desk and /readyz that the worker of this name has stopped, and why. Earlier ones are removed."""
    WorkerBeat.objects.filter(clock_off__isnull=False).exclude(name=name).delete()
    seconds = round(wrong.off.total_seconds())
    WorkerBeat.objects.update_or_create(
        name=name, defaults={"at": wrong.at, "mails_at": None, "clock_off": max(min(seconds, _MOST), -_MOST)}
    )


def settle(now: datetime) -> int:
    """The clock is right at `now`: what a wrong one wrote is forgotten. Returns how many rows that was."""
    ahead = now + limits.worker.CLOCK_MOST_OFF
    wrong = Q(at__gt=ahead) | Q(mails_at__gt=ahead) | Q(clock_off__isnull=False)
    return WorkerBeat.objects.filter(wrong).delete()[0]


# As much as the column takes.
_MOST = 2**31 - 1


def _newest_beat() -> datetime | None:
    found = WorkerBeat.objects.aggregate(at=Max("at"), mails_at=Max("mails_at"))
    return max((moment for moment in found.values() if moment is not None), default=None)


def _server_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [moment] = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment


def _of_what(off: timedelta) -> str:
    """'45 seconds ahead of the database's'."""
    than = "the newest sign of life of a worker" if connection.vendor == "sqlite" else "the database's"
    return f"{span(off)} {'ahead of' if off > timedelta(0) else 'behind'} {than}"


def span(off: timedelta) -> str:
    """'45 seconds', '3 hours', '2 days': the size of it, in whole units, at least two."""
    seconds = abs(round(off.total_seconds()))
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
