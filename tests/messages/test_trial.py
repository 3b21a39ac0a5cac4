"""With no mail server set nothing leaves the machine: mails are kept, and the admin shows them with their links."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from bookings import links
from bookings.messages import send
from bookings.models import Message
from tests.factories import NOW
from tests.messages.examples import EVERY, deliver, due, only, queued
from tests.messages.sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trial(settings: Settings) -> None:
    settings.EMAIL_HOST = ""


def _kept(what: str) -> Message:
    message = only(queued(what))
    assert deliver(due(message)) == 1
    return Message.objects.get(pk=message.pk)


def test_a_newcomer_reads_the_mail_and_follows_its_link() -> None:
    message = _kept("received")
    assert (message.state, message.sent_at) == ("kept", due(message))
    shown = send.readable(message)
    assert shown.to == message.to
    assert shown.link in shown.text and shown.link in shown.html
    found = links.find(shown.link.split("/")[-2], NOW)
    assert found is not None and found.request == message.request


@pytest.mark.once
@pytest.mark.parametrize("what", EVERY)
def test_every_kind_can_be_read(what: str) -> None:
    shown = send.readable(_kept(what))
    assert shown.subject and shown.text and "<html" in shown.html
    assert "@@" not in shown.text + shown.html


def test_a_kept_mail_is_kept_once() -> None:
    _kept("received")
    assert deliver(NOW) == 0


def test_a_mail_that_was_really_sent_does_not_let_staff_in(sink: Sink, settings: Settings) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    message = _kept("received")
    assert message.state == "sent"
    shown = send.readable(message)
    assert shown.link == ""
    assert "/consultations/open/" not in shown.text + shown.html
    assert "[the client's own link]" in shown.text
