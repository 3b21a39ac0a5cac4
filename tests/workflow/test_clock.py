"""What time alone brings about besides holds and offers: what has served its purpose goes, the rest stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from bookings import clock, limits
from bookings.models import ConsultationRequest, Draft, Event, Message, Note
from bookings.states import Status
from bookings.workflow import intake, undo
from bookings.workflow.core import Actor, Origin
from clinic.foundation.written_once import lifted
from tests.factories import NOW, at, in_state, staff, submitted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_what_a_bot_guard_caught_goes_after_thirty_days_and_no_sooner() -> None:
    in_state(Status.SUSPECTED)
    kept = submitted()
    assert clock.tick(NOW + 30 * DAY - timedelta(minutes=1))["suspected_purged"] == 0
    assert clock.tick(NOW + 30 * DAY)["suspected_purged"] == 1
    assert ConsultationRequest.objects.get() == kept
    assert clock.tick(NOW + 30 * DAY)["suspected_purged"] == 0


def test_one_that_was_rescued_by_mistake_is_erased_with_them_and_its_history_stays(
    settings: Settings,
) -> None:
    """The database keeps the history of whatever was anything but suspected, also for a minute."""
    settings.UNDO_MINUTES = 3
    spam, rescued = in_state(Status.SUSPECTED), in_state(Status.SUSPECTED)
    dee = Actor.staff(staff())
    undo.undo(intake.rescue(rescued, Origin(dee, NOW)), Origin(dee, NOW + timedelta(minutes=1)))
    settings.UNDO_MINUTES = 0
    assert clock.tick(NOW + 30 * DAY - timedelta(minutes=1))["erased"] == 0
    done = clock.tick(NOW + 30 * DAY)
    assert (done["suspected_purged"], done["erased"]) == (1, 1)
    assert not ConsultationRequest.objects.filter(pk=spam.pk).exists()
    rescued.refresh_from_db()
    assert (rescued.name, rescued.status) == ("Erased", "suspected")
    assert [event.verb for event in rescued.events.all()] == ["submit", "rescue", "undo", "erase"]
    done = clock.tick(NOW + 31 * DAY)
    assert (done["suspected_purged"], done["erased"]) == (0, 0)


@pytest.mark.parametrize(
    "status",
    [Status.DECLINED, Status.WITHDRAWN, Status.LAPSED, Status.CANCELLED, Status.NO_SHOW],
    ids=str,
)
def test_a_request_that_led_to_no_visit_is_erased_after_six_months(status: Status) -> None:
    cleo = in_state(status)
    assert cleo.closed_at is not None
    due = cleo.closed_at + limits.retention.UNCONVERTED_DAYS * DAY
    assert clock.tick(due - timedelta(minutes=1))["erased"] == 0
    assert clock.tick(due)["erased"] == 1
    cleo.refresh_from_db()
    assert (cleo.status, cleo.erased_at, cleo.name) == (status, due, "Erased")
    assert not Note.objects.exists()
    assert clock.tick(due)["erased"] == 0


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.ATTENDED], ids=str)
def test_a_request_that_led_to_a_visit_is_not_erased_then(status: Status) -> None:
    in_state(status)
    assert clock.tick(NOW + 2 * limits.retention.UNCONVERTED_DAYS * DAY)["erased"] == 0


def test_the_record_of_a_visit_goes_after_eight_years() -> None:
    cleo = in_state(Status.ATTENDED)
    assert cleo.closed_at is not None
    over = cleo.closed_at.replace(year=cleo.closed_at.year + 8)
    with lifted(Event):  # which is kept by the database's own clock
        assert clock.tick(over - 2 * DAY)["erased"] == 0
        assert clock.tick(over + 2 * DAY)["erased"] == 1


def test_one_broken_row_does_not_stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = submitted(start=at(3, 10)), submitted(start=at(3, 11))
    whole = intake.release_time

    def broken(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
        if consultation.pk == first.pk:
            raise RuntimeError("a row that nothing can be done with")
        return whole(consultation, origin)

    monkeypatch.setattr(intake, "release_time", broken)
    assert clock.tick(NOW + timedelta(hours=1))["released"] == 1
    second.refresh_from_db()
    assert second.hold_until is None


def test_two_workers_at_once_do_everything_once() -> None:
    """The second has found the same rows; the verb that it calls too is refused, and nothing is written twice."""
    cleo = submitted(start=at(3, 10))
    due = list(clock.holds((NOW + timedelta(hours=1),), 9))
    assert clock.tick(NOW + timedelta(hours=1))["released"] == 1
    assert clock._call_each(intake.release_time, due, NOW + timedelta(hours=1)) == 0
    assert cleo.events.filter(verb="release_time").count() == 1


@pytest.mark.parametrize(
    ("state", "sent"), [("sent", True), ("kept", True), ("failed", False), ("dropped", False)]
)
def test_the_text_of_a_mail_goes_after_six_months_whatever_came_of_it(state: str, sent: bool) -> None:
    cleo = submitted(start=None)
    cleo.messages.update(state=state, body="text", subject="subject", sent_at=NOW if sent else None)
    due = NOW + limits.retention.MESSAGE_BODY_DAYS * DAY
    clock.tick(due - timedelta(minutes=1))
    assert Message.objects.get().body == "text"
    clock.tick(due)
    assert (Message.objects.get().body, Message.objects.get().subject) == ("", "")


def test_a_mail_that_still_waits_keeps_its_text() -> None:
    cleo = submitted(start=None)
    cleo.messages.update(body="text", subject="subject")
    clock.tick(NOW + limits.retention.MESSAGE_BODY_DAYS * DAY)
    assert Message.objects.get().body == "text"


def test_a_draft_goes_when_its_hour_is_over() -> None:
    Draft.objects.create(owner="x", data={}, started_at=NOW, expires_at=NOW + timedelta(hours=1))
    clock.tick(NOW + timedelta(minutes=59))
    assert Draft.objects.exists()
    clock.tick(NOW + timedelta(hours=1))
    assert not Draft.objects.exists()
