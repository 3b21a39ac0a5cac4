"""manage.py worker: does what falls due, and sends the mails."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections, connection, connections
from django.utils import timezone

from bookings import clock, limits, machine_clock, mail_hold
from bookings.machine_clock import WrongClock
from bookings.messages import send
from clinic.foundation import failures, sqlite
from content import limits as content_limits
from content.pictures import uploads
from content.publishing import clock as publishing

log = logging.getLogger(__name__)

# Its exit code when the clock is wrong: not 0, so that a supervisor shows it, and starts it again.
WRONG_CLOCK = 3
_WHAT_TO_DO = (
    "The worker has stopped: it would let offers run out and tell clients. Set the clock of this machine."
)
_IF_RIGHT = " If it is right, and was wrong before: manage.py worker --clock-is-right"
# Files without a row must be an hour old to be removed: looking more often finds nothing more.
_SWEEP_EVERY = content_limits.FILE_WITHOUT_ROW_KEPT


class Command(BaseCommand):
    help = "Do what is due and send queued mails. Run one or several; end one with SIGTERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")
        parser.add_argument(
            "--clock-is-right",
            action="store_true",
            help="Forget the signs of life that lie ahead of this machine's clock: it was wrong, and is right now.",
        )
        parser.add_argument(
            "--interval", type=float, default=2.0, help="Seconds between two looks (default 2)."
        )
        parser.add_argument(
            "--lease",
            type=float,
            default=limits.mail.MAIL_LEASE.total_seconds(),
            help="Seconds after which a mail in the hands of a dead worker is sent by another (default 240).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()

        def stop(signum: int, frame: FrameType | None) -> None:
            stopping.set()

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        if options["clock_is_right"]:
            machine_clock.settle(timezone.now())
        name = worker_name()
        try:
            run(
                name=name,
                once=options["once"],
                interval=options["interval"],
                lease=timedelta(seconds=options["lease"]),
                stopping=stopping,
            )
        except WrongClock as wrong:
            raise _stopped(name, wrong) from None
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _stopped(name: str, wrong: WrongClock) -> CommandError:
    """Leave word for the desk; return the text for whoever runs the site."""
    _try(lambda: machine_clock.stopped(name, wrong))
    hint = _IF_RIGHT if connection.vendor == "sqlite" else ""
    return CommandError(f"{wrong} {_WHAT_TO_DO}{hint}", returncode=WRONG_CLOCK)


def worker_name() -> str:
    """A name that no other process ever has."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"


def run(*, name: str, once: bool, interval: float, lease: timedelta, stopping: threading.Event) -> None:
    """Look, work, wait, until told to stop. The mail in hand is finished first. Raises WrongClock.

    The mails have a thread of their own: a mail server that hangs keeps no hold, offer or page waiting.
    """
    log.info(
        "The worker has started%s", ": no mail server is set, so mails are kept" if send.is_trial() else ""
    )
    begin()
    if once:
        _in_right_time(lambda: turn(name, longest=inf))()
        deliver(name, lease, stopping)
        _try(sqlite.truncate_log)
        return
    mails = _Mails(lambda: deliver(name, lease, stopping), interval, stopping)
    mails.start()
    try:
        work = _in_right_time(lambda: turn(name))
        work = _also(lambda: _sweep(timezone.now()), _SWEEP_EVERY, work)
        check = limits.worker.CALLS_CHECKED_EVERY
        work = _also(lambda: send.drop_untrue_calls(timezone.now()), check, work)
        rounds(_also(sqlite.truncate_log, limits.worker.SQLITE_LOG_EMPTIED_EVERY, work), interval, stopping)
    finally:
        stopping.set()
        mails.join(lease.total_seconds())
        log.info("The worker has ended%s", ", with a mail in its hands" if mails.is_alive() else "")
    if mails.wrong is not None:
        raise mails.wrong


def begin() -> None:
    """What a worker does once, at its start, before it looks for anything. Trouble with it is logged. Raises WrongClock."""
    _try(lambda: machine_clock.settle(machine_clock.checked(timezone.now)))
    _try(_look_at_the_hold)
    _try(lambda: clock.keep_wall_clocks(timezone.now()))  # zone data is read once per process
    _try(lambda: _sweep(timezone.now()))


def _look_at_the_hold() -> None:
    """Before the first sign of life: is this a database in which nobody has been active for a while?"""
    if not send.is_trial():
        mail_hold.notice_silence(timezone.now())
    hold = mail_hold.current()
    if hold is not None:
        log.warning("The mail is held (%s). Release it at the desk, or by manage.py mail", hold)


def _sweep(now: datetime) -> None:
    """Not in a restored copy: its rows may be older than the pictures, and then files that are still wanted would go."""
    if mail_hold.current() is None:
        uploads.sweep(now)


def _also(chore: Callable[[], object], every: timedelta, work: Callable[[], bool]) -> Callable[[], bool]:
    """The same work, with a chore after it whenever the last one (at first: now) was this long ago.

    After it: a clock that has jumped ahead ends the worker there, before the chore believes it.
    """
    last = timezone.now()

    def both() -> bool:
        nonlocal last
        well = work()
        # A clock that was set back must not put it off for that long.
        if abs(timezone.now() - last) >= every:
            last = timezone.now()
            _try(chore)
        return well

    return both


def rounds(work: Callable[[], bool], interval: float, stopping: threading.Event) -> None:
    """Do it repeatedly, `interval` seconds apart, until told to stop. While it fails, the waits grow."""
    trouble, failed = 0.0, 0
    while not stopping.is_set():
        if work():
            if failed:
                log.info("All is well again, after %d looks that failed", failed)
            trouble, failed = 0.0, 0
        else:
            trouble, failed = (
                min(
                    max(trouble * 2, limits.worker.DATABASE_FIRST_WAIT_SECONDS),
                    limits.worker.DATABASE_LAST_WAIT_SECONDS,
                ),
                failed + 1,
            )
        stopping.wait(trouble or interval)


class _Mails(threading.Thread):
    """The mails' own rounds. It leaves what is wrong with the clock in `wrong`, and ends them for both threads.

    A daemon, so that one that hangs for longer than a lease keeps no process alive: another worker has its mail by then.
    """

    def __init__(self, work: Callable[[], bool], interval: float, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.wrong: WrongClock | None = None
        self._work, self._interval, self._stopping = work, interval, stopping

    def run(self) -> None:
        try:
            rounds(self._work, self._interval, self._stopping)
        except WrongClock as wrong:
            self.wrong = wrong
            self._stopping.set()
        finally:
            connections.close_all()


def turn(name: str, *, longest: float = limits.worker.WORKER_TURN_SECONDS) -> bool:
    """One look at what falls due, and further ones while there is more, for `longest` seconds at most.

    False if something went wrong: the worker goes on, a little later.
    """
    begun, steady = timezone.now(), time.monotonic()
    spent = 0.0
    well, more = _look(name, begun)
    while well and more and spent < longest:
        # Not read again: it was compared with the database's clock, and may have been set since.
        spent = time.monotonic() - steady
        well, more = _look(name, begun + timedelta(seconds=spent))
    return well


def _look(name: str, now: datetime) -> tuple[bool, bool]:
    """Whether all went well, and whether there is more than one look can do.

    The parts fail separately, so that trouble with one does not stop the other.
    """
    done: dict[str, int] = {}
    well = _try(lambda: send.beat(name, now))
    well &= _try(lambda: done.update(clock.tick(now)))
    well &= _try(lambda: publishing.publish_due(now))
    return well, clock.has_more(done)


def _in_right_time(work: Callable[[], bool]) -> Callable[[], bool]:
    """The same work, after a look at the clock. Without the database the right time is unknown, and nothing is done."""
    return lambda: _try(lambda: machine_clock.checked(timezone.now)) and work()


def deliver(name: str, lease: timedelta, stopping: threading.Event) -> bool:
    """One look at the mails, and the next at once while a look finds as many as it may send.

    False if something went wrong. Raises WrongClock, before a mail is taken.
    """
    most = handled = limits.mail.MAIL_LOOK_ROWS
    well = True

    def stop() -> bool:
        machine_clock.checked(timezone.now)
        return stopping.is_set()

    def look() -> None:
        nonlocal handled
        handled = send.send_due(timezone.now, name, most, lease=lease, stop=stop)

    while well and handled == most:
        well = _try(lambda: send.beat_of_mails(name, machine_clock.checked(timezone.now)))
        well &= _try(look)
    return well


def _try(work: Callable[[], object]) -> bool:
    try:
        if (
            not connection.in_atomic_block
        ):  # inside a caller's transaction the connection is not ours to close
            close_old_connections()
        work()
    except WrongClock:
        raise
    except DatabaseError:
        log.exception("The database did not do its part")
    except Exception:  # a worker that died of one bad row would stop every mail
        log.exception("The worker stumbled")
        failures.count(failures.WORKER)
    else:
        return True
    return False
