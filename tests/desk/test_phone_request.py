"""Somebody rings: staff type, choose a time, and one mail goes."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.test import Client

from bookings.admin.forms import slot_value
from bookings.models import ConsultationRequest, Message
from tests import factories as make
from tests.desk.pages import WORKLIST, html, words

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
        "slot": slot_value(make.slot(make.at(3, 10))),
        "make": "1",
    }
    return values | changes


def test_a_chosen_time_is_booked_with_one_mail(dee: Client) -> None:
    page = html(dee.get(ADD))
    assert slot_value(make.slot(make.at(3, 10))) in page
    response = dee.post(ADD, form())
    assert response.status_code == 303
    row = ConsultationRequest.objects.get()
    assert (row.status, row.phone, row.name) == ("confirmed", "+441632960001", "Cleo Marsh")
    assert row.appointments.booked().get().starts_at == make.at(3, 10)
    assert row.answers.data["anything_else"] == "Wants to know what is possible."
    assert row.consents.get().given
    now = Message.objects.filter(request=row).exclude(kind__startswith="reminder")
    assert [message.kind for message in now] == ["confirmed"]
    assert row.events.get().actor_label == "Dee Hart"


def test_without_a_time_it_becomes_a_new_request(dee: Client) -> None:
    assert dee.post(ADD, form(slot="", day="1", part="morning")).status_code == 303
    row = ConsultationRequest.objects.get()
    assert row.status == "new"
    assert str(row.windows.get()) == "Tuesday, morning"


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
    assert f'value="{slot_value(make.slot(make.at(3, 10)))}" checked' in html(page)
    assert not ConsultationRequest.objects.exists()


def test_a_time_that_has_just_gone_keeps_everything_and_shows_the_nearest(dee: Client) -> None:
    make.submitted(start=make.at(3, 10), email="other@example.org")
    page = dee.post(ADD, form())
    assert page.status_code == 409
    assert "That time has just been taken." in words(page)
    assert "Nearest free times" in words(page)
    assert 'value="Cleo Marsh"' in html(page)
    assert ConsultationRequest.objects.count() == 1


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
