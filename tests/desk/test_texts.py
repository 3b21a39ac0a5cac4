"""Whoever chose to be texted, or called: what the desk answers by mail is said that way too, until somebody has said it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bookings.models import ConsultationRequest, ContactBy, Message
from bookings.states import CallOutcome, Status
from bookings.workflow import calls, reply
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from tests import factories as make
from tests.desk.pages import WORKLIST, buttons, html, page_of, say, words

pytestmark = pytest.mark.once

START = "/admin/"

TEXT: dict[str, Any] = {"phone": "+447700900982", "contact_by": "text"}


def _dee() -> Origin:
    return Origin(Actor.staff(make.staff()), make.NOW)


def _owed(cleo: ConsultationRequest) -> list[tuple[str, str]]:
    beside = Message.objects.filter(request=cleo, kind="told_too")
    return [(one.facts["about"], one.state) for one in beside.order_by("pk")]


def test_an_answer_is_a_text_to_send_everywhere_until_it_is_sent(dee: Client) -> None:
    cleo = make.in_state(Status.OFFERED, **TEXT)
    assert _owed(cleo) == [("offered", "to_call")]
    assert cleo.messages.get(kind="offered").state == "queued", "the mail goes as well"
    for list_of_work in (START, WORKLIST + "?tab=all"):
        assert 'href="sms:+447700900982"' in html(dee.get(list_of_work))
    assert "to be told by text" in words(dee.get(START))
    assert "Text to send" in words(dee.get(WORKLIST + "?tab=all"))
    page = dee.get(page_of(cleo))
    assert re.search(r'href="sms:\+447700900982">Text 07700 900982</a>', html(page))
    assert "text them: they chose texts" in words(page)
    text = re.search(r'<p class="paper">(.*?)</p>', html(page))
    assert text is not None and cleo.reference in text.group(1)
    assert len(text.group(1)) <= 160 and not re.search("scar|skin|treat", text.group(1).lower())
    assert say(dee, cleo, "texted").status_code == 303
    assert _owed(cleo) == [("offered", "told")]
    shown = words(dee.get(page_of(cleo)))
    assert "Kept: you texted Cleo." in shown and "Sent a text" in shown
    assert "Text to send" not in words(dee.get(WORKLIST + "?tab=all"))
    assert "to be told by text" not in words(dee.get(START))


def test_whoever_chose_calls_is_called_unless_somebody_has_just_spoken_with_them() -> None:
    cleo = make.submitted(phone="+441632960103", contact_by="phone")
    assert _owed(reply.confirm(cleo, _dee())) == [("confirmed", "to_call")]
    bo = make.submitted(phone="+441632960104", contact_by="phone", email="bo@example.org", start=None)
    bo = calls.call(bo, _dee(), outcome=CallOutcome.SPOKE)
    assert _owed(reply.ask(bo, _dee(), question="Which day?")) == []


def test_a_text_is_no_call_for_whoever_must_be_rung_today(dee: Client) -> None:
    cleo = make.submitted(**TEXT)
    ConsultationRequest.objects.filter(pk=cleo.pk).update(same_day_call=True)
    cleo.refresh_from_db()
    cleo = calls.call(cleo, _dee(), outcome=CallOutcome.TEXTED)
    assert (cleo.called_at, cleo.must_be_rung) == (None, True)
    assert "ring today" in words(dee.get(START))


def test_what_they_do_themselves_and_mails_that_go_by_themselves_are_not_told_twice() -> None:
    assert _owed(make.submitted(**TEXT)) == []
    assert _owed(make.submitted(email="bo@example.org", start=None)) == []


def test_what_is_over_or_wanted_by_mail_alone_is_no_text_to_send_any_more() -> None:
    cleo = make.in_state(Status.OFFERED, **TEXT)
    cleo = reply.ask(cleo, _dee(), question="Which day?")
    assert _owed(cleo) == [("offered", "dropped"), ("question", "to_call")]
    cleo = calls.reach(cleo, _dee(), contact_by=ContactBy.EMAIL, may_leave_message=False, phone_only=False)
    assert _owed(cleo)[-1] == ("question", "dropped")


def test_what_they_have_answered_is_no_text_to_send_any_more() -> None:
    cleo = make.in_state(Status.OFFERED, **TEXT)
    me = Origin(make.CLIENT, make.NOW)
    cleo = reply.ask_other_times(cleo, me, windows=[(None, "morning")], text="Mornings.")
    assert _owed(cleo) == [("offered", "dropped")]
    cleo = reply.ask(cleo, _dee(), question="Which day?")
    cleo = reply.answer(cleo, me, text="Any day.")
    assert _owed(cleo)[-1] == ("question", "dropped")


def test_nobody_is_texted_who_did_not_ask_for_it(dee: Client) -> None:
    cleo = make.submitted(phone="+441632960103", contact_by="phone")
    assert "texted" not in buttons(dee.get(page_of(cleo)))
    with pytest.raises(Refused, match="did not ask"):
        calls.call(cleo, _dee(), outcome=CallOutcome.TEXTED)
