"""A worker whose clock is wrong stops before it does anything, and says why. None from the future hides a dead one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.core.management import call_command, execute_from_command_line
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone

from bookings import clock, machine_clock, outbox
from bookings.machine_clock import WrongClock
from bookings.management.commands import worker
from bookings.messages import send
from bookings.models import ConsultationRequest, WorkerBeat
from bookings.queries.worker import notice, workers
from tests.factories import NOW, in_state, staff, submitted
from tests.messages.sink import Sink

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
OFFS = [31 * SECOND, timedelta(hours=3), timedelta(days=400)]


@pytest.fixture
def offered() -> ConsultationRequest:
    """An offer that lasts another two hours, by the real clock."""
    consultation = in_state("offered")
    ConsultationRequest.objects.filter(pk=consultation.pk).update(
        offer_expires_at=timezone.now() + timedelta(hours=2), hold_until=None
    )
    return consultation


def say_the_clock_is_off(monkeypatch: pytest.MonkeyPatch, off: timedelta) -> None:
    """For the database: PostgreSQL's clock says something else; on SQLite there is a sign of life that lies ahead of us."""
    if connection.vendor == "sqlite":
        WorkerBeat.objects.create(name="ahead", at=timezone.now() + abs(off))
    else:
        monkeypatch.setattr(machine_clock, "_server_time", lambda: timezone.now() - off)


@pytest.mark.parametrize("off", OFFS, ids=str)
def test_a_worker_with_a_wrong_clock_does_nothing_and_stops(
    offered: ConsultationRequest, sink: Sink, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    outbox.queue(offered, "new_link", now=timezone.now())
    say_the_clock_is_off(monkeypatch, off)
    with pytest.raises(
        CommandError, match="The clock of this machine is .* (ahead of|behind) .*Set the clock"
    ) as stopped:
        call_command("worker", "--once")
    assert stopped.value.returncode == worker.WRONG_CLOCK
    offered.refresh_from_db()
    assert (offered.status, sink.taken) == ("offered", [])


@pytest.mark.only("postgresql")  # SQLite has no other clock
@pytest.mark.parametrize("off", [*OFFS, *[-off for off in OFFS]], ids=str)
def test_postgresql_has_the_real_clock(offered: ConsultationRequest, off: timedelta) -> None:
    real = timezone.now()
    with time_machine.travel(real + off), pytest.raises(CommandError):
        call_command("worker", "--once")
    offered.refresh_from_db()
    assert offered.status == "offered"


@pytest.mark.parametrize("off", [timedelta(0), 25 * SECOND], ids=str)
def test_a_little_off_is_not_wrong(monkeypatch: pytest.MonkeyPatch, off: timedelta) -> None:
    say_the_clock_is_off(monkeypatch, off)
    call_command("worker", "--once")
    assert send.worker_state(timezone.now()) == "ok"


def test_old_signs_of_life_mean_nothing() -> None:
    """The machine was off for a year, or its clock has just been set forward: nobody can tell."""
    send.beat("old", timezone.now() - timedelta(days=365))
    call_command("worker", "--once")
    assert send.worker_state(timezone.now()) == "ok"


def test_a_slow_answer_of_the_database_is_no_wrong_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = timezone.now()
    readings = iter([begun, begun, begun + 90 * SECOND])
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(machine_clock, "_server_time", lambda: begun + 45 * SECOND)
    assert machine_clock.checked(lambda: next(readings)) == begun


def test_a_supervisor_sees_its_code_and_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say_the_clock_is_off(monkeypatch, timedelta(hours=3))
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "worker", "--once", "--skip-checks"])
    assert ended.value.code == worker.WRONG_CLOCK
    assert "The clock of this machine is 3 hours" in capsys.readouterr().err


@pytest.fixture
def jumps(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """`jumps(n)`: the clock is right n times more, then wrong."""
    left = [10**6]
    real = machine_clock.checked

    def checked(clock: Callable[[], datetime]) -> datetime:
        left[0] -= 1
        if left[0] < 0:
            raise WrongClock(timedelta(hours=1), timezone.now())
        return real(clock)

    monkeypatch.setattr(machine_clock, "checked", checked)

    def after(times: int) -> None:
        left[0] = times

    yield after


def test_it_looks_before_every_turn_and_every_mail(
    sink: Sink, offered: ConsultationRequest, jumps: Callable[[int], None]
) -> None:
    """Clocks jump while it runs."""
    for _ in range(3):
        outbox.queue(offered, "assessing", now=timezone.now())
    jumps(3)  # the look at the mails, and the first two of them
    with pytest.raises(WrongClock):
        worker.deliver("one", timedelta(minutes=1), threading.Event())
    assert len(sink.taken) == 2


def test_it_looks_before_every_turn(monkeypatch: pytest.MonkeyPatch, jumps: Callable[[int], None]) -> None:
    turns: list[str] = []

    def turn(name: str) -> bool:
        turns.append(name)
        return True

    monkeypatch.setattr(worker, "turn", turn)
    monkeypatch.setattr(worker, "deliver", lambda name, lease, stopping: True)
    jumps(3)  # its start, and two turns
    with pytest.raises(WrongClock):
        worker.run(
            name="one", once=False, interval=0.01, lease=timedelta(minutes=1), stopping=threading.Event()
        )
    assert turns == ["one", "one"]


def test_what_is_more_than_one_look_is_done_in_the_same_turn_by_the_same_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clock that is set while a backlog is worked on is not believed until it has been compared."""
    seen: list[datetime] = []

    def tick(now: datetime) -> dict[str, int]:
        seen.append(now)
        travelled.shift(timedelta(days=1))
        return {"erased": 200 if len(seen) < 3 else 7}

    monkeypatch.setattr(clock, "tick", tick)
    with time_machine.travel(NOW, tick=False) as travelled:
        assert worker.turn("one")
    assert len(seen) == 3
    assert max(seen) - NOW < timedelta(minutes=1)


@pytest.mark.parametrize("where", ["turn", "deliver"])
def test_either_thread_ends_both(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def wrong(*given: object) -> bool:
        raise WrongClock(timedelta(hours=1), timezone.now())

    monkeypatch.setattr(worker, "begin", lambda: None)
    monkeypatch.setattr(worker, "turn", lambda name: True)
    monkeypatch.setattr(worker, "deliver", lambda name, lease, stopping: True)
    monkeypatch.setattr(worker, where, wrong)
    stopping = threading.Event()
    run = partial(worker.run, name="one", once=False, interval=0.01, lease=timedelta(minutes=1))
    with pytest.raises(WrongClock):
        run(stopping=stopping)
    assert stopping.is_set()
    assert threading.active_count() == 1 or not any(
        t.name.startswith("_Mails") for t in threading.enumerate()
    )


# --- what the desk and /readyz see ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", OFFS, ids=str)
def test_a_sign_of_life_from_the_future_hides_no_dead_worker(ahead: timedelta) -> None:
    now = timezone.now()
    send.beat("dead", now + ahead)
    assert send.worker_state(now) == "clock"
    assert "a clock is, or was, wrong" in notice(workers(now))
    send.beat("alive", now)
    assert send.worker_state(now) == "ok"
    WorkerBeat.objects.filter(name="alive").update(mails_at=now + ahead)
    assert send.worker_state(now) == "stuck"


def test_the_desk_and_readyz_hear_why_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    say_the_clock_is_off(monkeypatch, timedelta(hours=3))
    for _ in range(3):  # a supervisor starts it again and again
        with pytest.raises(CommandError):
            call_command("worker", "--once")
    assert WorkerBeat.objects.filter(clock_off__isnull=False).count() == 1
    assert Client().get("/readyz").json()["worker"] == "clock"
    desk = Client()
    desk.force_login(staff())
    page = desk.get("/admin/", follow=True).content.decode()
    assert "A worker has stopped, because the clock of its machine is 3 hours" in page


def test_a_good_desk_says_nothing() -> None:
    call_command("worker", "--once")
    desk = Client()
    desk.force_login(staff())
    assert "Not all is well" not in desk.get("/admin/", follow=True).content.decode()


def test_once_the_clock_is_right_again_all_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        say_the_clock_is_off(patched, timedelta(hours=3))
        with pytest.raises(CommandError):
            call_command("worker", "--once")
    # PostgreSQL's clock is enough; on SQLite somebody has to say so.
    call_command("worker", "--once", *(["--clock-is-right"] if connection.vendor == "sqlite" else []))
    assert not WorkerBeat.objects.filter(clock_off__isnull=False).exists()
    assert send.worker_state(timezone.now()) == "ok"


def test_on_postgresql_a_right_worker_forgets_what_lies_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_clock, "off_by", lambda clock: timedelta(0))
    send.beat("ahead", timezone.now() + timedelta(days=400))
    worker.begin()
    assert not WorkerBeat.objects.exists()


def test_readyz_says_whether_the_sites_own_clock_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site with a wrong clock still answers: it reads offers as over or as alive, and refusing everybody is worse."""
    submitted()
    assert Client().get("/readyz").json()["clock"] == "ok"
    say_the_clock_is_off(monkeypatch, timedelta(hours=1))
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["clock"]) == (
        200,
        "behind" if connection.vendor == "sqlite" else "ahead",
    )
