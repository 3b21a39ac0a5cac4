"""The outbox: what is due is claimed once, tried again for a day, and never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from bookings import in_hand, limits, outbox
from bookings.models import ConsultationRequest, Message
from tests.factories import NOW, at, in_state, submitted

pytestmark = pytest.mark.django_db
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def cleo() -> ConsultationRequest:
    """A request of Cleo's whose own messages are out of the way."""
    consultation = submitted()
    consultation.messages.all().delete()
    return consultation


def _queue(cleo: ConsultationRequest, **changes: object) -> Message:
    return outbox.queue(cleo, "new_link", now=NOW, **changes)  # type: ignore[arg-type]  # a test's own shorthand


def _claim(now: object = NOW, worker: str = "one") -> Message | None:
    found = in_hand.claim(now=now, worker=worker)  # type: ignore[arg-type]  # a test's own shorthand
    return found[0] if found else None


def test_a_message_goes_to_the_client_with_a_random_id(cleo: ConsultationRequest) -> None:
    first, second = _queue(cleo), _queue(cleo)
    assert (first.to, first.state, first.version) == (cleo.email, "queued", cleo.version)
    assert first.message_id != second.message_id
    assert cleo.email.split("@")[0] not in first.message_id
    assert first.message_id.endswith("@127.0.0.1>")


def test_an_alert_never_falls_back_to_the_client(cleo: ConsultationRequest) -> None:
    with pytest.raises(ValueError, match="nobody"):
        outbox.queue(cleo, "staff_alert", now=NOW)


def test_what_is_due_is_claimed_oldest_first_and_once(cleo: ConsultationRequest) -> None:
    later = _queue(cleo, not_before=NOW + HOUR)
    second = _queue(cleo, not_before=NOW - SECOND)
    first = _queue(cleo, not_before=NOW - 2 * SECOND)
    for worker, expected in (("one", first), ("two", second)):
        claimed = _claim(worker=worker)
        assert claimed == expected
        assert in_hand.mark_sent(claimed, now=NOW)
    assert _claim() is None
    assert _claim(NOW + HOUR) == later


def test_a_message_is_not_queued_when_the_verb_fails(cleo: ConsultationRequest) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        _queue(cleo)
        raise RuntimeError
    assert _claim() is None


def test_a_dead_workers_message_is_claimed_again_after_its_lease(cleo: ConsultationRequest) -> None:
    _queue(cleo)
    dead = _claim()
    assert dead is not None
    assert _claim(NOW + limits.mail.MAIL_LEASE, worker="two") is None
    again = _claim(NOW + limits.mail.MAIL_LEASE + SECOND, worker="two")
    assert again is not None and (again.pk, again.attempts) == (dead.pk, 2)
    # The first one was only slow. What it says now no longer counts.
    assert not in_hand.retry(dead, now=NOW, problem="slow")
    assert not in_hand.mark_sent(dead, now=NOW)
    assert in_hand.mark_sent(again, now=NOW)


def test_a_lease_lasts_longer_than_a_send_and_shorter_than_five_minutes(settings: Settings) -> None:
    timeout = timedelta(seconds=settings.EMAIL_TIMEOUT)
    assert 10 * timeout < limits.mail.MAIL_LEASE < timedelta(minutes=5)


def test_it_is_tried_again_after_growing_waits_for_a_day(cleo: ConsultationRequest) -> None:
    message, now, waits = _queue(cleo), NOW, []
    while (claimed := _claim(now)) is not None:
        assert in_hand.retry(claimed, now=now, problem="The mail server hung up.")
        message.refresh_from_db()
        if message.state == "failed":
            break
        waits.append(message.not_before - now)
        assert _claim(message.not_before - SECOND) is None
        now = message.not_before
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes[:7] == [0.5, 2, 5, 15, 30, 60, 60]
    assert timedelta(hours=24) <= now - NOW <= timedelta(hours=26)
    assert message.problem == "Gave up after a day of trying. The mail server hung up."


def test_a_message_that_kills_its_workers_fails_in_the_end(cleo: ConsultationRequest) -> None:
    message, now = _queue(cleo), NOW
    for _ in range(limits.mail.MAIL_TRIES):
        assert _claim(now) == message
        now += limits.mail.MAIL_LEASE + SECOND
    assert _claim(now) is None
    message.refresh_from_db()
    assert message.state == "failed"


def test_staff_send_a_failed_message_again_once(cleo: ConsultationRequest) -> None:
    message = _queue(cleo)
    claimed = _claim()
    assert claimed is not None
    assert not outbox.send_again(message, now=NOW)  # it has not failed
    in_hand.fail(claimed, now=NOW, problem="The mail server refused the address (550).")
    assert outbox.send_again(message, now=NOW + HOUR)
    assert not outbox.send_again(message, now=NOW + HOUR)
    again = _claim(NOW + HOUR)
    assert again is not None and (again.pk, again.attempts, again.message_id) == (
        message.pk,
        1,
        message.message_id,
    )


def test_withdrawing_drops_what_is_queued_and_nothing_else(cleo: ConsultationRequest) -> None:
    other = in_state("new", start=at(3, 11))
    mine, hers = _queue(cleo), other.messages.filter(kind="received").get()
    kept = outbox.queue(cleo, "reminder_2h", now=NOW)
    assert outbox.withdraw(cleo, ["new_link"], now=NOW, why="the visit was booked") == 1
    assert outbox.withdraw(cleo, ["new_link"], now=NOW, why="the visit was booked") == 0
    states = {row.pk: (row.state, row.problem) for row in Message.objects.all()}
    assert states[mine.pk] == ("dropped", "the visit was booked")
    assert states[kept.pk] == states[hers.pk] == ("queued", "")
    assert outbox.withdraw(cleo, None, now=NOW, why="closed") == 1


@pytest.mark.parametrize("jump", [-24 * HOUR, -HOUR, HOUR])
def test_a_clock_that_jumps_stalls_nothing_for_five_minutes(
    cleo: ConsultationRequest, jump: timedelta
) -> None:
    there = NOW + jump
    at_once, reminder = _queue(cleo), _queue(cleo, not_before=NOW + timedelta(days=9))
    assert _claim(there) == at_once
    # A worker died with it, on a clock that has since been set right.
    Message.objects.filter(pk=at_once.pk).update(lease_until=NOW + limits.mail.MAIL_LEASE)
    assert _claim(there + timedelta(minutes=5)) == at_once
    assert _claim(there + timedelta(minutes=5)) is None
    assert Message.objects.get(pk=reminder.pk).state == "queued"


def test_a_retry_waits_an_hour_at_most_after_a_clock_went_back_a_day(cleo: ConsultationRequest) -> None:
    _queue(cleo)
    claimed = _claim()
    assert claimed is not None
    in_hand.retry(claimed, now=NOW, problem="The mail server hung up.")
    assert _claim(NOW - timedelta(days=1)) == claimed
