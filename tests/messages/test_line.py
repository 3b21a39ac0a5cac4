"""Many mails go over one connection, one after the other; what goes wrong with one changes nothing for the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import outbox
from bookings.models import Message
from bookings.states import Status
from tests.factories import NOW, in_state
from tests.messages.examples import deliver
from tests.messages.sink import Script, Sink

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def mails() -> list[Message]:
    """Three that are due, in the order in which they go."""
    consultation = in_state(Status.CONFIRMED)
    Message.objects.all().delete()
    return [outbox.queue(consultation, "new_link", now=NOW, by_staff=True) for _ in range(3)]


def _second_time(sink: Sink, step: str, answer: str) -> Script:
    """The server answers like this at the second mail's step, once."""
    return lambda at_step, to: answer if at_step == step and sink.steps.count(step) == 2 else None


def _states() -> list[tuple[str, int, int]]:
    return list(Message.objects.order_by("pk").values_list("state", "attempts", "unanswered"))


def test_one_connection_does_for_all(sink: Sink, mails: list[Message]) -> None:
    assert deliver(NOW) == 3
    assert sink.steps == ["ehlo", *["mail", "rcpt", "data", "taken"] * 3]
    assert sink.ids() == [mail.message_id for mail in mails]


@pytest.mark.parametrize("answer", ["421 enough for one connection", "451 not now"])
def test_a_server_that_wants_no_more_on_one_connection_gets_the_next_on_another(
    sink: Sink, mails: list[Message], answer: str
) -> None:
    sink.script = _second_time(sink, "mail", answer)
    assert deliver(NOW) == 3
    assert sink.steps.count("ehlo") == 2
    assert sink.ids() == [mail.message_id for mail in mails]
    assert _states() == [("sent", 1, 0)] * 3


@pytest.mark.parametrize(
    ("step", "answer", "outcome", "in_the_end"),
    [
        ("rcpt", "550 no such user", ("failed", 1, 0), 2),
        ("rcpt", "450 mailbox busy", ("queued", 1, 0), 3),
        ("data", "451 try later", ("queued", 1, 0), 3),
        ("data", "drop", ("queued", 1, 1), 3),
        ("taken", "drop", ("queued", 1, 1), 4),
    ],
)
def test_what_goes_wrong_with_one_is_its_own(
    sink: Sink, mails: list[Message], step: str, answer: str, outcome: tuple[str, int, int], in_the_end: int
) -> None:
    """A connection that ends midway loses no mail, and only what the server may have goes a second time."""
    sink.script = _second_time(sink, step, answer)
    assert deliver(NOW) == 3
    assert _states().count(("sent", 1, 0)) == 2
    assert _states().count(outcome) == 1
    assert sink.steps.count("ehlo") == 2
    deliver(LATER)
    assert len(sink.taken) == in_the_end
    assert len(set(sink.ids())) == min(in_the_end, 3)
