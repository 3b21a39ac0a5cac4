"""A value that no key of this server opens: its page says so and works, its mail waits, and nothing overwrites it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.test import Client
from pytest_django import Settings

from bookings import limits, outbox
from bookings.messages import render, send
from bookings.models import Draft, Message
from bookings.states import Status
from bookings.workflow import desk, erasure
from bookings.workflow.core import Actor, Origin
from clinic.foundation.crypto import SEALED_WORDS
from tests import factories as make
from tests.client import walk
from tests.desk.pages import message_page, page_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MINE = "/consultations/mine/"
OTHER = [Fernet.generate_key().decode()]


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    walk.clinic()
    with time_machine.travel(make.NOW, tick=False):
        yield


def dee() -> Client:
    browser = Client()
    browser.force_login(make.staff())
    return browser


@pytest.mark.parametrize("status", ["waiting", "confirmed"])
def test_the_page_of_a_request_says_so_and_works(
    settings: Settings, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    consultation = make.in_state(status, answers=make.submission().answers | {"applies": ["bleeding"]})
    desk.note(consultation, Origin(Actor.staff(make.staff()), make.NOW), text="rang twice")
    settings.FIELD_KEYS, own = OTHER, settings.FIELD_KEYS
    page = words(dee().get(page_of(consultation)))
    assert page.count(SEALED_WORDS) >= 2  # the answers, and the note in the history
    assert "Cleo Marsh" in page and "rang twice" not in page
    assert f"bookings.answers {consultation.answers.pk}: its data opens with none" in caplog.text
    settings.FIELD_KEYS = own
    again = words(dee().get(page_of(consultation)))
    assert SEALED_WORDS not in again and "rang twice" in again


def test_it_can_still_be_answered_and_erased(settings: Settings) -> None:
    consultation = make.in_state(Status.WAITING)
    settings.FIELD_KEYS = OTHER
    consultation = desk.note(consultation, Origin(Actor.staff(make.staff()), make.NOW), text="rang")
    erasure.erase(consultation, Origin(Actor.staff(make.staff()), make.NOW))
    assert not consultation.notes.exists()


def test_the_clients_page_says_so_and_works(settings: Settings) -> None:
    consultation = make.in_state(Status.WAITING)
    browser = walk.signed_in(consultation)
    consultation.refresh_from_db()
    browser.post(f"{MINE}answer/", {"version": consultation.version, "text": " "})  # kept, to be put right
    settings.FIELD_KEYS, own = OTHER, settings.FIELD_KEYS
    response = browser.get(MINE)
    page = walk.text(response)
    assert response.status_code == 200
    assert SEALED_WORDS in page  # in the place of our question
    assert "It is what you typed into a form here" in page
    settings.FIELD_KEYS = own
    assert "Do you still get spots?" in walk.text(browser.get(MINE))


@pytest.mark.parametrize("address", ["request/you/", "request/check/"])
def test_a_draft_is_neither_lost_nor_written_over(settings: Settings, address: str) -> None:
    browser = Client(REMOTE_ADDR=walk.HERE)
    draft = walk.to_check(browser)
    before = Draft.objects.get(pk=draft).data
    settings.FIELD_KEYS, own = OTHER, settings.FIELD_KEYS
    for response in (
        browser.get(f"/consultations/{address}?d={draft}"),
        browser.post(f"/consultations/{address}?d={draft}", {"name": "Cleo Marsh"}),
    ):
        assert response.status_code == 503
        page = walk.text(response)
        assert "could not be opened with the keys that this server has" in page
    assert 'value="Cleo Marsh"' in response.content.decode()  # what was typed just now can be sent again
    settings.FIELD_KEYS = own
    assert Draft.objects.get(pk=draft).data == before


def test_a_mail_waits_until_it_can_be_opened(settings: Settings) -> None:
    consultation = make.submitted()
    consultation.messages.exclude(kind="received").delete()
    message = consultation.messages.get()
    Message.objects.filter(pk=message.pk).update(body=render.render(message, now=make.NOW).raw.decode())
    settings.FIELD_KEYS, own = OTHER, settings.FIELD_KEYS
    assert send.send_due(lambda: make.NOW, "one") == 1
    message.refresh_from_db(fields=["state", "problem", "not_before"])
    assert (message.state, message.problem) == ("queued", SEALED_WORDS)
    page = dee().get(message_page(message))
    assert SEALED_WORDS in words(page)
    settings.FIELD_KEYS = own
    later = message.not_before + timedelta(seconds=1)
    assert send.send_due(lambda: later, "one") == 1
    assert Message.objects.get().state == "kept"


def test_given_up_after_a_day_it_can_be_sent_again(settings: Settings) -> None:
    consultation = make.submitted()
    consultation.messages.exclude(kind="received").delete()
    Message.objects.update(body="a mail", attempts=limits.mail.MAIL_TRIES - 1)
    settings.FIELD_KEYS = OTHER
    send.send_due(lambda: make.NOW + timedelta(days=1), "one")
    message = Message.objects.defer("body").get()
    assert message.state == "failed" and SEALED_WORDS in message.problem
    assert outbox.send_again(message, now=make.NOW)
