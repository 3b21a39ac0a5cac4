"""What /readyz says about the mails, the worker and the keys: numbers and words, and nothing about anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bookings import outbox
from bookings.messages import pulse, send
from bookings.models import Message
from clinic import health
from tests.factories import NOW, submitted

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LINES = ["clock", "keys", "last_tick_seconds", "mail", "mail_waits_seconds", "mails_failed", "worker"]


def test_the_mail_that_has_been_due_longest_counts() -> None:
    consultation = submitted()
    consultation.messages.all().delete()
    assert pulse.mail_waits(NOW) is None
    outbox.queue(consultation, "assessing", now=NOW, not_before=NOW + timedelta(days=2))
    assert pulse.mail_waits(NOW + SECOND) is None
    outbox.queue(consultation, "assessing", now=NOW)
    outbox.queue(consultation, "assessing", now=NOW + 60 * SECOND)
    assert pulse.mail_waits(NOW + 90 * SECOND) == 90
    assert (
        pulse.mail_waits(NOW - 90 * SECOND) == 0
    )  # due whatever the clock says, and never for less than no time
    Message.objects.filter(state="queued").update(state="sent")
    assert pulse.mail_waits(NOW + 90 * SECOND) is None


def test_failed_mails_are_counted() -> None:
    consultation = submitted()
    assert pulse.mails_failed() == 0
    consultation.messages.update(state="failed")
    assert pulse.mails_failed() == consultation.messages.count() > 0


def test_the_last_tick_is_the_newest_and_none_from_the_future() -> None:
    assert pulse.last_tick(NOW) is None
    send.beat("one", NOW)
    send.beat("two", NOW - timedelta(hours=1))
    assert pulse.last_tick(NOW + 5 * SECOND) == 5
    send.beat("ahead by a little", NOW + 9 * SECOND)
    assert pulse.last_tick(NOW + 5 * SECOND) == 0
    send.beat("ahead by a day", NOW + timedelta(days=1))
    assert pulse.last_tick(NOW + 60 * SECOND) == 51


def test_readyz_says_all_of_it_and_stays_ready(settings: Settings) -> None:
    consultation = submitted(now=timezone.now())
    consultation.messages.filter(kind="received").update(state="failed")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    response = Client().get("/readyz")
    shown = response.json()
    assert response.status_code == 200
    assert sorted(shown.keys() - {"database", "migrations"}) == LINES
    assert (shown["keys"], shown["mails_failed"], shown["last_tick_seconds"]) == ("unreadable", 1, None)


def test_a_line_that_cannot_be_made_takes_nothing_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> str:
        raise RuntimeError("cleo@example.org")

    monkeypatch.setitem(health._reports, "worker", breaks)
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["worker"] == "unknown"
