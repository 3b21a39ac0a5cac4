"""A server that gets a mail and never says whether it has it: three copies at most, and the desk reads what that means."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from bookings import in_hand, limits
from bookings.models import Message
from tests import factories
from tests.desk.pages import OUTBOX, message_page, words
from tests.factories import NOW
from tests.messages.examples import deliver, only, queued
from tests.messages.sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def message() -> Message:
    return only(queued("confirmed"))


def _fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def _a_day_of_tries() -> None:
    for minutes in range(0, 26 * 60, 15):
        deliver(NOW + minutes * MINUTE)


def test_a_mail_that_is_taken_and_never_acknowledged_goes_three_times(sink: Sink, message: Message) -> None:
    sink.script = lambda step, to: "drop" if step == "taken" else None
    _a_day_of_tries()
    assert len(sink.taken) == 3
    assert len({taken.raw for taken in sink.taken}) == 1  # one Message-ID: most programs show one mail
    failed = _fresh(message)
    assert (failed.state, failed.attempts, failed.unanswered) == ("failed", 3, 3)
    assert (
        failed.problem
        == "The mail server got it 3 times and never said whether it has it. It may have arrived."
    )


def test_the_desk_reads_that_it_may_have_arrived(sink: Sink, message: Message) -> None:
    sink.script = lambda step, to: "drop" if step == "taken" else None
    desk = Client()
    desk.force_login(factories.staff("Mo Sender", *factories.DEE, "bookings.send_again"))
    deliver(NOW)
    assert "It may have arrived" in words(desk.get(OUTBOX))
    _a_day_of_tries()
    page = words(desk.get(message_page(message)))
    assert "It may have arrived" in page
    assert "Why it did not arrive" not in page
    assert "Given to the server without an answer 3 times" in page
    # Whoever sends it again knows what that means, and once more it goes three times at most.
    assert desk.post(message_page(message)).status_code == 303
    _a_day_of_tries()
    assert len(sink.taken) == 6


def test_what_is_sent_in_the_end_says_that_it_may_have_come_twice(sink: Sink, message: Message) -> None:
    sink.script = lambda step, to: "drop" if step == "taken" and len(sink.taken) == 1 else None
    deliver(NOW)
    deliver(NOW + MINUTE)
    sent = _fresh(message)
    assert (sent.state, sent.unanswered, len(sink.taken)) == ("sent", 1, 2)


def test_silence_after_the_text_is_no_answer_either(sink: Sink, message: Message, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    sink.script = lambda step, to: "hang" if step == "data" else None
    deliver(NOW)
    waiting = _fresh(message)
    assert (waiting.state, waiting.unanswered) == ("queued", 1)
    assert waiting.problem == "The mail server got it and did not say whether it has it. It may have arrived."


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_an_answer_of_any_kind_is_an_answer(sink: Sink, message: Message, step: str) -> None:
    sink.script = lambda at_step, to: "451 try later" if at_step == step else None
    for minutes in (0, 5, 10, 20, 40):
        deliver(NOW + minutes * MINUTE)
    waiting = _fresh(message)
    assert (waiting.state, waiting.attempts, waiting.unanswered) == ("queued", 5, 0)
    sink.script = lambda step, to: None
    deliver(NOW + 3 * 60 * MINUTE)
    assert _fresh(message).state == "sent"


def test_a_worker_that_dies_with_the_answer_in_its_hands_has_none(
    sink: Sink, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(message: Message, now: object) -> bool:
        raise SystemExit

    monkeypatch.setattr(in_hand, "mark_sent", die)
    now = NOW
    for _ in range(6):
        try:
            deliver(now)
        except SystemExit:
            pass
        now += limits.mail.MAIL_LEASE + MINUTE
    assert len(sink.taken) == 3
    failed = _fresh(message)
    assert (failed.state, failed.problem) == (
        "failed",
        "The mail server got it 3 times and never said whether it has it. It may have arrived.",
    )


def test_anyone_who_has_lost_the_lease_hands_nothing_over(sink: Sink, message: Message) -> None:
    [slow] = in_hand.claim(now=NOW, worker="slow")
    now = NOW + limits.mail.MAIL_LEASE + MINUTE
    [later] = in_hand.claim(now=now, worker="other")
    assert message.request is not None
    version = message.request.version
    assert not in_hand.begin(slow, version, now=NOW)
    assert in_hand.begin(later, version, now=now)
    assert not in_hand.begin(slow, version, now=now)
    assert _fresh(message).unanswered == 1


@contextmanager
def _trickling() -> Iterator[int]:
    """A server that says one letter of its greeting now and then: no single wait is too long, and it never ends."""
    over = threading.Event()

    def serve(door: socket.socket) -> None:
        caller, _ = door.accept()
        with caller:
            while not over.wait(0.02):
                try:
                    caller.send(b"2")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, args=(door,), daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            over.set()
            thread.join(10)


def test_a_conversation_ends_however_slowly_the_server_talks(
    sink: Sink, message: Message, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.mail, "MAIL_CONVERSATION", timedelta(seconds=0.4))
    began = time.monotonic()
    with _trickling() as port:
        settings.EMAIL_PORT = port
        deliver(NOW)
    assert time.monotonic() - began < 60  # without an end it takes as long as the greeting's line may be
    waiting = _fresh(message)
    assert (waiting.state, waiting.unanswered) == ("queued", 0)


def test_a_lease_outlasts_every_conversation() -> None:
    assert limits.mail.MAIL_CONVERSATION + timedelta(seconds=30) <= limits.mail.MAIL_LEASE
