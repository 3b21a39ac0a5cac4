"""Cleo is asked whether another time would suit her: two clear choices on her page, and what she does counts once."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import ConsultationRequest, TimeOff
from bookings.workflow.core import Actor, Origin
from bookings.workflow.proposal import propose_move
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once
MINE = "/consultations/mine/"
NOTE = "Ana teaches on Thursday morning."


@pytest.fixture
def cleo(monday_morning: time_machine.Traveller) -> ConsultationRequest:
    consultation = make.in_state("confirmed")
    monday_morning.shift(60)
    return propose_move(
        consultation,
        Origin(Actor.staff(make.staff()), make.NOW),
        slot=make.slot(make.at(8, 10)),
        note=NOTE,
    )


def press(browser: Client, consultation: ConsultationRequest, verb: str) -> Any:
    return browser.post(f"{MINE}{verb}/", {"version": consultation.version})


def test_the_page_shows_both_times_each_with_its_button(cleo: ConsultationRequest) -> None:
    browser = walk.signed_in(cleo)
    page = browser.get(MINE)
    walk.check_page(page)
    said = walk.main(page)
    assert "Would another time suit you?" in said
    assert "If you do not choose, nothing changes." in said
    assert NOTE in said
    new, old = (
        said.index("The new timeTuesday 8 December"),
        said.index("The time you haveThursday 3 December"),
    )
    assert new < said.index("Take the new time") < old < said.index("Keep the time you have")
    assert "asked whether another time would suit you: Tuesday 8 December at 10am" in said


def test_she_takes_it_and_a_second_press_is_the_same(cleo: ConsultationRequest) -> None:
    browser = walk.signed_in(cleo)
    for _ in range(2):
        assert press(browser, cleo, "accept-move").status_code == 303
    said = walk.main(browser.get(MINE))
    assert "Your consultation has moved" in said
    assert "You took the new time: Tuesday 8 December at 10am" in said
    assert NOTE not in said, "it was about the proposal"
    assert "Take the new time" not in said
    assert cleo.events.filter(verb="accept_move").count() == 1


def test_she_keeps_hers(cleo: ConsultationRequest) -> None:
    browser = walk.signed_in(cleo)
    for _ in range(2):
        assert press(browser, cleo, "keep").status_code == 303
    said = walk.main(browser.get(MINE))
    assert "Your consultation stays as it is." in said
    assert "Take the new time" not in said
    late = press(browser, cleo, "accept-move")
    assert (late.status_code, "This changed while you were reading" in walk.main(late)) == (409, True)


def test_a_time_that_was_switched_off_is_said_and_has_no_button(cleo: ConsultationRequest) -> None:
    browser = walk.signed_in(cleo)
    ana = cleo.appointments.held().get().practitioner
    TimeOff.objects.create(practitioner=ana, starts_at=make.at(8, 9), ends_at=make.at(8, 17))
    said = walk.main(browser.get(MINE))
    assert "It can no longer be booked." in said
    assert "Your consultation stays as it is." in said
    assert "Take the new time" not in said
    refused = press(browser, cleo, "accept-move")
    assert (refused.status_code, "stays as it is" in walk.main(refused)) == (409, True)
    cleo.refresh_from_db()
    assert cleo.appointments.booked().get().starts_at == make.at(3, 10)


def test_an_ended_session_changes_nothing(cleo: ConsultationRequest) -> None:
    for verb in ("accept-move", "keep"):
        assert press(Client(), cleo, verb).status_code == 403
    assert cleo.events.filter(verb__in=["accept_move", "keep"]).count() == 0
