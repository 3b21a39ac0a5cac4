"""Mails are made together and begun one by one: what happens in between stops them, as when each was made alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from bookings import in_hand, limits, mail_hold, outbox
from bookings.messages import batch, render
from bookings.messages.batch import Ready
from bookings.models import ClientLink, ConsultationRequest, Message
from bookings.workflow import contact, reply
from bookings.workflow.core import Actor, Origin
from content.models import ClinicProfile
from tests.factories import CLIENT, NOW, staff, submitted
from tests.messages.examples import deliver
from tests.messages.sink import Sink

pytestmark = pytest.mark.django_db
MINUTE, LONG = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def cleo() -> ConsultationRequest:
    consultation = submitted(email="cleo@example.org")
    consultation.messages.all().delete()
    return consultation


def _links(cleo: ConsultationRequest, count: int) -> list[Message]:
    return [outbox.queue(cleo, "new_link", now=NOW, by_staff=True) for _ in range(count)]


def _once_they_are_made(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let this happen once, between the making of a batch and its first mail."""
    made, left = batch.made, [happens]

    def and_then(messages: Sequence[Message], now: datetime) -> list[Ready]:
        ready = made(messages, now)
        if left:
            left.pop()()
        return ready

    monkeypatch.setattr(batch, "made", and_then)


def test_an_address_that_changes_meanwhile_gets_nothing_and_its_links_are_dead(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _links(cleo, 3)
    to_new = partial(contact.correct_contact, cleo, Origin(CLIENT, NOW), email="new@example.org")
    _once_they_are_made(monkeypatch, to_new)
    deliver(NOW)
    assert sink.taken == []
    deliver(NOW)
    assert {to for taken in sink.taken for to in taken.to} == {"new@example.org"}
    assert {Message.objects.get(pk=one.pk).state for one in old} == {"dropped"}
    minted = ClientLink.objects.filter(messages__in=old)
    assert len(minted) == 3
    assert all(link.revoked_at for link in minted)


def test_what_is_withdrawn_meanwhile_does_not_go(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    _links(cleo, 3)
    _once_they_are_made(monkeypatch, lambda: outbox.withdraw(cleo, None, now=NOW, why="closed"))
    deliver(NOW)
    assert sink.taken == []
    assert set(Message.objects.values_list("state", "problem")) == {("dropped", "closed")}


def test_while_somebody_changes_their_request_they_are_not_claimed_over_and_over(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails, looks = _links(cleo, 3), []

    def locked(messages: Sequence[Message]) -> list[Message]:
        looks.append(len(messages))
        in_hand.put_back(messages)
        return []

    monkeypatch.setattr(batch, "_with_requests", locked)
    assert deliver(NOW) == 0
    assert looks == [3]
    rows = Message.objects.filter(pk__in=[one.pk for one in mails])
    assert set(rows.values_list("state", "attempts", "leased_by")) == {("queued", 0, "")}


def test_after_a_change_of_its_request_it_is_asked_again_whether_it_is_true(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = _links(cleo, 1)[0]
    _once_they_are_made(monkeypatch, partial(reply.assess, cleo, Origin(Actor.staff(staff()), NOW)))
    deliver(NOW)
    assert sink.taken == []
    deliver(NOW)
    assert true.message_id in sink.ids()
    assert Message.objects.get(pk=true.pk).attempts == 1  # what was put back did not count


def test_a_hold_that_begins_meanwhile_holds_them(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.queue(cleo, "assessing", now=NOW)
    _once_they_are_made(monkeypatch, lambda: mail_hold.begin(mail_hold.Why.BY_HAND, now=NOW + MINUTE))
    deliver(NOW)
    assert sink.taken == []
    assert list(Message.objects.values_list("state", "attempts", "leased_by")) == [("queued", 0, "")]


def test_behind_a_slow_server_a_new_mail_waits_for_one_other(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has waited in a worker's hands for longer than it may goes back, and what is fresh goes before it."""
    monkeypatch.setattr(limits.mail, "MAIL_BATCH", timedelta(0))
    old = _links(cleo, 3)
    Message.objects.update(attempts=2, not_before=NOW - MINUTE)
    new: list[Message] = []
    _once_they_are_made(monkeypatch, lambda: new.extend(_links(cleo, 1)))
    assert deliver(NOW, limit=4) == 4
    order = sink.ids()
    assert order.index(new[0].message_id) <= 2
    assert sorted(order) == sorted(one.message_id for one in [*old, *new])


def test_one_that_the_database_chokes_on_is_left_alone_and_the_others_go(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, poison, last = _links(cleo, 3)
    made = render.render

    def choke(message: Message, *, now: datetime, profile: ClinicProfile | None) -> render.Mail:
        if message == poison:
            raise DatabaseError
        return made(message, now=now, profile=profile)

    monkeypatch.setattr(render, "render", choke)
    for _ in range(3):
        try:
            deliver(NOW)
        except DatabaseError:
            pass
    assert sink.ids() == [first.message_id, last.message_id]


def test_one_mail_more_is_one_statement_more(
    sink: Sink, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.mail, "MAIL_BATCH", LONG)
    monkeypatch.setattr(limits.mail, "MAIL_TAKEN_QUICKLY", LONG)
    counts = []
    for count in (2, 7):
        _links(cleo, count)
        with CaptureQueriesContext(connection) as asked:
            assert deliver(NOW) == count
        counts.append(len(asked))
    assert counts[1] - counts[0] == 5
