"""The worker: real processes that send to a real server, are killed at any point, and lose nothing."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from bookings import clock, limits, mail_hold, outbox
from bookings.management.commands import worker
from bookings.messages import send
from bookings.models import ConsultationRequest, Message, WorkerBeat
from clinic.logs import PrivateFilter
from content.pictures import uploads
from tests.factories import NOW, at, in_state, submitted
from tests.forks import Command
from tests.messages.sink import Sink

# As for the races: the whole number of kills, on demand.
FULL = os.environ.get("RACES") == "full"
PATIENCE = 300 if FULL else 60  # seconds, on a machine that may be busy
processes = pytest.mark.django_db(transaction=True)


def _queue(count: int) -> list[str]:
    """Queue this many messages, of a kind that nobody gets too many of, and return their ids."""
    consultation = submitted()
    consultation.messages.all().delete()
    return [outbox.queue(consultation, "assessing", now=NOW).message_id for _ in range(count)]


def _environment(database_url: str, sink: Sink) -> dict[str, str]:
    server = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "EMAIL_SECURITY": "none",
        "EMAIL_RATE": "0",
    }
    return server | {"DATABASE_URL": database_url}


def start(database_url: str, sink: Sink, *options: str, **variables: str) -> Command:
    """A worker that is killed or told to end: a fork, which differs from one started by hand in nothing but its start."""
    environment = _environment(database_url, sink) | variables
    return Command("worker", "--interval", "0.2", *options, **environment)


def start_by_hand(database_url: str, sink: Sink) -> subprocess.Popen[bytes]:
    environment = os.environ | _environment(database_url, sink) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=settings.BASE_DIR, env=environment)


@contextmanager
def ended(*started: Command | subprocess.Popen[bytes]) -> Iterator[None]:
    """Whatever the test does, no process of ours outlives it."""
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def _all_sent() -> bool:
    return not Message.objects.exclude(state="sent").exists()


@processes
def test_killed_at_every_point_each_mail_arrives_and_only_an_accepted_one_twice(
    sink: Sink, database_url: str
) -> None:
    ids = _queue(6)
    points = ["ehlo", "rcpt", "data", "taken"]  # claimed; in conversation; before the server has it; after
    running: list[Command] = []

    def kill(step: str, to: str) -> str | None:
        if not points or step != points[0]:
            return None
        points.pop(0)
        running[-1].kill()
        running[-1].wait()
        return "451 you are dead" if step == "data" else None  # or else the server would have it after all

    sink.script = kill
    while points:
        running.append(start(database_url, sink, "--lease", "1"))
        assert running[-1].wait(PATIENCE) == -signal.SIGKILL
    last = start(database_url, sink, "--lease", "1")
    with ended(last):
        until(_all_sent)
    counts = Counter(sink.ids())
    assert set(counts) == set(ids)
    assert sorted(counts.values()) == [1, 1, 1, 1, 1, 2]
    assert len({taken.raw for taken in sink.taken}) == 6  # the second copy is the same to the last byte


@processes
def test_several_workers_at_once_send_each_mail_once_and_end_when_told(sink: Sink, database_url: str) -> None:
    count = 4 if FULL else 2
    ids = _queue(40)
    workers = [start(database_url, sink) for _ in range(count)]
    with ended(*workers):
        until(_all_sent)
        until(lambda: WorkerBeat.objects.count() == count)
        for process in workers:
            process.terminate()
        assert [process.wait(PATIENCE) for process in workers] == [0] * count
    assert sorted(sink.ids()) == sorted(ids)


@pytest.mark.once
@processes
def test_told_to_end_it_finishes_the_mail_in_hand_and_no_other(sink: Sink, database_url: str) -> None:
    ids = _queue(3)
    talking = threading.Event()

    def slowly(step: str, to: str) -> str | None:
        if step == "data":
            talking.set()
            time.sleep(1)
        return None

    sink.script = slowly
    process = start_by_hand(database_url, sink)
    with ended(process):
        assert talking.wait(PATIENCE)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert sink.ids() == ids[:1]
    assert list(Message.objects.order_by("id").values_list("state", flat=True)) == [
        "sent",
        "queued",
        "queued",
    ]


@pytest.mark.once
@processes
def test_a_server_that_hangs_stops_no_clock(sink: Sink, database_url: str) -> None:
    """What falls due while a mail hangs is done while it hangs."""
    _queue(1)
    talking, over = threading.Event(), threading.Event()

    def hang(step: str, to: str) -> str | None:
        if step == "rcpt":
            talking.set()
            over.wait(PATIENCE)
        return None

    sink.script = hang
    # It hangs for as long as the test wants: the 20 seconds after which a worker gives up may pass on a busy machine.
    process = start(database_url, sink, EMAIL_TIMEOUT=str(2 * PATIENCE))
    with ended(process):
        try:
            assert talking.wait(PATIENCE)
            held = submitted(start=at(3, 12))
            offered = in_state("offered", start=at(3, 14))
            ConsultationRequest.objects.filter(pk=held.pk).update(hold_until=NOW - timedelta(days=1000))
            ConsultationRequest.objects.filter(pk=offered.pk).update(
                offer_expires_at=NOW - timedelta(days=1000)
            )
            until(lambda: ConsultationRequest.objects.filter(pk=held.pk, hold_until=None).exists())
            until(lambda: ConsultationRequest.objects.filter(pk=offered.pk, status="lapsed").exists())
            assert Message.objects.exclude(leased_by="").count() == 1, "the mail no longer hangs"
        finally:
            over.set()
        process.terminate()
        assert process.wait(PATIENCE) == 0


# It is killed at every point on both databases, above.
@pytest.mark.once
@processes
def test_killed_at_random_nothing_is_lost(sink: Sink, database_url: str) -> None:
    mails, workers, kills = (500, 4, 50) if FULL else (30, 2, 2)
    ids = _queue(mails)
    chance = random.Random(20261130)

    def slowly(step: str, to: str) -> str | None:
        time.sleep(0.02 if step in ("rcpt", "data", "taken") else 0)
        return None

    sink.script = slowly
    # A lease longer than any pause of a busy machine: what is sent twice is then due to a kill alone.
    running = [start(database_url, sink, "--lease", "5") for _ in range(workers)]
    with ended(*running):
        for number in range(kills):
            seen = len(sink.taken) + chance.randint(1, 6)
            until(lambda seen=seen: len(sink.taken) >= seen or _all_sent())  # type: ignore[misc]  # a bound default
            victim = running[number % workers]
            victim.kill()
            victim.wait()
            running[number % workers] = start(database_url, sink, "--lease", "5")
        with ended(*running):
            until(_all_sent)
    counts = Counter(sink.ids())
    assert set(counts) == set(ids)
    assert len(sink.ids()) - len(ids) <= kills
    assert len({taken.raw for taken in sink.taken}) == len(ids)


@pytest.fixture
def cleo() -> ConsultationRequest:
    consultation = submitted()
    consultation.messages.all().delete()
    return consultation


@pytest.mark.django_db
def test_once_does_what_is_due_and_ends(sink: Sink, cleo: ConsultationRequest) -> None:
    message = outbox.queue(cleo, "new_link", now=timezone.now())
    before = signal.getsignal(signal.SIGTERM)
    call_command("worker", "--once")
    assert sink.ids() == [message.message_id]
    assert send.worker_state(timezone.now()) == "ok"
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.django_db
def test_a_backlog_waits_for_no_second_look(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.mail, "MAIL_LOOK_ROWS", 1)
    sent = [outbox.queue(cleo, kind, now=timezone.now()).message_id for kind in ("received", "new_link")]
    assert worker.deliver("one", timedelta(minutes=1), threading.Event()) is True
    assert sorted(sink.ids()) == sorted(sent)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [OperationalError("cleo@example.org is locked"), RuntimeError("cleo@example.org")]
)
def test_trouble_with_the_clock_stops_no_mail_and_is_logged_without_its_words(
    sink: Sink,
    cleo: ConsultationRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    outbox.queue(cleo, "new_link", now=timezone.now())

    def trouble(now: object) -> dict[str, int]:
        raise error

    monkeypatch.setattr(clock, "tick", trouble)
    caplog.handler.addFilter(PrivateFilter())
    assert worker.turn("one") is False
    assert worker.deliver("one", timedelta(minutes=1), threading.Event()) is True
    assert len(sink.taken) == 1
    # Where it happened, to the last frame, and what it was: so that somebody can mend it.
    lines = caplog.text.splitlines()
    end = next(number for number, line in enumerate(lines) if " in trouble" in line)
    assert type(error).__name__ in " ".join(lines[end : end + 3])
    assert "cleo" not in caplog.text


def test_a_worker_waits_longer_and_longer_while_the_database_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    waits: list[float] = []

    class Stopping(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            if len(waits) == 8:
                self.set()
            return self.is_set()

    answers = iter([False] * 7 + [True])
    worker.rounds(lambda: next(answers), 2, Stopping())
    assert waits == [1, 2, 4, 8, 16, 30, 30, 2]
    assert "All is well again, after 7 looks that failed" in caplog.messages


def test_at_its_start_it_looks_at_zones_and_pictures_and_at_pictures_once_an_hour_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[tuple[str, float]] = []  # what, and after how many minutes

    def noting(what: str) -> Callable[[datetime], None]:
        return lambda now: done.append((what, (now - NOW) / timedelta(minutes=1)))

    monkeypatch.setattr(clock, "keep_wall_clocks", noting("zones"))
    monkeypatch.setattr(uploads, "sweep", noting("pictures"))
    monkeypatch.setattr(mail_hold, "current", lambda: None)
    monkeypatch.setattr(worker, "turn", lambda name: True)
    monkeypatch.setattr(worker, "deliver", lambda name, lease, stopping: True)

    class Stopping(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if threading.current_thread() is threading.main_thread():
                travelled.shift(timedelta(minutes=20))
                if timezone.now() - NOW > timedelta(minutes=130):
                    self.set()
            return super().wait(0)

    with time_machine.travel(NOW, tick=False) as travelled:
        worker.run(name="one", once=False, interval=2, lease=timedelta(minutes=1), stopping=Stopping())
    assert done == [("zones", 0), ("pictures", 0), ("pictures", 60), ("pictures", 120)]


def test_no_two_workers_share_a_name() -> None:
    names = {worker.worker_name() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 64
