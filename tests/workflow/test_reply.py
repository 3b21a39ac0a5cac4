"""Staff answer: times offered and held, a question that pauses the promise, a kind no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import clock
from bookings.models import ConsultationRequest, Message
from bookings.table import DeclineReason, Status
from bookings.workflow import desk, reply
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused, SlotTaken
from tests.factories import CLIENT, NOW, at, in_state, rules, slot, staff, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def queued(row: ConsultationRequest) -> list[str]:
    return sorted(Message.objects.filter(request=row, state="queued").values_list("kind", flat=True))


# --- offers -----------------------------------------------------------------------------------------------------------


def test_offered_times_are_held_until_one_end(dee: Actor) -> None:
    row = reply.offer(submitted(), Origin(dee, NOW), slots=[slot(at(4, 10)), slot(at(7, 14))])
    held = row.appointments.held()
    assert [a.starts_at for a in held] == [at(4, 10), at(7, 14)]
    # Two working days of opening hours.
    assert {a.held_until for a in held} == {row.offer_expires_at} == {at(1, 17)}
    assert row.promise_due_at is None
    assert queued(row) == ["offered"], "what was queued before is no longer true"


def test_accepting_books_one_and_frees_the_rest(dee: Actor) -> None:
    row = in_state(Status.OFFERED)
    first, second = row.appointments.held()
    row = reply.accept(row, Origin(CLIENT, NOW), appointment_id=second.pk)
    assert row.status == Status.CONFIRMED
    assert [a.pk for a in row.appointments.occupying()] == [second.pk]
    assert queued(row) == ["confirmed", "reminder_2h", "reminder_48h"]
    with pytest.raises(Conflict):
        reply.accept(row, Origin(CLIENT, NOW), appointment_id=first.pk)


def test_an_offer_that_ran_out_cannot_be_accepted(dee: Actor) -> None:
    row = in_state(Status.OFFERED)
    chosen = row.appointments.held()[0]
    assert row.offer_expires_at
    with pytest.raises(Refused) as caught:
        reply.accept(row, Origin(CLIENT, row.offer_expires_at), appointment_id=chosen.pk)
    assert caught.value.code == "offer_over"
    row.refresh_from_db()
    assert row.status == Status.OFFERED


def test_a_time_of_somebody_else_cannot_be_accepted(dee: Actor) -> None:
    mine, theirs = in_state(Status.OFFERED), submitted(start=at(3, 15))
    with pytest.raises(Refused):
        reply.accept(mine, Origin(CLIENT, NOW), appointment_id=theirs.appointments.get().pk)


def test_a_newer_offer_replaces_the_older_one(dee: Actor) -> None:
    row = in_state(Status.OFFERED)
    old = row.appointments.held()[0]
    row = reply.offer(row, Origin(dee, NOW), slots=[slot(at(8, 10))])
    assert [a.starts_at for a in row.appointments.held()] == [at(8, 10)]
    with pytest.raises(Refused):
        reply.accept(row, Origin(CLIENT, NOW), appointment_id=old.pk)
    assert queued(row) == ["offered"]


def test_one_taken_time_spoils_the_whole_offer_and_changes_nothing(dee: Actor) -> None:
    submitted(start=at(4, 10))
    row = submitted(start=at(3, 10))
    with pytest.raises(SlotTaken):
        reply.offer(row, Origin(dee, NOW), slots=[slot(at(7, 14)), slot(at(4, 10))])
    row.refresh_from_db()
    assert row.status == Status.NEW
    assert [a.starts_at for a in row.appointments.occupying()] == [at(3, 10)]


def test_one_to_three_times_no_more(dee: Actor) -> None:
    row = submitted()
    for slots in ([], [slot(at(4, hour)) for hour in (9, 10, 11, 12)]):
        with pytest.raises(Refused):
            reply.offer(row, Origin(dee, NOW), slots=slots)


def test_asking_for_other_times_frees_the_offer_and_starts_a_new_promise() -> None:
    row = in_state(Status.OFFERED)
    row = reply.ask_other_times(
        row, Origin(CLIENT, at(1, 9)), windows=[(3, "evening")], text="I work until five."
    )
    assert row.status == Status.NEW
    assert not row.appointments.occupying().exists()
    assert [str(w) for w in row.windows.all()] == ["Thursday, evening"]
    assert row.promise_due_at == at(1, 17)
    assert "work" not in str(row.events.latest("version").facts), "free text is in no event"


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_question_pauses_the_promise_and_the_answer_goes_on_with_the_rest(dee: Actor) -> None:
    row = submitted(now=NOW)  # due Monday 17:00
    row = reply.ask(row, Origin(dee, NOW + timedelta(hours=3)), question="Do you still get spots?")
    assert (row.promise_due_at, row.promise_minutes_left) == (None, 5 * 60)
    row = reply.answer(row, Origin(CLIENT, at(2, 9)), text="Not since June.")
    assert row.promise_due_at == at(2, 14)
    assert not {"question", "answer_reminder"} & set(queued(row))


def test_an_answer_given_late_still_gives_staff_time(dee: Actor) -> None:
    row = submitted(now=NOW)
    row = reply.ask(row, Origin(dee, at(30, 16, 59, month=11)), question="Do you still get spots?")
    row = reply.answer(row, Origin(CLIENT, at(2, 9)), text="No.")
    assert row.promise_due_at == at(2, 11), "a quarter of the promise, not one minute"


def test_asking_frees_an_offer(dee: Actor) -> None:
    row = reply.ask(in_state(Status.OFFERED), Origin(dee, NOW), question="Do you still get spots?")
    assert not row.appointments.occupying().exists()
    assert row.offer_expires_at is None


def test_a_short_deadline_is_not_reminded_of_at_once(dee: Actor) -> None:
    row = submitted()
    rules(answer_days=1)
    row = reply.ask(row, Origin(dee, NOW), question="Do you still get spots?")
    assert row.messages.get(kind="answer_reminder").not_before == NOW + timedelta(hours=12)


def test_nobody_is_closed_out_without_a_reminder() -> None:
    row = in_state(Status.WAITING)
    due = NOW + timedelta(days=7)
    assert row.answer_due_at == due
    reminder = row.messages.get(kind="answer_reminder")
    assert reminder.not_before == due - timedelta(days=2)
    clock.tick(due)
    row.refresh_from_db()
    assert row.status == Status.WAITING, "the worker was away and has not sent the reminder"
    Message.objects.filter(pk=reminder.pk).update(state="sent", sent_at=due)
    clock.tick(due + timedelta(hours=23))
    row.refresh_from_db()
    assert row.status == Status.WAITING
    clock.tick(due + timedelta(hours=24))
    row.refresh_from_db()
    assert row.status == Status.LAPSED
    assert queued(row) == ["lapsed"]


# --- no, and closed ---------------------------------------------------------------------------------------------------


def test_a_decline_keeps_the_personal_note_out_of_the_event(dee: Actor) -> None:
    row = reply.decline(
        submitted(), Origin(dee, NOW), reason="advice_first", note="Please see a pharmacist first."
    )
    assert row.decline_reason == DeclineReason.ADVICE_FIRST
    assert not row.appointments.occupying().exists()
    assert queued(row) == ["declined"]
    event = row.events.latest("version")
    assert event.reason == "advice_first"
    assert "pharmacist" not in str(event.facts)


def test_spam_is_told_nobody(dee: Actor) -> None:
    row = reply.decline(submitted(), Origin(dee, NOW), reason="spam")
    assert queued(row) == []


def test_an_unknown_reason_is_a_mistake_of_ours(dee: Actor) -> None:
    with pytest.raises(ValueError, match="rejected"):
        reply.decline(submitted(), Origin(dee, NOW), reason="rejected")


def test_somebody_under_18_is_not_reopened(dee: Actor) -> None:
    row = reply.decline(submitted(), Origin(dee, NOW), reason="under_18")
    with pytest.raises(Refused):
        desk.reopen(row, Origin(dee, NOW))


# --- two people at once -----------------------------------------------------------------------------------------------


def test_a_stale_page_hears_who_was_first(dee: Actor) -> None:
    row = submitted()
    reply.confirm(row, Origin(dee, NOW, row.version))
    bo = Actor.staff(staff("Bo Quist"))
    with pytest.raises(Conflict) as caught:
        reply.decline(row, Origin(bo, NOW + timedelta(minutes=2), row.version), reason="other")
    assert str(caught.value) == "Dee Hart confirmed this 2 minutes ago."
    row.refresh_from_db()
    assert row.status == Status.CONFIRMED
