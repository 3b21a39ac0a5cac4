"""After an answer the desk shows what was done, until when it can be taken back, and what comes next."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from bookings.client.own import page
from bookings.models import ConsultationRequest, Together, Undo
from bookings.queries.undo import to_take_back
from tests import factories as make
from tests.client import walk
from tests.desk.pages import WORKLIST, html, page_of, say, typed, words

pytestmark = pytest.mark.once
MINE = "/consultations/mine/"


@pytest.fixture(autouse=True)
def three_minutes(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3


def confirmed(dee: Client, **changes: Any) -> ConsultationRequest:
    consultation = make.submitted(**changes)
    assert say(dee, consultation, "confirm", **typed("confirm")).status_code == 303
    consultation.refresh_from_db()
    return consultation


def bar(response: Any) -> str:
    """What the bar says; "" without one."""
    found = re.search(r'<div class="undo-bar".*?</div>', html(response), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def test_it_says_what_until_when_and_what_comes_next(dee: Client) -> None:
    make.submitted(name="Gus Vale", start=make.at(7, 10))
    cleo = confirmed(dee)
    said = bar(dee.get(page_of(cleo)))
    assert said.startswith("Confirmed: Cleo Marsh , Fri 4 Dec 10:00. The mail goes at 09:03.")
    assert "until 09:03" in said
    assert "Next new request: Gus Vale" in said


def test_it_stands_on_the_next_page_and_on_the_worklist_too(dee: Client) -> None:
    gus, cleo = make.submitted(name="Gus Vale", start=make.at(7, 10)), confirmed(dee)
    for place in (page_of(gus), WORKLIST):
        assert f'action="{page_of(cleo)}"' in html(dee.get(place)), place
        assert "Confirmed: Cleo Marsh" in bar(dee.get(place)), place


def test_what_was_done_last_is_on_top_whether_to_one_or_to_many(dee: Client) -> None:
    cleo = confirmed(dee)
    one = Undo.objects.get()
    made = Together.objects.create(by=one.by, at=make.NOW, until=one.until + timedelta(minutes=1), words="Bo")
    assert bar(dee.get(page_of(cleo))).startswith("Bo.")
    assert "and 1 more to take back" in words(dee.get(page_of(cleo))), "the others are folded away"
    Together.objects.filter(pk=made.pk).update(until=one.until - timedelta(minutes=1))
    assert bar(dee.get(page_of(cleo))).startswith("Confirmed: Cleo Marsh")


def test_one_press_takes_it_back(dee: Client) -> None:
    cleo = confirmed(dee)
    done = say(dee, cleo, "undo")
    assert done.status_code == 303
    page = words(dee.get(done.headers["Location"]))
    assert "Taken back. Nobody was told." in page
    assert "it was: Confirmed" in page
    cleo.refresh_from_db()
    assert cleo.status == "new"
    assert bar(dee.get(WORKLIST)) == ""


def test_pressed_twice_it_is_taken_back_once(dee: Client) -> None:
    cleo = confirmed(dee)
    sent = {"do": "undo", "version": cleo.version, "csrfmiddlewaretoken": "x" * 32}
    first, second = dee.post(page_of(cleo), sent), dee.post(page_of(cleo), sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert cleo.events.filter(verb="undo").count() == 1


def test_to_nobody_else_and_not_for_longer(dee: Client) -> None:
    cleo = confirmed(dee)
    fay = Client()
    fay.force_login(make.staff("Fay Holt", *make.DEE))
    assert bar(fay.get(page_of(cleo))) == ""
    refused = say(fay, cleo, "undo")
    assert refused.status_code == 409
    assert "only they can take it back" in words(refused)
    with time_machine.travel(make.NOW + timedelta(minutes=3), tick=False):
        assert bar(dee.get(page_of(cleo))) == ""
        late = say(dee, cleo, "undo")
    assert (late.status_code, "could be taken back until 09:03" in words(late)) == (409, True)


def test_who_may_not_answer_may_not_take_back(dee: Client, eve: Client) -> None:
    cleo = confirmed(dee)
    assert eve.post(page_of(cleo), {"do": "undo", "version": cleo.version}).status_code == 403


def test_spam_is_said_to_tell_nobody(dee: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "decline", reason="spam", note="")
    assert "Declined: Cleo Marsh . Nobody is told." in bar(dee.get(page_of(cleo)))


def test_for_somebody_who_is_not_mailed_it_is_a_call(dee: Client) -> None:
    cleo = make.submitted()
    ConsultationRequest.objects.filter(pk=cleo.pk).update(phone_only=True)
    say(dee, cleo, "confirm", **typed("confirm"))
    assert "They are not mailed: from 09:03 it is a call to make." in bar(dee.get(page_of(cleo)))
    assert say(dee, cleo, "undo").status_code == 303
    assert not cleo.messages.filter(kind="confirmed").exclude(state="dropped").exists()


def test_switched_off_it_costs_nothing_and_says_what_it_said(
    dee: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.UNDO_MINUTES = 0
    cleo = confirmed(dee)
    page = dee.get(page_of(cleo))
    assert bar(page) == ""
    assert "Confirmed. Cleo is told by e-mail." in words(page)
    mine = make.staff().pk
    with django_assert_num_queries(0):
        assert to_take_back(mine, make.NOW) == []


def test_it_is_one_statement(dee: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    confirmed(dee)
    mine = make.staff().pk
    with django_assert_num_queries(1):
        assert len(to_take_back(mine, make.NOW)) == 1


# --- the client's page ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [MINE, f"{MINE}reschedule/", f"{MINE}appointment.ics"])
def test_the_page_tells_the_truth_and_then_it_stays_so(dee: Client, page: str) -> None:
    cleo = make.submitted()
    browser = walk.signed_in(cleo)
    say(dee, cleo, "confirm", **typed("confirm"))
    assert browser.get(page).status_code == 200
    assert bar(dee.get(page_of(cleo))) == "", "nobody offers what would be refused"
    refused = say(dee, cleo, "undo")
    assert refused.status_code == 409
    assert "Cleo opened their page at 09:00 and has read it" in words(refused)


def test_what_was_taken_back_is_not_on_their_page(dee: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "decline", reason="refer_gp", note="See your GP about it.")
    say(dee, cleo, "undo")
    page = walk.main(walk.signed_in(cleo).get(MINE))
    assert "We have your request" in page
    assert "GP" not in page
    assert "answered your request" not in page


def test_changed_while_their_page_is_made_it_is_made_again(
    dee: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dee takes it back after Cleo's page was read, and before it is sent."""
    cleo = confirmed(dee)
    browser = walk.signed_in(cleo)
    drawn, times = page._drawn, list[int]()

    def drawn_slowly(*args: Any, **kwargs: Any) -> Any:
        response = drawn(*args, **kwargs)
        if not times:
            assert say(dee, cleo, "undo").status_code == 303
        times.append(1)
        return response

    monkeypatch.setattr(page, "_drawn", drawn_slowly)
    assert "We have your request" in walk.main(browser.get(MINE))
    assert len(times) == 2
    assert not Undo.objects.exists()
