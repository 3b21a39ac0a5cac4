"""Staff type any day, time and person: the page says why clients are not offered it, and then gives it all the same."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from bookings import slot_text
from bookings.models import Closure, ConsultationRequest, Event
from bookings.states import Status
from tests import factories as make
from tests.desk.pages import html, page_of, say, words

pytestmark = pytest.mark.once


def ana() -> str:
    return str(make.practitioner().pk)


def agreed(page: Any) -> dict[str, Any]:
    """What the next press of this page carries: the ticked times, and what stood against them."""
    block = html(page).split('<fieldset class="slots"')[1]
    ticked = re.findall(r'name="slot" value="([^"]+)" checked', block)
    return {"slot": ticked, "although": re.findall(r'name="although" value="([^"]+)"', block)}


@pytest.fixture
def cleo() -> ConsultationRequest:
    return make.submitted(start=None)


def test_a_typed_time_is_checked_and_nothing_changes(dee: Client, cleo: ConsultationRequest) -> None:
    page = say(dee, cleo, "offer", check="offer", other="Sat 5 Dec 10:00", other_who=ana(), note="Ring us.")
    shown = words(page)
    assert page.status_code == 200
    assert "Sat 5 Dec 10:00" in shown
    assert "Clients are not offered this time. Ana Lind does not work on Saturday 5 December." in shown
    assert "Tick a time first." not in shown
    assert agreed(page)["slot"] == [slot_text.of(make.slot(make.at(5, 10)))]
    assert "Ring us.</textarea>" in html(page)
    assert Event.objects.filter(request=cleo).count() == 1


@pytest.mark.parametrize(("do", "status"), [("confirm", Status.CONFIRMED), ("offer", Status.OFFERED)])
def test_it_is_given_once_its_page_has_said_what_is_against_it(
    dee: Client, cleo: ConsultationRequest, do: str, status: Status
) -> None:
    page = say(dee, cleo, do, check=do, other="Sat 5 Dec 10:00", other_who=ana())
    assert say(dee, cleo, do, **agreed(page), until="960").status_code == 303
    cleo.refresh_from_db()
    assert cleo.status == status
    assert cleo.appointments.occupying().get().starts_at == make.at(5, 10)
    assert Event.objects.filter(request=cleo).latest("version").facts["although"] == ["hours"]
    assert "outside working hours" in words(dee.get(page_of(cleo)))


def test_a_visit_moves_there_too(dee: Client) -> None:
    visiting = make.in_state(Status.CONFIRMED)
    page = say(dee, visiting, "reschedule", check="reschedule", other="Sat 5 Dec 10:07", other_who=ana())
    assert "does not work on Saturday" in words(page)
    assert say(dee, visiting, "reschedule", **agreed(page)).status_code == 303
    assert visiting.appointments.booked().get().starts_at == make.at(5, 10, 7)


def test_enter_after_it_checks_it_too(dee: Client, cleo: ConsultationRequest) -> None:
    page = say(dee, cleo, "", enter="offer", other="Sat 5 Dec 10:00", other_who=ana())
    assert page.status_code == 200
    assert "Ana Lind does not work on Saturday 5 December." in words(page)


def test_what_is_typed_beside_one_button_is_not_the_others(dee: Client) -> None:
    """As a browser sends it: a move and a proposal may stand on one page, and every press brings the fields of both."""
    visiting = make.in_state(Status.CONFIRMED)
    sent = {"reschedule-other": "Sat 5 Dec 10:00", "reschedule-other_who": ana(), "propose_move-other": ""}
    for press in ({"check": "reschedule"}, {"do": "", "enter": "propose_move"}):
        data = (
            {"version": visiting.version, "reschedule-note": "Ring us.", "propose_move-note": ""}
            | sent
            | press
        )
        page = dee.post(page_of(visiting), data)
        assert page.status_code == 200
        assert "Ana Lind does not work on Saturday 5 December." in words(page)
        assert "Ring us.</textarea>" in html(page)


def test_pressing_at_once_says_it_first(dee: Client, cleo: ConsultationRequest) -> None:
    page = say(dee, cleo, "confirm", other="Sat 5 Dec 10:00", other_who=ana())
    assert page.status_code == 409
    assert "Look first at what is against Sat 5 Dec 10:00." in words(page)
    assert say(dee, cleo, "confirm", **agreed(page)).status_code == 303


def test_a_time_with_nothing_against_it_needs_no_second_press(dee: Client, cleo: ConsultationRequest) -> None:
    assert say(dee, cleo, "confirm", other="Fri 4 Dec 10:00", other_who=ana()).status_code == 303
    assert cleo.appointments.booked().get().starts_at == make.at(4, 10)


def test_what_came_meanwhile_is_shown_and_not_booked_over(dee: Client, cleo: ConsultationRequest) -> None:
    page = say(dee, cleo, "confirm", check="confirm", other="Sat 5 Dec 10:00", other_who=ana())
    Closure.objects.create(first_day=date(2026, 12, 5), last_day=date(2026, 12, 5), name="Snow")
    again = say(dee, cleo, "confirm", **agreed(page))
    assert again.status_code == 409
    assert "The clinic is closed on Saturday 5 December: Snow." in words(again)
    assert say(dee, cleo, "confirm", **agreed(again)).status_code == 303


def test_a_suggested_time_whose_day_was_closed_meanwhile_can_be_given_all_the_same(
    dee: Client, cleo: ConsultationRequest
) -> None:
    ticked = slot_text.of(make.slot(make.at(4, 10)))
    Closure.objects.create(first_day=date(2026, 12, 4), last_day=date(2026, 12, 4), name="Snow")
    page = say(dee, cleo, "confirm", slot=[ticked])
    assert page.status_code == 409
    assert "The clinic is closed on Friday 4 December: Snow." in words(page)
    assert say(dee, cleo, "confirm", **agreed(page)).status_code == 303


def test_somebody_elses_time_is_named_and_has_no_box(dee: Client, cleo: ConsultationRequest) -> None:
    other = make.in_state(Status.CONFIRMED, name="Rita Rival", start=make.at(4, 10))
    page = say(dee, cleo, "offer", check="offer", other="Fri 4 Dec 10:15", other_who=ana())
    assert f"Ana Lind has the visit of Rita Rival ({other.reference}), 10:00 to 10:30 then." in words(page)
    assert agreed(page)["slot"] == []
    forced = slot_text.of(make.slot(make.at(4, 10, 15)))
    page = say(dee, cleo, "confirm", slot=[forced], although=[f"{forced} visit hours"])
    assert page.status_code == 409
    assert f"{other.reference} has Fri 4 Dec 10:00 to 10:30." in words(page)


def test_nor_has_the_past(dee: Client, cleo: ConsultationRequest) -> None:
    page = say(dee, cleo, "confirm", check="confirm", other="today 08:00", other_who=ana())
    assert "It has passed." in words(page)
    assert agreed(page)["slot"] == []
    assert say(dee, cleo, "confirm", other="today 08:00", other_who=ana()).status_code == 409


def test_the_time_that_was_ticked_for_them_makes_room(dee: Client, cleo: ConsultationRequest) -> None:
    first = re.findall(r'name="at_first" value="([^"]+)"', html(dee.get(page_of(cleo))))
    assert first
    data = {"slot": first, "at_first": first, "other": "Fri 4 Dec 10:00", "other_who": ana()}
    assert say(dee, cleo, "confirm", **data).status_code == 303
    assert cleo.appointments.booked().get().starts_at == make.at(4, 10)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"other": "Tue 25:00"}, "25:00 is not a time."),
        ({"other": "soon"}, "“soon” was not understood. Type a day and a time, for example"),
        ({"other": "Wed 1 Dec 10:00"}, "1 December is a Tuesday."),
        ({"other": "x" * 500}, "60 characters"),
        ({"other": "Fri 4 Dec 10:00", "other_who": ""}, "Choose with whom."),
        ({"other": "Fri 4 Dec 10:00", "other_who": "999999"}, "Select a valid choice."),
    ],
)
def test_what_is_no_time_is_said_beside_the_field_and_kept(
    dee: Client, cleo: ConsultationRequest, typed: dict[str, str], says: str
) -> None:
    for button in ({"check": "offer"}, {}):
        page = say(dee, cleo, "offer", **({"other_who": ana()} | typed | button))
        assert page.status_code == 200
        assert says in words(page)
        assert typed["other"][:50] in html(page)
    assert Event.objects.filter(request=cleo).count() == 1


@pytest.mark.parametrize(
    "although", ["", "x", "x y z", "1@2026-12-04T10:00Z nonsense", "\x00", "hours " * 400]
)
def test_made_up_agreements_are_no_error(dee: Client, cleo: ConsultationRequest, although: str) -> None:
    value = slot_text.of(make.slot(make.at(5, 10)))
    assert say(dee, cleo, "confirm", slot=[value], although=[although]).status_code in (400, 409)
    cleo.refresh_from_db()
    assert cleo.status == Status.NEW


def test_whoever_may_only_look_types_nothing(eve: Client, cleo: ConsultationRequest) -> None:
    assert say(eve, cleo, "confirm", check="confirm", other="Fri 4 Dec 10:00").status_code == 403
