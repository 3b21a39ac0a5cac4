"""The outbox says that a mail waits so that it can be taken back, and lets it go at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from bookings import in_hand, slot_text
from bookings.models import Message, Undo
from tests import factories as make
from tests.desk.pages import OUTBOX, html, message_page, page_of, say, typed, words

pytestmark = pytest.mark.once
RIGHTS = (*make.DEE, "bookings.send_again")


@pytest.fixture
def fay() -> Client:
    client = Client()
    client.force_login(make.staff("Fay Holt", *RIGHTS))
    return client


@pytest.fixture
def waits(settings: Settings, fay: Client) -> Message:
    settings.UNDO_MINUTES = 3
    consultation = make.submitted()
    assert say(fay, consultation, "confirm", **typed("confirm")).status_code == 303
    return consultation.messages.get(kind="confirmed")


def test_the_list_and_the_page_say_why_it_waits(fay: Client, waits: Message) -> None:
    assert "Waits until 09:03, so that it can be taken back" in words(fay.get(f"{OUTBOX}?tab=going"))
    page = fay.get(message_page(waits))
    assert "it waits so that it can be taken back" in words(page)
    assert "Send now" in html(page)


def test_the_preview_is_the_mail_that_goes_while_the_first_still_waits(fay: Client, waits: Message) -> None:
    """Confirmed a moment ago: a move is a confirmation then, and a cancellation is of a time that was never told."""
    cleo = waits.request
    assert cleo is not None
    moved = words(
        say(fay, cleo, "reschedule", preview="reschedule", slot=slot_text.of(make.slot(make.at(8, 10))))
    )
    assert "Exactly what goes to them" in moved
    assert "Your consultation is booked." in moved
    assert "has moved." not in moved
    gone = words(say(fay, cleo, "cancel", preview="cancel", reason="practitioner_away", text=""))
    assert "We cannot keep a time for you." in gone


def test_sent_now_it_goes_and_cannot_be_taken_back(fay: Client, waits: Message) -> None:
    done = fay.post(message_page(waits))
    assert "It waits no longer" in words(fay.get(done["Location"]))
    assert not Undo.objects.exists()
    assert waits.request is not None
    assert 'class="undo-bar"' not in html(fay.get(page_of(waits.request)))
    assert in_hand.claim(now=make.NOW, worker="w")
    waits.refresh_from_db()
    assert waits.not_before == make.NOW


def test_it_needs_the_right_to_send(dee: Client, waits: Message) -> None:
    assert "Send now" not in html(dee.get(message_page(waits)))
    assert dee.post(message_page(waits)).status_code == 403
    assert Undo.objects.exists()


def test_one_queued_by_a_clock_that_was_ahead_is_not_late_by_as_much(waits: Message) -> None:
    wait, year = timedelta(minutes=3), timedelta(days=365)
    Message.objects.exclude(pk=waits.pk).update(state="sent")
    Message.objects.filter(pk=waits.pk).update(created_at=make.NOW + year, not_before=make.NOW + year + wait)
    assert in_hand.claim(now=make.NOW, worker="w") == [waits]
