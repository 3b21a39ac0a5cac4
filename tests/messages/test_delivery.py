"""A mail that is due reaches a real mail server, and what the server answers decides what happens next."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from pytest_django import Settings

from bookings import links
from bookings.messages import send
from bookings.models import Message, WorkerBeat
from tests.factories import NOW, at
from tests.messages.examples import deliver, due, only, queued
from tests.messages.sink import Script, Sink

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def message() -> Message:
    return only(queued("received"))


def _fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def _says(step: str, answer: str, *, to: str = "") -> Script:
    """At this step, to this recipient (or everybody), the server answers like this."""
    return lambda at_step, recipient: answer if at_step == step and to in ("", recipient) else None


def test_it_works(sink: Sink, message: Message) -> None:
    assert deliver(NOW) == 1
    [taken] = sink.taken
    assert (taken.sender, taken.to) == ("appointments@example.org", [message.to])
    sent = _fresh(message)
    assert (sent.state, sent.sent_at, sent.attempts, sent.problem) == ("sent", NOW, 1, "")
    assert message.request is not None
    assert sent.subject == f"Open by 9:30am to keep Thursday 3 December, 10am ({message.request.reference})"
    assert taken.mail["Subject"] == sent.subject
    assert deliver(NOW + MINUTE) == 0
    assert len(sink.taken) == 1


def test_the_link_in_the_mail_opens_the_request(sink: Sink, message: Message) -> None:
    deliver(NOW)
    text = sink.taken[0].mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has a text
    token = text.split("/consultations/open/")[1].split("/")[0]
    link = links.find(token, NOW)
    assert link is not None and link.request == message.request
    # The database holds neither the token nor the address that it makes.
    assert token not in _fresh(message).body


@pytest.mark.parametrize("answer", ["450 mailbox busy", "451 try later", "421 closing"])
@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_a_server_that_is_busy_gets_it_later(sink: Sink, message: Message, step: str, answer: str) -> None:
    sink.script = _says(step, answer)
    deliver(NOW)
    waiting = _fresh(message)
    assert (waiting.state, waiting.not_before) == ("queued", NOW + timedelta(seconds=30))
    assert answer[:3] in waiting.problem or "hung up" in waiting.problem
    sink.script = lambda step, to: None
    assert deliver(NOW + timedelta(seconds=29)) == 0
    assert deliver(NOW + timedelta(seconds=30)) == 1
    assert (_fresh(message).state, _fresh(message).problem, len(sink.taken)) == ("sent", "", 1)


@pytest.mark.parametrize(("step", "answer"), [("rcpt", "550 no such user"), ("data", "554 not wanted")])
def test_an_address_that_is_refused_for_good_fails_at_once(
    sink: Sink, message: Message, step: str, answer: str
) -> None:
    sink.script = _says(step, answer)
    deliver(NOW)
    failed = _fresh(message)
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert answer[:3] in failed.problem
    assert message.to not in failed.problem
    assert "no such user" not in failed.problem


def test_our_own_address_refused_is_our_fault_and_is_tried_again(sink: Sink, message: Message) -> None:
    sink.script = _says("mail", "553 not you")
    deliver(NOW)
    assert _fresh(message).state == "queued"


def test_nobody_listening_is_tried_again(sink: Sink, message: Message, settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = unused.getsockname()[1]
        deliver(NOW)
    waiting = _fresh(message)
    assert (waiting.state, waiting.problem) == (
        "queued",
        "The mail server could not be reached (ConnectionRefusedError).",
    )


def test_a_server_that_hangs_is_left_after_the_timeout(
    sink: Sink, message: Message, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    sink.script = _says("rcpt", "hang")
    deliver(NOW)
    waiting = _fresh(message)
    assert waiting.state == "queued"
    assert waiting.problem in ("The mail server did not answer in time.", "The mail server hung up.")


@pytest.mark.parametrize("step", ["data", "taken"])
def test_a_server_that_hangs_up_gets_the_same_mail_again(sink: Sink, message: Message, step: str) -> None:
    sink.script = _says(step, "drop")
    deliver(NOW)
    assert _fresh(message).state == "queued"
    sink.script = lambda step, to: None
    deliver(NOW + MINUTE)
    assert _fresh(message).state == "sent"
    # Taken without our knowing: then twice, but the same to the last byte, so that a mail program shows one.
    assert len(sink.taken) == (2 if step == "taken" else 1)
    assert len({taken.raw for taken in sink.taken}) == 1
    assert set(sink.ids()) == {message.message_id}


@pytest.mark.parametrize("offered", [False, True], ids=["not offered", "offered, then refused"])
def test_without_encryption_nothing_is_said(
    sink: Sink, message: Message, settings: Settings, offered: bool
) -> None:
    settings.EMAIL_USE_TLS, sink.offers_tls = True, offered
    deliver(NOW)
    assert _fresh(message).state == "queued"
    assert set(sink.steps) == {"ehlo"}


def test_one_bad_mail_does_not_hold_up_the_others(sink: Sink) -> None:
    bad, good = queued("received"), queued("received", start=at(3, 11))
    Message.objects.exclude(pk__in=[bad.pk, good.pk]).delete()
    sink.script = _says("rcpt", "450 busy", to=bad.to)
    deliver(NOW)
    assert (_fresh(bad).state, _fresh(good).state) == ("queued", "sent")


@pytest.mark.parametrize(
    ("column", "value", "state"),
    [
        ("facts", {"held_until": "not a time"}, "queued"),
        ("kind", "no-such-kind", "queued"),
        ("to", "two@example.org, more@example.org", "dropped"),
    ],
)
def test_a_row_that_cannot_be_made_into_a_mail_stops_nobody(
    sink: Sink, column: str, value: object, state: str
) -> None:
    bad, good = queued("received"), queued("received", start=at(3, 11))
    Message.objects.exclude(pk__in=[bad.pk, good.pk]).delete()
    Message.objects.filter(pk=bad.pk).update(**{column: value})
    deliver(NOW)
    assert (_fresh(bad).state, _fresh(good).state) == (state, "sent")


def test_a_body_under_a_lost_key_stops_nobody(sink: Sink, settings: Settings) -> None:
    bad, good = queued("received"), queued("received", start=at(3, 11))
    Message.objects.exclude(pk__in=[bad.pk, good.pk]).delete()
    Message.objects.filter(pk=bad.pk).update(body="rendered under a key that is gone")
    settings.FIELD_KEYS = ["MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="]
    # The good one's own body is not rendered yet, so it needs no old key. Its request holds none either.
    deliver(NOW)
    assert (_fresh_state(bad), _fresh_state(good)) == ("queued", "sent")


def _fresh_state(message: Message) -> str:
    return Message.objects.values_list("state", flat=True).get(pk=message.pk)


def test_everything_goes_within_one_wait_after_four_hours_of_outage(sink: Sink) -> None:
    rows = [queued("received"), queued("received", start=at(3, 11)), queued("received", start=at(3, 12))]
    Message.objects.exclude(pk__in=[row.pk for row in rows]).delete()
    sink.script = _says("mail", "451 try later")
    now = NOW
    while now < NOW + timedelta(hours=4):
        deliver(now)
        now += 5 * MINUTE
    assert {_fresh(row).state for row in rows} == {"queued"}
    sink.script = lambda step, to: None
    while now <= NOW + timedelta(hours=5):
        deliver(now)
        now += 5 * MINUTE
    assert {_fresh(row).state for row in rows} == {"sent"}
    assert sorted(sink.ids()) == sorted(row.message_id for row in rows)


def test_reminders_wait_for_their_time(sink: Sink) -> None:
    message = only(queued("reminder_2h"))
    assert deliver(at(3, 7, 59)) == 0
    assert deliver(due(message)) == 1
    # Two workers at once, or the same one twice: one reminder.
    assert deliver(due(message)) == 0
    assert len(sink.taken) == 1


def test_no_personal_data_in_the_log(sink: Sink, message: Message, caplog: pytest.LogCaptureFixture) -> None:
    sink.script = _says("rcpt", "550 <cleo@example.org> unknown")
    deliver(NOW)
    assert "was not sent" in caplog.text
    assert "@" not in caplog.text


def test_readyz_hears_of_a_silent_worker() -> None:
    assert send.worker_state(NOW) == "never"
    send.beat("one", NOW - timedelta(hours=1))
    assert send.worker_state(NOW) == "silent"
    send.beat("two", NOW - MINUTE)
    assert send.worker_state(NOW) == "ok"


def test_readyz_hears_of_a_worker_whose_mails_are_stuck() -> None:
    """Its clock goes, and says so every two seconds; nobody looks at the mails any more."""
    send.beat("one", NOW)
    send.beat_of_mails("one", NOW)
    for minutes in range(1, 7):
        send.beat("one", NOW + minutes * MINUTE)
    assert send.worker_state(NOW + 5 * MINUTE) == "ok"
    assert send.worker_state(NOW + 6 * MINUTE) == "stuck"
    send.beat("two", NOW + 6 * MINUTE)
    assert send.worker_state(NOW + 6 * MINUTE) == "ok"  # another one does
    assert send.worker_state(NOW + 20 * MINUTE) == "silent"


def test_a_worker_from_before_the_mails_had_a_sign_of_life_is_no_stuck_one() -> None:
    WorkerBeat.objects.create(name="old", at=NOW)
    assert send.worker_state(NOW) == "ok"
