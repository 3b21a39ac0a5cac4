"""Who goes next: fresh mails do not wait behind a backlog, retries are not forgotten, and a server gets so many a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from bookings import outbox
from bookings.models import ConsultationRequest, Message
from tests.factories import NOW, submitted
from tests.messages.examples import deliver
from tests.messages.sink import Sink

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def cleo() -> ConsultationRequest:
    consultation = submitted()
    consultation.messages.all().delete()
    return consultation


def fresh(cleo: ConsultationRequest, count: int) -> list[str]:
    return [outbox.queue(cleo, "assessing", now=NOW).message_id for _ in range(count)]


def backlog(cleo: ConsultationRequest, count: int) -> list[str]:
    """Mails that were tried before, and have all been due again for an hour."""
    ids = fresh(cleo, count)
    Message.objects.filter(message_id__in=ids).update(attempts=4, not_before=NOW - HOUR)
    return ids


def test_a_fresh_mail_goes_before_a_backlog(sink: Sink, cleo: ConsultationRequest) -> None:
    waiting = backlog(cleo, 12)
    [new] = fresh(cleo, 1)
    deliver(NOW, limit=1)
    assert sink.ids() == [new]
    deliver(NOW, limit=12)
    assert sorted(sink.ids()[1:]) == sorted(waiting)


def test_retries_have_every_second_turn(sink: Sink, cleo: ConsultationRequest) -> None:
    old, new = backlog(cleo, 5), fresh(cleo, 9)
    deliver(NOW, limit=10)
    assert [one in new for one in sink.ids()] == [True, False] * 5
    assert sorted(one for one in sink.ids() if one in old) == sorted(old)


def test_so_many_mails_a_minute_go_to_a_server(
    sink: Sink, cleo: ConsultationRequest, settings: Settings
) -> None:
    settings.EMAIL_RATE = 3
    fresh(cleo, 8)
    for seconds in range(0, 60, 2):
        deliver(NOW + seconds * SECOND)
    assert len(sink.taken) == 3
    deliver(NOW + MINUTE)
    deliver(NOW + MINUTE)
    assert len(sink.taken) == 6
    assert (
        Message.objects.filter(state="queued", attempts=0).count() == 2
    )  # whatever waits for a turn has not been tried
    deliver(NOW + 2 * MINUTE)
    assert len(sink.taken) == 8


def test_what_does_not_go_uses_up_no_turn(sink: Sink, cleo: ConsultationRequest, settings: Settings) -> None:
    settings.EMAIL_RATE = 2
    for _ in range(5):
        deliver(NOW)  # nothing is due
    for _ in range(4):
        outbox.queue(cleo, "lapsed", now=NOW - SECOND)  # no longer true
    fresh(cleo, 3)
    deliver(NOW)
    assert len(sink.taken) == 2
    # The one that had to wait is as it was, and first next time.
    waiting = Message.objects.get(state="queued")
    assert (waiting.attempts, waiting.leased_by, waiting.not_before) == (0, "", NOW)


def test_no_limit_is_a_limit_of_nothing(sink: Sink, cleo: ConsultationRequest, settings: Settings) -> None:
    settings.EMAIL_RATE = 0
    fresh(cleo, 12)
    assert deliver(NOW) == 12
