"""manage.py worker: does what time brings about, and sends the mails."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connection, connections
from django.utils import timezone

from bookings import clock, mail_hold, outbox
from bookings.messages import send
from content import pictures
from content.publishing import clock as publishing

log = logging.getLogger(__name__)

# When the database is away: wait this long, then twice as long, up to the last.
_FIRST_WAIT, _LAST_WAIT = 1.0, 30.0
# Files without a row must be an hour old to go: looking for them more often finds nothing more.
_SWEEP_EVERY = pictures.SWEEP_AFTER


class Command(BaseCommand):
    help = "Do what is due and send queued mails. Run one or several; end one with SIGTERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due now, then end.")
        parser.add_argument(
            "--interval", type=float, default=2.0, help="Seconds between two looks (default 2)."
        )
        parser.add_argument(
            "--lease",
            type=float,
            default=outbox.LEASE.total_seconds(),
            help="Seconds after which a mail in the hands of a dead worker is sent by another (default 240).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()

        def stop(signum: int, frame: FrameType | None) -> None:
            stopping.set()

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            run(
                name=worker_name(),
                once=options["once"],
                interval=options["interval"],
                lease=timedelta(seconds=options["lease"]),
                stopping=stopping,
            )
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def worker_name() -> str:
    """A name that no other process has, now or later."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"


def run(*, name: str, once: bool, interval: float, lease: timedelta, stopping: threading.Event) -> None:
    """Look, work, wait, until told to stop. The mail in hand is finished first.

    The mails have a thread of their own: a mail server that hangs keeps nobody's hold, offer or page waiting.
    """
    log.info(
        "The worker has started%s", ": no mail server is set, so mails are kept" if send.is_trial() else ""
    )
    begin()
    if once:
        turn(name)
        deliver(name, lease, stopping)
        return
    # A daemon, so that one which hangs for longer than a lease keeps no process alive: another worker has its mail by then.
    mails = threading.Thread(
        target=_in_a_thread, args=(lambda: deliver(name, lease, stopping), interval, stopping), daemon=True
    )
    mails.start()
    rounds(_with_sweeps(lambda: turn(name), timezone.now()), interval, stopping)
    mails.join(lease.total_seconds())
    log.info("The worker has ended%s", ", with a mail in its hands" if mails.is_alive() else "")


def begin() -> None:
    """What a worker does once, at its start, before it looks for anything. Trouble with it is logged."""
    _try(_look_at_the_hold)
    _try(lambda: clock.keep_wall_clocks(timezone.now()))  # zone data is read once a process
    _try(lambda: _sweep(timezone.now()))


def _look_at_the_hold() -> None:
    """Before the first sign of life: is this a database that nobody has lived in for a while?"""
    if not send.is_trial():
        mail_hold.notice_silence(timezone.now())
    hold = mail_hold.current()
    if hold is not None:
        log.warning("The mail is held (%s). Release it at the desk, or by manage.py mail", hold)


def _sweep(now: datetime) -> None:
    """Not in a restored copy: its rows may be older than the pictures, and then files would go that are still wanted."""
    if mail_hold.current() is None:
        pictures.sweep(now)


def _with_sweeps(work: Callable[[], bool], swept: datetime) -> Callable[[], bool]:
    """The same work, with a sweep before it whenever the last, first at `swept`, was an hour ago."""

    def both() -> bool:
        nonlocal swept
        if timezone.now() - swept >= _SWEEP_EVERY:
            swept = timezone.now()
            _try(lambda: _sweep(swept))
        return work()

    return both


def rounds(work: Callable[[], bool], interval: float, stopping: threading.Event) -> None:
    """Do it again and again, `interval` seconds apart, until told to stop. While it fails, the waits grow."""
    trouble = 0.0
    while not stopping.is_set():
        trouble = 0.0 if work() else min(max(trouble * 2, _FIRST_WAIT), _LAST_WAIT)
        stopping.wait(trouble or interval)


def _in_a_thread(work: Callable[[], bool], interval: float, stopping: threading.Event) -> None:
    try:
        rounds(work, interval, stopping)
    finally:
        connections.close_all()


def turn(name: str) -> bool:
    """One look at what time brings about. False if something went wrong: the worker goes on, a little later.

    The parts fail apart from each other, so that trouble with one does not stop the other.
    """
    well = _try(lambda: send.beat(name, timezone.now()))
    well &= _try(lambda: clock.tick(timezone.now()))
    well &= _try(lambda: publishing.publish_due(timezone.now()))
    return well


def deliver(name: str, lease: timedelta, stopping: threading.Event) -> bool:
    """One look at the mails. False if something went wrong."""
    well = _try(lambda: send.beat_of_mails(name, timezone.now()))
    well &= _try(lambda: send.send_due(timezone.now, name, lease=lease, stop=stopping.is_set))
    return well


def _try(work: Callable[[], object]) -> bool:
    try:
        if (
            not connection.in_atomic_block
        ):  # inside a caller's transaction the connection is not ours to close
            close_old_connections()
        work()
    except DatabaseError as error:
        log.error("The database did not do its part: %s", type(error).__name__)
    except Exception as error:  # noqa: BLE001  # a worker that died of one bad row would stop every mail
        log.error("The worker stumbled: %s", type(error).__name__)
    else:
        return True
    return False
