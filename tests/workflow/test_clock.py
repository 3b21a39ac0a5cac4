"""What time alone brings about besides holds and offers: what has served goes, what has not stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import clock
from bookings.models import ConsultationRequest, Draft, Message, Note
from bookings.table import Status
from tests.factories import NOW, in_state, submitted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_what_a_bot_guard_caught_goes_after_thirty_days_and_no_sooner() -> None:
    in_state(Status.SUSPECTED)
    kept = submitted()
    assert clock.tick(NOW + 30 * DAY - timedelta(minutes=1))["suspected_purged"] == 0
    assert clock.tick(NOW + 30 * DAY)["suspected_purged"] == 1
    assert ConsultationRequest.objects.get() == kept
    assert clock.tick(NOW + 30 * DAY)["suspected_purged"] == 0


@pytest.mark.parametrize(
    "status", [Status.DECLINED, Status.WITHDRAWN, Status.LAPSED, Status.CANCELLED], ids=str
)
def test_a_request_that_led_to_no_visit_is_erased_after_six_months(status: Status) -> None:
    row = in_state(status)
    assert row.closed_at is not None
    due = row.closed_at + clock.UNCONVERTED_DAYS * DAY
    assert clock.tick(due - timedelta(minutes=1))["erased"] == 0
    assert clock.tick(due)["erased"] == 1
    row.refresh_from_db()
    assert (row.status, row.erased_at, row.name) == (status, due, "Erased")
    assert not Note.objects.exists()
    assert clock.tick(due)["erased"] == 0


@pytest.mark.parametrize("status", [Status.NEW, Status.CONFIRMED, Status.ATTENDED, Status.NO_SHOW], ids=str)
def test_a_request_that_is_open_or_led_to_a_visit_is_not_erased_by_the_clock(status: Status) -> None:
    in_state(status)
    assert clock.tick(NOW + 2 * clock.UNCONVERTED_DAYS * DAY)["erased"] == 0


@pytest.mark.parametrize(
    ("state", "sent"), [("sent", True), ("kept", True), ("failed", False), ("dropped", False)]
)
def test_the_text_of_a_mail_goes_after_six_months_whatever_came_of_it(state: str, sent: bool) -> None:
    row = submitted(start=None)
    row.messages.update(state=state, body="text", subject="subject", sent_at=NOW if sent else None)
    due = NOW + clock.MESSAGE_BODY_DAYS * DAY
    clock.tick(due - timedelta(minutes=1))
    assert Message.objects.get().body == "text"
    clock.tick(due)
    assert (Message.objects.get().body, Message.objects.get().subject) == ("", "")


def test_a_mail_that_still_waits_keeps_its_text() -> None:
    row = submitted(start=None)
    row.messages.update(body="text", subject="subject")
    clock.tick(NOW + clock.MESSAGE_BODY_DAYS * DAY)
    assert Message.objects.get().body == "text"


def test_a_draft_goes_when_its_hour_is_over() -> None:
    Draft.objects.create(owner="x", data={}, started_at=NOW, expires_at=NOW + timedelta(hours=1))
    clock.tick(NOW + timedelta(minutes=59))
    assert Draft.objects.exists()
    clock.tick(NOW + timedelta(hours=1))
    assert not Draft.objects.exists()
