"""Another verb ends the wait of a mail: the client gets one mail of the outcome, told from what they know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from bookings.messages.kinds import untrue
from bookings.models import ConsultationRequest, Message, Undo
from bookings.workflow import contact, desk, reply, visit, wait
from bookings.workflow.core import Actor, Origin
from bookings.workflow.undo import undo
from tests.factories import CLIENT, NOW, at, in_state, slot, staff, submitted
from tests.workflow.test_undo import ACTS, about, mails

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SOON = NOW + timedelta(minutes=2)
LATER = NOW + timedelta(minutes=3)


@pytest.fixture(autouse=True)
def three_minutes(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def test_confirmed_then_cancelled_is_one_mail_about_a_time_that_was_never_told(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    visit.cancel(cleo, Origin(dee, NOW), reason="practitioner_away")
    assert about(cleo) == ["cancelled"]
    assert cleo.messages.get(kind="cancelled").facts["untold"]


def test_confirmed_and_seen_then_cancelled_is_a_cancellation(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    assert wait.seen_by_client(cleo, NOW)
    visit.cancel(cleo, Origin(dee, NOW), reason="practitioner_away")
    assert about(cleo) == ["cancelled"]
    assert "untold" not in cleo.messages.get(kind="cancelled").facts


def test_confirmed_then_moved_is_a_confirmation_of_the_new_time(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    cleo = visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    assert about(cleo) == ["confirmed"]
    booked = cleo.appointments.booked().get()
    facts = cleo.messages.get(kind="confirmed", state="queued").facts
    assert (facts["appointment"], facts["sequence"]) == (booked.pk, cleo.calendar_sequence)
    assert "old_start" not in facts


def test_confirmed_and_seen_then_moved_is_a_move(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    assert wait.seen_by_client(cleo, NOW)
    visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    assert about(cleo) == ["changed"]


def test_confirmed_seen_and_moved_by_the_client_before_the_mail_went_is_a_confirmation(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    assert wait.seen_by_client(cleo, NOW)
    cleo = visit.reschedule(cleo, Origin(CLIENT, SOON), slot=slot(at(8, 10)))
    assert about(cleo) == ["confirmed"], "their first mail does not say that something has moved"
    booked = cleo.appointments.booked().get()
    assert cleo.messages.get(kind="confirmed", state="queued").facts["appointment"] == booked.pk


def _told(status: str = "confirmed") -> ConsultationRequest:
    """A visit that the client was told of long ago."""
    cleo = in_state(status)
    Undo.objects.all().delete()
    cleo.messages.filter(state="queued", not_before__lte=LATER).update(state="sent", sent_at=NOW)
    return ConsultationRequest.objects.get(pk=cleo.pk)


def test_moved_twice_is_a_move_from_where_they_know_it_to_be(dee: Actor) -> None:
    cleo = _told()
    visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(9, 10)))
    assert about(cleo) == ["changed"]
    assert cleo.messages.get(kind="changed", state="queued").facts["old_start"] == at(3, 10).isoformat()


def test_moved_and_moved_back_is_no_mail_but_the_reminders(dee: Actor) -> None:
    cleo = _told()
    visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(3, 10)))
    assert [kind for kind, _ in mails(cleo)] == ["reminder_48h", "reminder_2h"]


def test_moved_then_cancelled_names_the_time_that_they_know(dee: Actor) -> None:
    cleo = _told()
    first = cleo.appointments.booked().get()
    visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    visit.cancel(cleo, Origin(dee, NOW), reason="practitioner_away")
    assert about(cleo) == ["cancelled"]
    assert cleo.messages.get(kind="cancelled").facts["appointment"] == first.pk


def test_cancelled_then_opened_again_still_tells_that_the_visit_is_off(dee: Actor) -> None:
    cleo = _told()
    visit.cancel(cleo, Origin(dee, NOW), reason="practitioner_away")
    desk.reopen(cleo, Origin(dee, NOW))
    assert mails(cleo) == [("cancelled", NOW)]
    cleo.refresh_from_db()
    assert _untrue(cleo) == []


def test_declined_then_opened_again_is_no_mail(dee: Actor) -> None:
    cleo = submitted()
    cleo.messages.update(state="sent")
    reply.decline(cleo, Origin(dee, NOW), reason="other")
    desk.reopen(cleo, Origin(dee, NOW))
    cleo.refresh_from_db()
    assert _untrue(cleo) == ["declined"]


@pytest.mark.parametrize("first", ["assess", "offer", "ask"])
@pytest.mark.parametrize("second", ["confirm", "decline", "offer"])
def test_an_answer_takes_the_place_of_one_that_has_not_gone(dee: Actor, first: str, second: str) -> None:
    cleo = submitted()
    cleo.messages.update(state="sent")
    ACTS[first](cleo, Origin(dee, NOW))
    ACTS[second](cleo, Origin(dee, NOW))
    kind = {"confirm": "confirmed", "decline": "declined", "offer": "offered"}[second]
    assert about(cleo) == [kind]


@pytest.mark.parametrize("first", ["assess", "offer"])
def test_a_question_takes_the_place_of_what_has_not_gone(dee: Actor, first: str) -> None:
    cleo = submitted()
    cleo.messages.update(state="sent")
    ACTS[first](cleo, Origin(dee, NOW))
    ACTS["ask"](cleo, Origin(dee, NOW))
    assert about(cleo) == ["question"]


def test_a_question_stands_beside_the_word_that_somebody_looks_at_it(dee: Actor) -> None:
    cleo = submitted()
    cleo.messages.update(state="sent")
    ACTS["ask"](cleo, Origin(dee, NOW))
    ACTS["assess"](cleo, Origin(dee, NOW))
    assert [pair for pair in mails(cleo) if pair[1] <= LATER] == [("question", NOW), ("assessing", LATER)]


def test_an_offer_that_the_client_takes_at_once_is_one_mail(dee: Actor) -> None:
    cleo = reply.offer(submitted(), Origin(dee, NOW), slots=[slot(at(8, 10))])
    chosen = cleo.appointments.held().get()
    reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=chosen.pk)
    assert about(cleo) == ["confirmed"]


def test_a_new_address_gets_what_waited_at_once(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    contact.correct_contact(cleo, Origin(dee, NOW), email="other@example.org")
    assert Message.objects.get(request=cleo, kind="confirmed", state="queued").to == "other@example.org"
    assert ("confirmed", NOW) in mails(cleo)


def test_taking_back_the_second_leaves_the_first_as_told(dee: Actor) -> None:
    """Confirmed, cancelled, and the cancellation taken back: the confirmation goes after all."""
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    visit.cancel(cleo, Origin(dee, NOW), reason="practitioner_away")
    undo(cleo, Origin(dee, SOON))
    assert about(cleo) == ["confirmed"]
    cleo.refresh_from_db()
    assert _untrue(cleo) == []


def _untrue(cleo: ConsultationRequest) -> list[str]:
    """Which of the mails that would go are no longer true."""
    waiting_ones = Message.objects.filter(request=cleo, state="queued", not_before__lte=LATER)
    return [message.kind for message in waiting_ones if untrue(message, cleo, LATER)]
