"""Whether a worker is there, for /readyz and for the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bookings import limits
from bookings.machine_clock import span
from bookings.models import WorkerBeat


@dataclass(frozen=True)
class Workers:
    """How they are.

    'ok'; 'never': none was ever there; 'stuck': none alive looks at the mails; 'silent': none for five minutes; 'clock':
    none alive, and the last one stopped because of its clock, or left a sign of life in the future. `off` is set if a
    worker has stopped because of its clock, though others may be alive.
    """

    state: str
    off: timedelta | None = None


def workers(now: datetime) -> Workers:
    """One statement."""
    return judged(list(WorkerBeat.objects.values_list("at", "mails_at", "clock_off")), now)


def judged(rows: Sequence[tuple[datetime, datetime | None, int | None]], now: datetime) -> Workers:
    """What their rows say: (at, mails_at, clock_off) of each.

    A sign of life from the future says that a clock is wrong, but nothing about who is alive.
    """
    if not rows:
        return Workers("never")
    stops = [(at, timedelta(seconds=off)) for at, _, off in rows if off is not None]
    beats = [
        (_believed(at, now), _believed(mails_at or at, now)) for at, mails_at, off in rows if off is None
    ]
    alive = [
        mails_at
        for at, mails_at in beats
        if now - (at or mails_at or _LONG_AGO) <= limits.worker.WORKER_SILENT
    ]
    if alive:
        # Another one may have stopped alongside: a supervisor that keeps restarting it keeps that fresh.
        off = next((off for at, off in stops if now - at <= limits.worker.WORKER_SILENT), None)
        looked = max((mails_at for mails_at in alive if mails_at), default=_LONG_AGO)
        return Workers("ok" if now - looked <= limits.worker.WORKER_SILENT else "stuck", off)
    if stops:
        return Workers("clock", max(stops)[1])
    return Workers("clock" if any(at is None for at, _ in beats) else "silent")


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _believed(moment: datetime, now: datetime) -> datetime | None:
    return moment if moment - now <= limits.worker.CLOCK_MOST_OFF else None


def notice(found: Workers) -> str:
    """What staff read on every page of the desk while something is wrong with the workers; otherwise empty."""
    waits = "Until it runs again no mail goes out, and no hold, offer or question runs out."
    if found.off is not None:
        way = "ahead" if found.off > timedelta(0) else "behind"
        what = f"A worker has stopped, because the clock of its machine is {span(found.off)} {way}."
        return what if found.state == "ok" else f"{what} {waits}"
    match found.state:
        case "clock":
            return f"The worker's last sign of life lies in the future: a clock is, or was, wrong. {waits}"
        case "silent":
            return f"The worker has not been heard of for more than five minutes. {waits}"
        case "stuck":
            return "The worker has not looked at the mails for more than five minutes, so none goes out."
    return ""
