"""The front desk reads what its work needs: support, and what is not about health. What is hidden says who reads it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bookings.models import ConsultationRequest, SupportNeeds
from bookings.workflow import reply
from bookings.workflow.core import Origin
from tests import factories as make
from tests.desk.pages import html, page_of, say, words

pytestmark = pytest.mark.once
HIDDEN = "About health: for practitioners and managers."
FAY = ("bookings.view_consultationrequest", "bookings.decide_request")


@pytest.fixture
def fay() -> Client:
    """Fay's browser: she is at the front desk, and reads no health answer."""
    client = Client()
    client.force_login(make.staff("Fay Front", *FAY))
    return client


def answered(cleo: ConsultationRequest, text: str) -> None:
    cleo.refresh_from_db()
    reply.answer(cleo, Origin(make.CLIENT, make.NOW), text=text)


def test_a_question_that_is_not_about_health_is_read_with_its_answer(dee: Client, fay: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "ask", question="Do you come by car?", not_health="on")
    answered(cleo, "By train.")
    shown = words(fay.get(page_of(cleo)))
    assert "Do you come by car?" in shown and "By train." in shown and HIDDEN not in shown


def test_a_question_without_that_tick_is_hidden_with_its_answer_and_says_so(dee: Client, fay: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "ask", question="Do you still get spots?")
    answered(cleo, "Two a week.")
    shown = words(fay.get(page_of(cleo)))
    assert "spots" not in shown and "Two a week" not in shown
    assert shown.count(HIDDEN) == 2
    assert "Two a week." in words(dee.get(page_of(cleo)))


def test_whoever_asks_reads_their_own_question_and_not_the_answer(fay: Client) -> None:
    cleo = make.submitted()
    say(fay, cleo, "ask", question="Do you still get spots?")
    answered(cleo, "Two a week.")
    shown = words(fay.get(page_of(cleo)))
    assert "Do you still get spots?" in shown and "Two a week" not in shown


@pytest.mark.parametrize("do", ["note", "add_information"])
def test_what_staff_write_down_is_hidden_unless_they_tick(dee: Client, fay: Client, do: str) -> None:
    cleo = make.submitted()
    say(dee, cleo, do, text="She takes tablets.")
    say(dee, cleo, do, text="She parks nearby.", not_health="on")
    shown = words(fay.get(page_of(cleo)))
    assert "tablets" not in shown and HIDDEN in shown
    assert "She parks nearby." in shown
    page = dee.get(page_of(cleo))
    assert "Not about health: the front desk reads it too." in words(page)
    assert "Without the tick the front desk cannot: only practitioners, managers" in words(page)
    if do == "note":
        history = html(page).partition('id="h-history"')[2]
        assert "Note kept." in history, "it is said where the note is"
        assert html(page).count("Note kept.") == history.count("Note kept.")


def test_it_is_said_to_whom_a_request_was_given(dee: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "assign", user=str(make.staff().pk))
    assert "Assigned to Dee Hart." in words(dee.get(page_of(cleo)))
    say(dee, cleo, "assign", user="")
    assert "Assigned to nobody." in words(dee.get(page_of(cleo)))


def test_a_refused_question_keeps_its_tick(dee: Client) -> None:
    cleo = make.submitted()
    page = say(dee, cleo, "ask", question="", not_health="on")
    assert b"Write the question." in page.content
    assert re.search(r'name="not_health"[^>]* checked', page.content.decode())


def test_the_front_desk_reads_support_and_is_told_who_reads_the_rest(fay: Client) -> None:
    needs = {"support": ["interpreter"], "support_note": "Polish, please."}
    cleo = make.submitted(answers={"concerns": ["rolling"], "applies": ["isotretinoin"]} | needs)
    shown = words(fay.get(page_of(cleo)))
    assert "An interpreter" in shown and "Polish, please." in shown
    assert "isotretinoin" not in shown and "For practitioners and managers." in shown


def test_needs_from_before_stay_among_the_health_answers(dee: Client, fay: Client) -> None:
    cleo = make.submitted()
    cleo.answers.data |= {"support": ["step_free"], "support_note": "A ramp."}
    cleo.answers.save()
    assert not SupportNeeds.objects.exists()
    assert "A ramp." in words(dee.get(page_of(cleo)))
    assert "A ramp." not in words(fay.get(page_of(cleo)))


def test_the_desk_notes_support_and_the_older_needs_make_way(dee: Client, fay: Client) -> None:
    cleo = make.submitted()
    cleo.answers.data |= {"support": ["step_free"], "support_note": "A ramp."}
    cleo.answers.save()
    assert say(fay, cleo, "note_support", needs=["interpreter"], more="Polish.").status_code == 303
    for browser in (dee, fay):
        page = browser.get(page_of(cleo))
        assert "An interpreter" in words(page) and "A ramp." not in words(page)
        assert 'name="note_support-more" value="Polish."' in page.content.decode()


def test_a_need_that_there_is_not_is_refused_beside_its_field(fay: Client) -> None:
    cleo = make.submitted()
    page = say(fay, cleo, "note_support", needs=["a_pony"], more="Polish.")
    assert page.status_code == 200 and b"a_pony is not one of the available choices" in page.content
    assert not SupportNeeds.objects.exists()
