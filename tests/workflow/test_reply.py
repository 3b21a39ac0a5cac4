"""Staff answer: times offered and held, a question that pauses the promise, a kind no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import clock
from bookings.models import ConsultationRequest, Message
from bookings.states import DeclineReason, Status
from bookings.workflow import desk, reply
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused, SlotTaken
from tests.factories import CLIENT, NOW, at, in_state, rules, slot, staff, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def queued(cleo: ConsultationRequest) -> list[str]:
    return sorted(Message.objects.filter(request=cleo, state="queued").values_list("kind", flat=True))


# --- offers -----------------------------------------------------------------------------------------------------------


def test_offered_times_are_held_until_one_end(dee: Actor) -> None:
    cleo = reply.offer(submitted(), Origin(dee, NOW), slots=[slot(at(4, 10)), slot(at(7, 14))])
    held = cleo.appointments.held()
    assert [a.starts_at for a in held] == [at(4, 10), at(7, 14)]
    # Two working days of opening hours.
    assert {a.held_until for a in held} == {cleo.offer_expires_at} == {at(1, 17)}
    assert cleo.promise_due_at is None
    assert queued(cleo) == ["offered"], "what was queued before is no longer true"


def test_accepting_books_one_and_frees_the_rest(dee: Actor) -> None:
    cleo = in_state(Status.OFFERED)
    first, second = cleo.appointments.held()
    cleo = reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=second.pk)
    assert cleo.status == Status.CONFIRMED
    assert [a.pk for a in cleo.appointments.occupying()] == [second.pk]
    assert queued(cleo) == ["confirmed", "reminder_2h", "reminder_48h"]
    with pytest.raises(Conflict):
        reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=first.pk)


def test_an_offer_that_ran_out_cannot_be_accepted(dee: Actor) -> None:
    cleo = in_state(Status.OFFERED)
    chosen = cleo.appointments.held()[0]
    assert cleo.offer_expires_at
    with pytest.raises(Refused) as caught:
        reply.accept(cleo, Origin(CLIENT, cleo.offer_expires_at), appointment_id=chosen.pk)
    assert caught.value.code == "offer_over"
    cleo.refresh_from_db()
    assert cleo.status == Status.OFFERED


def test_a_time_of_somebody_else_cannot_be_accepted(dee: Actor) -> None:
    mine, theirs = in_state(Status.OFFERED), submitted(start=at(3, 15))
    with pytest.raises(Refused):
        reply.accept(mine, Origin(CLIENT, NOW), appointment_id=theirs.appointments.get().pk)


def test_a_newer_offer_replaces_the_older_one(dee: Actor) -> None:
    cleo = in_state(Status.OFFERED)
    old = cleo.appointments.held()[0]
    cleo = reply.offer(cleo, Origin(dee, NOW), slots=[slot(at(8, 10))])
    assert [a.starts_at for a in cleo.appointments.held()] == [at(8, 10)]
    with pytest.raises(Refused):
        reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=old.pk)
    assert queued(cleo) == ["offered"]


def test_one_taken_time_spoils_the_whole_offer_and_changes_nothing(dee: Actor) -> None:
    submitted(start=at(4, 10))
    cleo = submitted(start=at(3, 10))
    with pytest.raises(SlotTaken):
        reply.offer(cleo, Origin(dee, NOW), slots=[slot(at(7, 14)), slot(at(4, 10))])
    cleo.refresh_from_db()
    assert cleo.status == Status.NEW
    assert [a.starts_at for a in cleo.appointments.occupying()] == [at(3, 10)]


def test_one_to_three_times_no_more(dee: Actor) -> None:
    cleo = submitted()
    for slots in ([], [slot(at(4, hour)) for hour in (9, 10, 11, 12)]):
        with pytest.raises(Refused):
            reply.offer(cleo, Origin(dee, NOW), slots=slots)


def test_asking_for_other_times_frees_the_offer_and_starts_a_new_promise() -> None:
    cleo = in_state(Status.OFFERED)
    cleo = reply.ask_other_times(
        cleo, Origin(CLIENT, at(1, 9)), windows=[(3, "evening")], text="I work until five."
    )
    assert cleo.status == Status.NEW
    assert not cleo.appointments.occupying().exists()
    assert [str(w) for w in cleo.windows.all()] == ["Thursday, evening"]
    assert cleo.promise_due_at == at(1, 17)
    assert "work" not in str(cleo.events.latest("version").facts), "free text is in no event"


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_question_pauses_the_promise_and_the_answer_goes_on_with_the_rest(dee: Actor) -> None:
    cleo = submitted(now=NOW)  # due Monday 17:00
    cleo = reply.ask(cleo, Origin(dee, NOW + timedelta(hours=3)), question="Do you still get spots?")
    assert (cleo.promise_due_at, cleo.promise_minutes_left) == (None, 5 * 60)
    cleo = reply.answer(cleo, Origin(CLIENT, at(2, 9)), text="Not since June.")
    assert cleo.promise_due_at == at(2, 14)
    assert not {"question", "answer_reminder"} & set(queued(cleo))


def test_an_answer_given_late_still_gives_staff_time(dee: Actor) -> None:
    cleo = submitted(now=NOW)
    cleo = reply.ask(cleo, Origin(dee, at(30, 16, 59, month=11)), question="Do you still get spots?")
    cleo = reply.answer(cleo, Origin(CLIENT, at(2, 9)), text="No.")
    assert cleo.promise_due_at == at(2, 11), "a quarter of the promise, not one minute"


def test_asking_frees_an_offer(dee: Actor) -> None:
    cleo = reply.ask(in_state(Status.OFFERED), Origin(dee, NOW), question="Do you still get spots?")
    assert not cleo.appointments.occupying().exists()
    assert cleo.offer_expires_at is None


def test_a_short_deadline_is_not_reminded_of_at_once(dee: Actor) -> None:
    cleo = submitted()
    rules(answer_days=1)
    cleo = reply.ask(cleo, Origin(dee, NOW), question="Do you still get spots?")
    assert cleo.messages.get(kind="answer_reminder").not_before == NOW + timedelta(hours=12)


def test_nobody_is_closed_out_without_a_reminder() -> None:
    cleo = in_state(Status.WAITING)
    due = NOW + timedelta(days=7)
    assert cleo.answer_due_at == due
    reminder = cleo.messages.get(kind="answer_reminder")
    assert reminder.not_before == due - timedelta(days=2)
    clock.tick(due)
    cleo.refresh_from_db()
    assert cleo.status == Status.WAITING, "the worker was away and has not sent the reminder"
    Message.objects.filter(pk=reminder.pk).update(state="sent", sent_at=due)
    clock.tick(due + timedelta(hours=23))
    cleo.refresh_from_db()
    assert cleo.status == Status.WAITING
    clock.tick(due + timedelta(hours=24))
    cleo.refresh_from_db()
    assert cleo.status == Status.LAPSED
    assert queued(cleo) == ["lapsed"]


# --- no, and closed ---------------------------------------------------------------------------------------------------


def test_a_decline_keeps_the_personal_note_out_of_the_event(dee: Actor) -> None:
    cleo = reply.decline(
        submitted(), Origin(dee, NOW), reason="advice_first", note="Please see a pharmacist first."
    )
    assert cleo.decline_reason == DeclineReason.ADVICE_FIRST
    assert not cleo.appointments.occupying().exists()
    assert queued(cleo) == ["declined"]
    event = cleo.events.latest("version")
    assert event.reason == "advice_first"
    assert "pharmacist" not in str(event.facts)


def test_spam_is_told_nobody(dee: Actor) -> None:
    cleo = reply.decline(submitted(), Origin(dee, NOW), reason="spam")
    assert queued(cleo) == []


def test_an_unknown_reason_is_a_mistake_of_ours(dee: Actor) -> None:
    with pytest.raises(ValueError, match="rejected"):
        reply.decline(submitted(), Origin(dee, NOW), reason="rejected")


def test_somebody_under_18_is_not_reopened(dee: Actor) -> None:
    cleo = reply.decline(submitted(), Origin(dee, NOW), reason="under_18")
    with pytest.raises(Refused):
        desk.reopen(cleo, Origin(dee, NOW))


# --- two people at once -----------------------------------------------------------------------------------------------


def test_a_stale_page_hears_who_was_first(dee: Actor) -> None:
    cleo = submitted()
    reply.confirm(cleo, Origin(dee, NOW, cleo.version))
    bo = Actor.staff(staff("Bo Quist"))
    with pytest.raises(Conflict) as caught:
        reply.decline(cleo, Origin(bo, NOW + timedelta(minutes=2), cleo.version), reason="other")
    assert str(caught.value) == "Dee Hart confirmed this 2 minutes ago."
    cleo.refresh_from_db()
    assert cleo.status == Status.CONFIRMED
