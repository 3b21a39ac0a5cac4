"""Ringing a client from their request's page: one press for what came of it, a day to come back, and what to say."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from bookings.models import ConsultationRequest, ContactBy, Message
from bookings.states import Status
from bookings.workflow import calls, reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import WORKLIST, buttons, html, page_of, say, typed, words

pytestmark = pytest.mark.once

PHONE: dict[str, Any] = {"phone": "+441632960103", "contact_by": "phone"}


def _dee() -> Origin:
    return Origin(Actor.staff(make.staff()), make.NOW)


def _only_rung(consultation: ConsultationRequest) -> ConsultationRequest:
    return calls.reach(
        consultation, _dee(), contact_by=ContactBy.PHONE, may_leave_message=False, phone_only=True
    )


def test_the_number_is_one_press_and_reads_like_a_number(dee: Client) -> None:
    page = html(dee.get(page_of(make.submitted(**PHONE))))
    assert re.search(r'href="tel:\+441632960103">.*?Call 01632 960103</a>', page)


def test_a_call_is_one_press_and_one_line_of_the_history(dee: Client) -> None:
    cleo = make.submitted(**PHONE)
    assert say(dee, cleo, "no_answer", topic="laser").status_code == 303
    shown = words(dee.get(page_of(cleo)))
    assert "The call is kept: no answer." in shown
    assert "Rang, no answerby Dee Hart; about laser" in shown
    assert "Last call Mon 30 Nov 09:00: 1 without an answer." in shown


def test_a_message_is_offered_only_where_they_allow_one(dee: Client) -> None:
    silent = make.submitted(**PHONE, may_leave_message=False)
    assert {"spoke", "no_answer", "rang_us"} <= buttons(dee.get(page_of(silent)))
    assert "left_message" not in buttons(dee.get(page_of(silent)))
    refused = say(dee, silent, "left_message")
    assert "They asked us to leave no message." in words(refused)
    assert "left_message" in buttons(
        dee.get(page_of(make.submitted(**PHONE, start=None, may_leave_message=True)))
    )


def test_whoever_gave_no_number_may_still_ring_us(dee: Client) -> None:
    page = dee.get(page_of(make.submitted(phone="")))
    assert "rang_us" in buttons(page)
    assert not {"spoke", "no_answer", "left_message"} & buttons(page)
    assert "tel:" not in html(page)


def test_a_topic_that_is_not_on_the_list_is_refused(dee: Client) -> None:
    cleo = make.submitted(**PHONE)
    assert say(dee, cleo, "spoke", topic="acid").status_code == 200
    cleo.refresh_from_db()
    assert (cleo.called_at, cleo.version) == (None, 1)


def test_a_day_to_come_back_is_set_shown_and_cleared(dee: Client) -> None:
    cleo = make.submitted(**PHONE)
    assert "no_follow_up" not in buttons(dee.get(page_of(cleo)))
    say(dee, cleo, "follow_up", on="2026-12-03")
    page = dee.get(page_of(cleo))
    assert 'value="2026-12-03"' in html(page)
    assert "Come back to thisby Dee Hart; on Thursday 3 December" in words(page)
    say(dee, cleo, "no_follow_up")
    cleo.refresh_from_db()
    assert cleo.follow_up_on is None


@pytest.mark.parametrize("day", ["2026-11-29", "soon", "", "9999-99-99"])
def test_a_day_that_cannot_be_is_refused_in_words(dee: Client, day: str) -> None:
    cleo = make.submitted()
    refused = say(dee, cleo, "follow_up", on=day)
    assert refused.status_code in (200, 409)
    assert re.search("today or a later day|Enter a day|Choose the day", words(refused))
    cleo.refresh_from_db()
    assert cleo.follow_up_on is None


# --- what to say ------------------------------------------------------------------------------------------------------


def test_what_a_mail_would_say_can_be_read_out(dee: Client) -> None:
    cleo = _only_rung(make.in_state(Status.CONFIRMED, **PHONE))
    page = dee.get(page_of(cleo))
    shown, said = words(page), re.search(r'aria-label="What to say[^>]*>(.*?)</div>', html(page), re.DOTALL)
    assert said is not None and not re.search(r"\b(link|page|mail)\b", said.group(1))
    assert "To say on the phone: appointment confirmed" in shown
    assert "Thursday 3 December" in shown
    say(dee, cleo, "spoke")
    shown = words(dee.get(page_of(cleo)))
    assert "To say on the phone" not in shown
    assert "what we owed them was said" in shown
    assert "By phone: Appointment confirmedTold on the phone" in shown


def test_the_note_for_them_is_read_out_by_whoever_may_read_it(dee: Client) -> None:
    cleo = _only_rung(make.submitted(**PHONE))
    reply.confirm(cleo, _dee(), note="Bring your old photos.")
    assert "The note for themBring your old photos." in words(dee.get(page_of(cleo)))
    fay = Client()
    fay.force_login(make.staff("Fay Front", "bookings.view_consultationrequest", "bookings.decide_request"))
    page = words(fay.get(page_of(cleo)))
    assert "Bring your old photos." not in page
    assert "The note for them is for those who may read health answers and notes." in page


def test_what_is_no_longer_true_is_not_read_out(dee: Client) -> None:
    cleo = _only_rung(make.submitted(**PHONE))
    Message.objects.filter(request=cleo, kind="received").update(state="to_call")
    reply.confirm(cleo, _dee())
    shown = words(dee.get(page_of(cleo)))
    assert "To say on the phone: appointment confirmed" in shown
    assert "To say on the phone: request received" not in shown


def test_how_to_reach_them_is_set_on_the_page(dee: Client) -> None:
    cleo = make.submitted(**PHONE)
    say(dee, cleo, "reach", contact_by="phone", phone_only="on")
    shown = words(dee.get(page_of(cleo)))
    assert "by phone only, no e-mail" in shown
    assert "How to reach themby Dee Hart; by phone only" in shown


def test_an_interpreter_is_said_beside_the_button_and_large_print_needs_no_reason(dee: Client) -> None:
    support = {"concerns": [], "applies": [], "support": ["interpreter", "large_print"]}
    cleo = make.submitted(**PHONE, answers=support)
    shown = words(dee.get(page_of(cleo)))
    assert "They need an interpreter, and our mails are in English. Left empty, this is not mailed" in shown
    assert "Their mails go in large print." in shown
    say(dee, cleo, "assess")
    assert "It is a call to make." in words(dee.get(page_of(cleo)))
    assert cleo.messages.get(kind="assessing").state == "to_call"
    say(dee, cleo, "confirm_wish", **typed("confirm_wish"), despite="She reads English.")
    assert "Confirmed. Cleo is told by e-mail." in words(dee.get(page_of(cleo)))
    assert cleo.messages.get(kind="confirmed").state == "queued"


# --- seen from the list -----------------------------------------------------------------------------------------------


def test_the_rail_and_the_list_lead_to_whoever_is_to_be_rung(dee: Client) -> None:
    make.submitted(name="Other One", start=None)
    cleo = _only_rung(make.submitted(**PHONE))
    assert "Calls and texts" in words(dee.get(page_of(cleo)))
    listed = dee.get(f"{WORKLIST}?flag=ring")
    assert [row.name for row in listed.context["rows"]] == [cleo.name]
    assert "Call to make" in words(listed)
    say(dee, cleo, "spoke")
    assert "Calls and texts" not in words(dee.get(page_of(cleo)))
    assert not dee.get(f"{WORKLIST}?flag=ring").context["rows"]


def test_what_somebody_meant_to_come_back_to_is_listed_with_the_overdue_on_top(dee: Client) -> None:
    today, overdue, later = (
        make.submitted(name=name, start=make.at(4, hour))
        for name, hour in (("To Day", 10), ("Over Due", 12), ("La Ter", 14))
    )
    assert "<span>Come back today</span>" not in html(dee.get(WORKLIST))
    for consultation, day in ((today, 30), (later, 31)):
        calls.follow_up(consultation, _dee(), on=date(2026, 11 if day == 30 else 12, min(day, 30)))
    ConsultationRequest.objects.filter(pk=overdue.pk).update(follow_up_on=date(2026, 11, 20))
    assert "<span>Come back today</span>" in html(dee.get(WORKLIST))
    listed = dee.get(f"{WORKLIST}?flag=back")
    assert [row.name for row in listed.context["rows"]] == ["Over Due", "To Day"]
