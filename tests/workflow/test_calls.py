"""Phone calls, the day to come back, and clients who are not to be mailed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bookings import in_hand, outbox
from bookings.messages import send
from bookings.messages.kinds import untrue
from bookings.models import ConsultationRequest, ContactBy, Message, Note
from bookings.states import CallOutcome, CallTopic, Status
from bookings.workflow import calls, contact, reply
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import NotAllowed, Refused
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PHONE: dict[str, Any] = {"phone": "+441632960103", "contact_by": "phone"}


def dee(after: timedelta = timedelta(0), despite: str = "") -> Origin:
    return Origin(Actor.staff(make.staff()), make.NOW + after, despite=despite)


def only_rung(cleo: ConsultationRequest) -> ConsultationRequest:
    return calls.reach(cleo, dee(), contact_by=ContactBy.PHONE, may_leave_message=False, phone_only=True)


def owed(cleo: ConsultationRequest) -> list[tuple[str, str]]:
    return list(cleo.messages.order_by("id").values_list("kind", "state"))


# --- calls ------------------------------------------------------------------------------------------------------------


def test_a_call_is_an_event_with_codes_only() -> None:
    cleo = calls.call(make.submitted(**PHONE), dee(), outcome=CallOutcome.NO_ANSWER, topic=CallTopic.LASER)
    event = cleo.events.last()
    assert event is not None
    assert (event.verb, event.facts) == ("call", {"outcome": "no_answer", "topic": "laser"})
    assert (cleo.calls_tried, cleo.called_at, cleo.call_topic) == (1, make.NOW, "laser")


def test_tries_are_counted_in_a_row_and_an_answer_ends_the_row() -> None:
    cleo = make.submitted(**PHONE, may_leave_message=True)
    cleo = calls.call(cleo, dee(), outcome=CallOutcome.NO_ANSWER)
    cleo = calls.call(cleo, dee(), outcome=CallOutcome.LEFT_MESSAGE)
    assert (cleo.calls_tried, cleo.was_reached) == (2, False)
    cleo = calls.call(cleo, dee(), outcome=CallOutcome.RANG_US)
    assert (cleo.calls_tried, cleo.was_reached) == (0, True)


def test_a_message_is_left_only_where_they_allow_it() -> None:
    cleo = make.submitted(**PHONE, may_leave_message=False)
    with pytest.raises(Refused, match="leave no message"):
        calls.call(cleo, dee(), outcome=CallOutcome.LEFT_MESSAGE)
    cleo.refresh_from_db()
    assert (cleo.calls_tried, cleo.version) == (0, 1)


def test_a_later_call_without_a_topic_keeps_the_one_before() -> None:
    cleo = calls.call(make.submitted(**PHONE), dee(), outcome=CallOutcome.SPOKE, topic=CallTopic.PRICE)
    assert calls.call(cleo, dee(), outcome=CallOutcome.SPOKE).call_topic == "price"


def test_nobody_rings_a_bot() -> None:
    with pytest.raises(NotAllowed):
        calls.call(make.in_state(Status.SUSPECTED), dee(), outcome=CallOutcome.SPOKE)


# --- the day to come back ---------------------------------------------------------------------------------------------


def test_a_day_to_come_back_is_kept_and_cleared() -> None:
    cleo = calls.follow_up(make.submitted(), dee(), on=date(2026, 12, 3))
    assert cleo.follow_up_on == date(2026, 12, 3)
    assert calls.follow_up(cleo, dee(), on=None).follow_up_on is None


def test_a_day_that_has_passed_is_refused_and_today_is_not() -> None:
    cleo = make.submitted()
    with pytest.raises(Refused, match="today or a later day"):
        calls.follow_up(cleo, dee(), on=date(2026, 11, 29))
    assert calls.follow_up(cleo, dee(), on=date(2026, 11, 30)).follow_up_on == date(2026, 11, 30)


def test_reaching_them_on_the_day_is_coming_back() -> None:
    cleo = calls.follow_up(make.submitted(**PHONE), dee(), on=date(2026, 12, 1))
    assert calls.call(cleo, dee(), outcome=CallOutcome.SPOKE).follow_up_on  # the day before
    missed = calls.call(cleo, dee(timedelta(days=1)), outcome=CallOutcome.NO_ANSWER)
    assert missed.follow_up_on
    assert calls.call(cleo, dee(timedelta(days=1)), outcome=CallOutcome.SPOKE).follow_up_on is None


# --- who is not to be mailed ------------------------------------------------------------------------------------------


def test_what_is_owed_to_somebody_who_is_only_rung_becomes_a_call_to_make() -> None:
    cleo = only_rung(make.submitted(**PHONE))
    # The nudge to open a link is for those who get links.
    assert owed(cleo) == [("received", "to_call"), ("prove_reminder", "dropped")]
    reply.assess(cleo, dee())
    assert [message.kind for message in outbox.to_tell(cleo, make.NOW)] == ["received", "assessing"]
    assert in_hand.claim(now=make.NOW, worker="w") == []


def test_speaking_with_them_tells_all_of_it_and_no_answer_none() -> None:
    cleo = reply.assess(only_rung(make.submitted(**PHONE)), dee())
    calls.call(cleo, dee(), outcome=CallOutcome.NO_ANSWER)
    assert outbox.to_tell(cleo, make.NOW).count() == 2
    cleo = calls.call(cleo, dee(), outcome=CallOutcome.SPOKE)
    assert not outbox.to_tell(cleo, make.NOW).exists()
    event = cleo.events.last()
    assert event is not None
    told = cleo.messages.filter(state=Message.State.TOLD)
    assert (sorted(event.facts["told"]), set(told.values_list("sent_at", flat=True))) == (
        sorted(told.values_list("pk", flat=True)),
        {make.NOW},
    )


def test_a_closed_request_can_be_told_too() -> None:
    cleo = reply.decline(only_rung(make.submitted(**PHONE)), dee(), reason="other")
    assert [message.kind for message in outbox.to_tell(cleo, make.NOW)] == ["declined"]
    calls.call(cleo, dee(), outcome=CallOutcome.SPOKE)
    assert not outbox.to_tell(cleo, make.NOW).exists()


def test_a_typed_reason_sends_the_mail_and_is_kept_as_a_note() -> None:
    cleo = only_rung(make.submitted(**PHONE))
    cleo = reply.assess(cleo, dee(despite="Her daughter reads it to her."))
    event = cleo.events.last()
    assert event is not None and event.facts == {"despite": ["phone_only"]}
    note = Note.objects.get(request=cleo)
    assert (note.kind, note.body) == ("internal", "Her daughter reads it to her.")
    assert owed(cleo)[-1] == ("assessing", "queued")
    # It was for this one: the next needs a reason of its own.
    assert owed(reply.assess(cleo, dee()))[-1] == ("assessing", "to_call")


def test_a_reason_is_not_kept_where_nothing_stands_against_the_mail() -> None:
    cleo = reply.assess(make.submitted(), dee(despite="Just because."))
    assert not Note.objects.exists()
    assert owed(cleo)[-1] == ("assessing", "queued")


def test_reminders_of_a_visit_go_the_same_way_but_nobody_rings_two_hours_before() -> None:
    cleo = reply.confirm(only_rung(make.submitted(**PHONE)), dee())
    assert owed(cleo)[2:] == [("confirmed", "to_call"), ("reminder_48h", "to_call")]
    assert [message.kind for message in outbox.to_tell(cleo, make.NOW)] == ["confirmed"]


def test_what_withdraws_a_mail_withdraws_a_call() -> None:
    cleo = reply.ask(only_rung(make.submitted(**PHONE)), dee(), question="Do you still get spots?")
    reply.answer(cleo, Origin(make.CLIENT, make.NOW), text="No.")
    assert not outbox.to_tell(cleo, make.NOW + timedelta(days=9)).filter(kind="question").exists()


def test_once_they_take_mail_again_what_is_still_to_come_is_mailed() -> None:
    cleo = reply.confirm(only_rung(make.submitted(**PHONE)), dee())
    calls.reach(cleo, dee(), contact_by=ContactBy.EMAIL, may_leave_message=False, phone_only=False)
    assert owed(cleo)[2:] == [("confirmed", "to_call"), ("reminder_48h", "queued")]


def test_somebody_without_a_number_cannot_be_only_rung() -> None:
    cleo = make.submitted(phone="")
    with pytest.raises(Refused, match="no number"):
        only_rung(cleo)


def test_a_client_without_an_address_is_rung_whatever_somebody_typed() -> None:
    cleo = make.submitted(**PHONE)
    ConsultationRequest.objects.update(email="")
    cleo.refresh_from_db()
    cleo = reply.assess(cleo, dee(despite="All the same."))
    message = cleo.messages.latest("id")
    assert (message.state, message.to) == ("to_call", "")
    assert untrue(message, cleo, make.NOW) is None


def test_a_link_that_they_ask_for_is_mailed_and_one_that_nobody_asked_for_is_not() -> None:
    cleo = only_rung(make.submitted(**PHONE))
    outbox.queue(cleo, "new_link", now=make.NOW)
    assert owed(cleo)[-1] == ("new_link", "queued")
    cleo = calls.call(cleo, dee(), outcome=CallOutcome.SPOKE)
    contact.correct_contact(cleo, dee(), email="new@example.org")
    assert not cleo.messages.filter(to="new@example.org", state="queued").exclude(kind="new_link").exists()


def test_a_mail_that_failed_is_not_sent_again_to_somebody_who_is_only_rung() -> None:
    cleo = make.submitted(**PHONE)
    cleo.messages.filter(kind="received").update(state="failed")
    cleo = only_rung(cleo)
    assert outbox.send_again(cleo.messages.select_related("request").get(kind="received"), now=make.NOW)
    assert owed(cleo)[0] == ("received", "to_call")


def test_a_call_that_is_no_longer_true_goes_from_the_lists() -> None:
    cleo = reply.confirm(only_rung(make.submitted(**PHONE)), dee())
    assert send.drop_untrue_calls(make.at(3, 9, 59)) == 0
    assert send.drop_untrue_calls(make.at(3, 10)) == 2
    assert {state for kind, state in owed(cleo) if kind in ("confirmed", "reminder_48h")} == {"dropped"}
    assert send.drop_untrue_calls(make.at(3, 10)) == 0
