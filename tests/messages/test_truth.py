"""Just before it goes, a mail must still be true. One that is not is dropped, never rewritten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bookings import outbox
from bookings.models import Closure, ConsultationRequest, Message, TimeOff
from bookings.workflow import contact, erasure, intake, reply, visit
from bookings.workflow.core import Actor, Origin
from tests.factories import CLIENT, NOW, at, in_state, practitioner, slot, staff, submitted
from tests.messages.examples import EVERY, deliver, due, only, queued
from tests.messages.sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _dropped(message: Message) -> str:
    message.refresh_from_db()
    assert message.state == "dropped", message.state
    return message.problem


def _as_if_queued(message: Message) -> Message:
    """The verb withdrew it. Put it back, as if a worker had just had it in its hands: now only the truth test is left."""
    Message.objects.filter(pk=message.pk).update(state="queued")
    return only(Message.objects.get(pk=message.pk))


@pytest.mark.parametrize("what", EVERY)
def test_every_kind_goes_while_it_is_true(sink: Sink, what: str) -> None:
    message = only(queued(what))
    deliver(due(message))
    message.refresh_from_db()
    assert (message.state, message.problem) == ("sent", "")
    assert [taken.to for taken in sink.taken] == [[message.to]]


def test_no_reminder_of_a_cancelled_visit(sink: Sink) -> None:
    reminder = queued("reminder_2h")
    visit.cancel(_request(reminder), Origin(CLIENT, NOW))
    reminder = _as_if_queued(reminder)
    deliver(due(reminder))
    assert _dropped(reminder) == "The appointment was moved or cancelled."
    assert sink.taken == []


def test_one_reminder_of_each_kind_for_a_moved_visit(sink: Sink) -> None:
    old = queued("reminder_2h")
    visit.reschedule(_request(old), Origin(Actor.staff(staff()), NOW), slot=slot(at(4, 11)))
    Message.objects.filter(pk=old.pk).update(state="queued")
    for moment in (NOW, at(2, 11, 1), at(3, 8, 1), at(4, 9, 1), at(4, 12)):
        deliver(moment)
        deliver(moment)
    subjects = [str(taken.mail["Subject"]) for taken in sink.taken if "@" in taken.to[0]]
    told = f"Friday 4 December, 11am ({_request(old).reference})"
    assert subjects.count(f"Soon: {told}") == subjects.count(f"Reminder: {told}") == 1


def test_no_reminder_after_the_visit_has_begun(sink: Sink) -> None:
    reminder = only(queued("reminder_2h"))
    deliver(at(3, 10, 1))
    assert _dropped(reminder) == "The appointment has begun."


def test_no_old_offer_after_a_newer_one(sink: Sink) -> None:
    old = queued("offered")
    reply.offer(_request(old), Origin(Actor.staff(staff()), NOW), slots=[slot(at(7, 10))])
    old = _as_if_queued(old)
    deliver(NOW)
    assert _dropped(old) == "The offer no longer stands."


def test_a_late_offer_tells_of_the_times_that_are_left(sink: Sink) -> None:
    consultation = in_state("new", start=None)
    soon, later = slot(at(30, 15, month=11)), slot(at(4, 10))
    consultation = reply.offer(consultation, Origin(Actor.staff(staff()), NOW), slots=[soon, later])
    offer = only(consultation.messages.get(kind="offered"))
    deliver(soon.start)
    offer.refresh_from_db()
    assert offer.state == "sent"
    [taken] = sink.taken
    words = taken.mail.get_body(("plain",))
    assert words is not None
    assert "4 December" in words.get_content()
    assert "30 November at 3pm" not in words.get_content()


def test_no_offer_that_has_run_out(sink: Sink) -> None:
    offer = only(queued("offered"))
    deliver(NOW + timedelta(days=5))
    assert _dropped(offer) == "The offer no longer stands."


def test_no_offer_of_what_was_switched_off_or_closed(sink: Sink) -> None:
    """Friday 4 December at 10:00 and at 14:00 are offered, with Ana."""
    offered = only(queued("offered"))
    Closure.objects.create(first_day=date(2026, 12, 4), last_day=date(2026, 12, 4), name="Snow")
    deliver(due(offered))
    assert _dropped(offered) == "What was offered was switched off or closed."
    assert sink.taken == []


def test_a_late_offer_names_nothing_that_was_switched_off(sink: Sink) -> None:
    offered = only(queued("offered"))
    TimeOff.objects.create(practitioner=practitioner(), starts_at=at(4, 9), ends_at=at(4, 12))
    deliver(due(offered))
    [taken] = sink.taken
    text = str(taken.mail.get_body(("plain",)))
    # What it offers stands on lines of their own; a sentence also names the time that was asked for, 10am the day before.
    times = [line for line in text.splitlines() if line.startswith(("•", "-", "*"))]
    assert ("2pm" in str(times), "10am" in str(times)) == (True, False), text


def test_no_confirmation_of_a_visit_that_was_moved(sink: Sink) -> None:
    old = queued("confirmed")
    visit.reschedule(_request(old), Origin(Actor.staff(staff()), NOW), slot=slot(at(4, 11)))
    old = _as_if_queued(old)
    deliver(NOW)
    assert _dropped(old) == "The appointment was moved or cancelled."


def test_no_receipt_after_the_answer(sink: Sink) -> None:
    receipt = queued("received")
    reply.ask(_request(receipt), Origin(Actor.staff(staff()), NOW), question="How long?")
    receipt = _as_if_queued(receipt)
    deliver(NOW)
    assert _dropped(receipt) == "The request is waiting for client now."


def test_no_second_ask_to_open_a_link_that_was_opened(sink: Sink) -> None:
    reminder = queued("prove_reminder")
    intake.prove(_request(reminder), Origin(CLIENT, NOW))
    reminder = _as_if_queued(reminder)
    deliver(due(reminder))
    assert _dropped(reminder) == "The address is proved."


def test_nothing_to_an_address_that_was_corrected(sink: Sink) -> None:
    message = queued("received")
    consultation = contact.correct_contact(
        _request(message), Origin(CLIENT, NOW), email="cleo.marsh@example.org"
    )
    Message.objects.filter(pk=message.pk).update(state="queued")
    deliver(NOW)
    assert _dropped(message) == "The address was changed."
    assert {taken.to[0] for taken in sink.taken} - {"alerts@example.org"} == {consultation.email}


@pytest.mark.parametrize("lookalike", ["ｃleo@example.org", "CLEO@example.org", "cleo@example.org "])
def test_an_address_that_only_looks_alike_gets_nothing(sink: Sink, lookalike: str) -> None:
    consultation = submitted(email="cleo@example.org")
    message = only(outbox.queue(consultation, "new_link", now=NOW, to=lookalike))
    deliver(NOW)
    assert _dropped(message) == "The address was changed."


def test_nothing_about_an_erased_request(sink: Sink) -> None:
    message = queued("received")
    erasure.erase(_request(message), Origin(CLIENT, NOW))
    message = _as_if_queued(message)
    deliver(NOW)
    assert _dropped(message) == "The request was erased."


def test_nothing_about_a_suspected_request(sink: Sink) -> None:
    consultation = in_state("suspected")
    assert not consultation.messages.exists()
    message = outbox.queue(consultation, "received", now=NOW)
    deliver(NOW)
    assert _dropped(message) == "The request is suspected."


def test_spam_gets_no_answer(sink: Sink) -> None:
    consultation = submitted()
    reply.decline(consultation, Origin(Actor.staff(staff()), NOW), reason="spam")
    assert not consultation.messages.filter(kind="declined").exists()
    message = only(outbox.queue(consultation, "declined", now=NOW, facts={"reason": "spam"}))
    deliver(NOW)
    assert _dropped(message) == "Spam gets no answer."


def _request(message: Message) -> ConsultationRequest:
    assert message.request is not None
    return ConsultationRequest.objects.get(pk=message.request.pk)
