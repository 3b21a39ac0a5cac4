"""Up to three questions for the visit: sent from the client's page, which never shows them, and read at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.messages import render
from bookings.models import ConsultationRequest, VisitQuestion
from bookings.queries.visit_questions import open_questions
from bookings.states import Status
from bookings.workflow import attendance
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk
from tests.desk.pages import html, page_of, say
from tests.desk.pages import words as desk_words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MINE, SEND = "/consultations/mine/", "/consultations/mine/choose-questions/"
OWN = "Does a quinsy matter?"


@pytest.fixture
def cleo() -> ConsultationRequest:
    return make.in_state(Status.CONFIRMED)


def send(browser: Client, version: int, *, suggested: Any = (), own: str = "") -> Any:
    return browser.post(SEND, {"version": version, "suggested": list(suggested), "own": own})


def desk(name: str, *rights: str) -> Client:
    client = Client()
    client.force_login(make.staff(name, *rights))
    return client


def test_chosen_and_own_questions_are_sent_and_their_words_stand_nowhere_behind_the_link(
    cleo: ConsultationRequest,
) -> None:
    browser = walk.signed_in(cleo)
    assert "Tell us up to three things" in walk.text(browser.get(MINE))
    assert send(browser, cleo.version, suggested=["risks"], own=f"{OWN}\r\n\r\n").status_code == 303
    assert [one.words for one in open_questions(cleo)] == ["What are the risks for my skin?", OWN]
    assert send(browser, cleo.version, suggested=["risks"], own=OWN).status_code == 303  # a double click
    page = browser.get(MINE)
    assert "You sent us 2 questions." in walk.text(page) and "Send other questions instead" in walk.text(page)
    assert "Thank you. We have your questions" in walk.text(page) and "quinsy" not in html(page)

    changed = send(browser, cleo.version, own="Another one?")  # of a page that is old by now
    assert changed.status_code == 409 and "Another one?" in html(changed)
    cleo.refresh_from_db()
    assert send(browser, cleo.version, own="Another one?").status_code == 303
    assert "You sent us 1 question." in walk.text(browser.get(MINE))


@pytest.mark.parametrize(
    ("suggested", "own", "why"),
    [
        ([], " \r\n ", "Tick a question, or write one of your own"),
        (["realistic", "risks", "cost"], OWN, "These are 4 questions. Choose three"),
        ([], "x" * 301, "Keep each question to 300 characters"),
        (["made-up"], OWN, "Choose from the list"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_kept(
    cleo: ConsultationRequest, suggested: list[str], own: str, why: str
) -> None:
    browser = walk.signed_in(cleo)
    page = browser.get(send(browser, cleo.version, suggested=suggested, own=own)["Location"])
    assert why in walk.text(page) and own.strip() in html(page) and not VisitQuestion.objects.exists()
    assert '<details class="fold lone" open><summary>Choose your questions' in html(page)


def test_they_are_offered_until_the_visit_begins_and_mentioned_in_the_mails(
    cleo: ConsultationRequest,
) -> None:
    browser = walk.signed_in(cleo)
    for kind in ("confirmed", "reminder_48h"):
        message = cleo.messages.filter(kind=kind).latest("id")
        assert "send us up to three questions" in render.compose(message, now=make.NOW, has_note=False).text
    with time_machine.travel(make.at(3, 10) + timedelta(seconds=1), tick=False):
        browser = walk.signed_in(cleo, now=make.at(3, 10))
        assert "Choose your questions" not in walk.text(browser.get(MINE))
        page = send(browser, cleo.version, own=OWN)
        assert page.status_code == 409 and "Your consultation has begun" in walk.text(page)
    cleo.consultation_type.purpose = "session"
    cleo.consultation_type.save()
    assert "Choose your questions" not in walk.text(walk.signed_in(cleo).get(MINE))


def test_whoever_reads_health_reads_and_settles_them_and_the_front_desk_sees_how_many(
    cleo: ConsultationRequest,
) -> None:
    send(walk.signed_in(cleo), cleo.version, suggested=["cost"], own=OWN)
    rights = ("bookings.view_consultationrequest", "bookings.decide_request")
    dee, fay = desk("Dee Hart", *rights, "bookings.read_health"), desk("Fay Front", *rights)
    whole, ana = (
        "/admin/day/?on=2026-12-03&who=all",
        f"/admin/day/?on=2026-12-03&who={make.practitioner().pk}",
    )
    for page in (whole, ana, page_of(cleo)):
        assert "2 questions" in desk_words(fay.get(page)) and OWN not in html(fay.get(page))
    assert OWN not in html(dee.get(whole))
    assert OWN in html(dee.get(ana)) and OWN in html(dee.get(page_of(cleo)))

    cleo.refresh_from_db()
    attendance.attend(cleo, Origin(Actor.staff(make.staff()), make.at(3, 10)))
    first, second = open_questions(cleo)
    assert "answer_question" not in html(fay.get(page_of(cleo)))
    assert say(fay, cleo, f"answer_question:{first.pk}").status_code == 403
    answer = say(dee, cleo, f"answer_question:{first.pk}")
    assert answer.status_code == 303 and answer["Location"].endswith("#h-questions")
    assert "Marked as answered." in desk_words(dee.get(page_of(cleo)))
    again = say(dee, cleo, f"answer_question:{first.pk}")
    assert again.status_code == 409 and "marked as answered already" in desk_words(again)
    assert say(dee, cleo, "answer_question:999").status_code == 409
    assert say(dee, cleo, f"put_off_question:{second.pk}").status_code == 303
    assert open_questions(cleo) == [] and "1 question" not in desk_words(fay.get(whole))
