"""The desk asks whether another time would suit: what is proposed is on the page, and can be thought better of."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings import slot_text
from bookings.models import ConsultationRequest
from tests import factories as make
from tests.desk.pages import WORKLIST, buttons, html, page_of, say, typed, words

pytestmark = pytest.mark.once


@pytest.fixture
def cleo(dee: Client) -> ConsultationRequest:
    consultation = make.in_state("confirmed")
    sent = typed("propose_move") | {"note": "Ana teaches that morning."}
    assert say(dee, consultation, "propose_move", **sent).status_code == 303
    return consultation


def test_the_page_says_what_is_proposed_and_until_when(dee: Client, cleo: ConsultationRequest) -> None:
    page = dee.get(page_of(cleo))
    assert (
        "Fri 4 Dec 10:00 with Ana Lind is proposed beside it. They can choose until Tue 1 Dec 17:00"
        in words(page)
    )
    assert "Another time was proposed" in words(page)
    assert "keep" in buttons(page)
    assert "Fri 4 Dec 10:00 proposed" in words(dee.get(f"{WORKLIST}?q={cleo.reference}"))


def test_it_can_be_withdrawn_and_then_there_is_nothing_to_withdraw(
    dee: Client, cleo: ConsultationRequest
) -> None:
    done = say(dee, cleo, "keep")
    page = dee.get(done.headers["Location"])
    assert "The visit stays as it is. The proposed time is free again." in words(page)
    assert "keep" not in buttons(page)
    again = say(dee, cleo, "keep")
    assert again.status_code == 409
    assert "No other time is proposed any more." in words(again)


def test_the_mail_can_be_read_first(dee: Client) -> None:
    consultation = make.in_state("confirmed")
    shown = say(dee, consultation, "propose_move", preview="propose_move", **typed("propose_move"))
    said = words(shown)
    assert "Would another time suit you?" in said
    assert "Your consultation is on Thursday 3 December at 10am." in said
    assert "until tomorrow, Tuesday 1 December, at 5pm" in said or "until Tuesday 1 December at 5pm" in said
    assert "- Friday 4 December at 10am" in said
    assert "Nothing changes unless you take the new time." in said


def test_a_time_beside_the_visit_is_refused_and_what_was_typed_stays(dee: Client) -> None:
    consultation = make.in_state("confirmed")
    sent = typed("propose_move") | {
        "slot": slot_text.of(make.slot(make.at(3, 10))),
        "note": "Ana teaches that morning.",
    }
    refused = say(dee, consultation, "propose_move", **sent)
    assert refused.status_code == 409
    assert "That overlaps the visit as it is." in words(refused)
    assert "Ana teaches that morning.</textarea>" in html(refused)


def test_nothing_ticked(dee: Client) -> None:
    page = say(dee, make.in_state("confirmed"), "propose_move", note="")
    assert (page.status_code, "Tick a time first." in words(page)) == (200, True)
