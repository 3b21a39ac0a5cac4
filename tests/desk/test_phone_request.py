"""Somebody rings: staff type, choose a time, and one mail goes."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from bookings import slot_text
from bookings.models import ConsultationRequest, Message
from tests import factories as make
from tests.desk.pages import WORKLIST, html, words

pytestmark = pytest.mark.once

ADD = f"{WORKLIST}add/"


def form(**changes: Any) -> dict[str, Any]:
    """A call from Cleo, who takes Ana on Thursday at 10:00."""
    values = {
        "draft": str(uuid.uuid4()),
        "adult": "on",
        "agreed": "on",
        "name": "Cleo Marsh",
        "email": "cleo@example.org",
        "phone": "01632 960 001",
        "contact_by": "phone",
        "may_leave_message": "on",
        "kind": make.consultation_type().pk,
        "concerns": ["rolling"],
        "anything_else": "Wants to know what is possible.",
        "slot": slot_text.of(make.slot(make.at(3, 10))),
        "make": "book",
    }
    return values | changes


def test_a_chosen_time_is_booked_with_one_mail(dee: Client) -> None:
    page = html(dee.get(ADD))
    assert slot_text.of(make.slot(make.at(3, 10))) in page
    response = dee.post(ADD, form())
    assert response.status_code == 303
    consultation = ConsultationRequest.objects.get()
    assert (consultation.status, consultation.phone, consultation.name) == (
        "confirmed",
        "+441632960001",
        "Cleo Marsh",
    )
    assert consultation.appointments.booked().get().starts_at == make.at(3, 10)
    assert consultation.answers.data["anything_else"] == "Wants to know what is possible."
    assert consultation.consents.get().given
    now = Message.objects.filter(request=consultation).exclude(kind__startswith="reminder")
    assert [message.kind for message in now] == ["confirmed"]
    assert consultation.events.get().actor_label == "Dee Hart"


def test_without_a_time_it_becomes_a_new_request(dee: Client) -> None:
    assert dee.post(ADD, form(slot="", day="1", part="morning", make="keep")).status_code == 303
    consultation = ConsultationRequest.objects.get()
    assert consultation.status == "new"
    assert str(consultation.windows.get()) == "Tuesday, morning"


def test_pressing_twice_makes_one_request(dee: Client) -> None:
    same = form()
    first, second = dee.post(ADD, same), dee.post(ADD, same)
    assert first.headers["Location"] == second.headers["Location"]
    assert ConsultationRequest.objects.count() == 1


def test_what_is_missing_is_said_and_what_was_typed_stays(dee: Client) -> None:
    sent = form(name="", email="nobody", phone="", concerns=["rolling"])
    del sent["adult"], sent["agreed"]
    page = dee.post(ADD, sent)
    assert page.status_code == 200
    for expected in (
        "we cannot see anybody under 18",
        "Ask first: without it",
        "Enter the name.",
        "reach them by",
    ):
        assert expected in words(page)
    assert "Wants to know what is possible.</textarea>" in html(page)
    assert f'value="{slot_text.of(make.slot(make.at(3, 10)))}" checked' in html(page)
    assert not ConsultationRequest.objects.exists()


@pytest.mark.parametrize("name", ["\u200b\u200d", "\u3164", "\u2800", "??"])
def test_a_name_that_shows_nothing_is_asked_for(dee: Client, name: str) -> None:
    page = dee.post(ADD, form(name=name))
    assert page.status_code == 200
    assert "Enter the name." in words(page)
    assert not ConsultationRequest.objects.exists()


def test_a_name_is_kept_as_it_is_spelled_and_a_pasted_break_parts_it(dee: Client) -> None:
    assert dee.post(ADD, form(name="علی\u200cرضا\x0bکریمی")).status_code == 303
    assert ConsultationRequest.objects.get().name == "علی\u200cرضا کریمی"


def test_a_time_that_has_just_gone_keeps_everything_and_shows_the_nearest(dee: Client) -> None:
    make.submitted(start=make.at(3, 10), email="other@example.org")
    page = dee.post(ADD, form())
    assert page.status_code == 409
    assert "That time has just been taken." in words(page)
    assert "Nearest free times" in words(page)
    assert 'value="Cleo Marsh"' in html(page)
    assert ConsultationRequest.objects.count() == 1


def test_a_wrong_field_and_a_time_that_has_gone_are_said_together(dee: Client) -> None:
    make.submitted(start=make.at(3, 10), email="other@example.org")
    page = dee.post(ADD, form(name=""))
    assert page.status_code == 409
    assert "Enter the name." in words(page)
    assert "That time has just been taken." in words(page)
    assert "Nearest free times" in words(page)


def test_a_time_is_booked_or_left_out_by_its_own_button_only(dee: Client) -> None:
    for sent in (form(slot=""), {k: v for k, v in form().items() if k != "slot"}):
        assert "Choose a time, or keep the request without one." in words(dee.post(ADD, sent))
    page = dee.post(ADD, form(make="keep"))
    assert "A time is chosen. Book it, or choose “No time now” first." in words(page)
    assert not ConsultationRequest.objects.exists()
    assert re.search(r'name="slot" value="[^"]*" checked', html(dee.get(ADD))) is None
    without = {k: v for k, v in form(make="keep").items() if k != "slot"}
    assert dee.post(ADD, without).status_code == 303
    assert ConsultationRequest.objects.get().status == "new"


def test_thursday_afternoon_is_two_presses_that_lose_nothing(dee: Client) -> None:
    sent = form(slot="", see_day="3")
    del sent["make"]
    page = html(dee.post(ADD, sent))
    assert '<input type="hidden" name="see_day" value="3">' in page
    page = html(dee.post(ADD, sent | {"see_part": "afternoon"}))
    shown = re.findall(r'name="slot" value="\d+@([^"]+)"', page)
    assert shown and all(s.startswith(("2026-12-03T1", "2026-12-10T1", "2026-12-17T1")) for s in shown)
    assert min(s[11:16] for s in shown) == "12:00"
    assert 'value="Cleo Marsh"' in page
    assert "errornote" not in page


def test_a_chosen_time_that_the_chips_hide_stays_chosen(dee: Client) -> None:
    chosen = slot_text.of(make.slot(make.at(3, 10)))
    sent = form(see_part="afternoon")
    del sent["make"]
    assert f'value="{chosen}" checked' in html(dee.post(ADD, sent))
    assert f'value="{chosen}" checked' in html(dee.post(ADD, form(see_part="afternoon", name="")))


def test_made_up_chips_show_every_time(dee: Client) -> None:
    for odd in ("9", "x", "9" * 40):
        page = dee.post(ADD, {"see_day": odd, "see_part": odd, "see_who": odd})
        assert page.status_code == 200


def test_phone_comes_before_the_address_and_the_page_says_why_it_is_needed(dee: Client) -> None:
    page = dee.get(ADD)
    assert html(page).index('name="phone"') < html(page).index('name="email"')
    assert "Needed: the answer goes there" in words(page)


def test_other_times_can_be_looked_at_without_losing_what_was_typed(dee: Client) -> None:
    call = make.consultation_type(name="Phone call", minutes=15, mode="phone")
    make.practitioner().consultation_types.add(call)
    sent = form(kind=call.pk, times="1")
    del sent["make"]
    page = html(dee.post(ADD, sent))
    assert 'value="Cleo Marsh"' in page
    assert re.search(rf'<option value="{call.pk}" selected>', page)
    assert not ConsultationRequest.objects.exists()


def test_it_needs_the_right_to_decide(eve: Client) -> None:
    looker = Client()
    looker.force_login(make.staff("Lou Looker", "bookings.view_consultationrequest"))
    for client in (eve, looker):
        assert client.get(ADD).status_code == 403
        assert client.post(ADD, form()).status_code == 403
    assert not ConsultationRequest.objects.exists()
