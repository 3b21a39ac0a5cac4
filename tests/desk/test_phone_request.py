"""Somebody rings: staff type, choose a time, and one mail goes."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from bookings import slot_text
from bookings.models import ConsultationRequest, Message, SupportNeeds
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
        "applies": ["none"],
        "concerns": ["rolling"],
        "anything_else": "Wants to know what is possible.",
        "slot": slot_text.of(make.slot(make.at(3, 10))),
        "make": "book",
    }
    return values | changes


def test_a_chosen_time_is_booked_with_one_mail(dee: Client) -> None:
    page = html(dee.post(ADD, {"see_day": "2026-12-03"}))
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


def test_a_day_is_one_press_that_loses_nothing(dee: Client) -> None:
    sent = form(slot="", see_day="2026-12-03")
    del sent["make"]
    page = html(dee.post(ADD, sent))
    assert '<input type="hidden" name="see_day" value="2026-12-03">' in page
    shown = re.findall(r'name="slot" value="\d+@([^"]+)"', page)
    assert shown and all(value.startswith("2026-12-03T") for value in shown)
    assert 'value="Cleo Marsh"' in page
    assert "errornote" not in page


def test_a_chosen_time_of_another_day_stays_chosen(dee: Client) -> None:
    chosen = slot_text.of(make.slot(make.at(3, 10)))
    sent = form(see_day="2026-12-04")
    del sent["make"]
    for page in (dee.post(ADD, sent), dee.post(ADD, form(see_day="2026-12-04", name=""))):
        assert f'value="{chosen}" checked' in html(page)


def test_made_up_days_and_people_show_the_first_day(dee: Client) -> None:
    for odd in ("9", "x", "2026-13-01", "9999-12-31", "9" * 40):
        page = dee.post(ADD, {"see_day": odd, "see_who": odd, "use": odd, "slot": odd, "although": odd})
        assert page.status_code == 200
        assert 'aria-pressed="true"' in html(page)


def test_a_time_sooner_than_clients_may_choose_is_marked_and_can_be_booked(dee: Client) -> None:
    page = html(dee.get(ADD))
    soon = re.findall(r'class="time sooner"><input type="radio" name="slot" value="([^"]+)"', page)
    assert soon
    assert f'<input type="hidden" name="although" value="{soon[0]} notice">' in page
    assert dee.post(ADD, form(slot=soon[0], although=f"{soon[0]} notice")).status_code == 303
    assert ConsultationRequest.objects.get().status == "confirmed"


def test_any_other_time_is_read_looked_at_and_then_booked(dee: Client) -> None:
    sent = form(slot="", other="Thu 3 Dec 20:05", see_who=str(make.practitioner().pk))
    page = dee.post(ADD, sent)
    assert page.status_code == 409
    assert "Look first at the time that you typed" in words(page)
    assert "Clients are not offered this time." in words(page)
    (told,) = re.findall(r'name="although" value="(\S+ [^"]*hours[^"]*)"', html(page))
    value = told.split()[0]
    assert f'value="{value}" checked' in html(page)
    assert not ConsultationRequest.objects.exists()
    unseen = dee.post(ADD, form(slot=value))
    assert unseen.status_code == 409
    assert "Look first at what is against this time" in words(unseen)
    assert dee.post(ADD, form(slot=value, although=told)).status_code == 303
    assert "hours" in ConsultationRequest.objects.get().appointments.booked().get().stands_although


def test_another_time_that_is_none_is_said_beside_it_and_kept(dee: Client) -> None:
    sent = form(slot="", other="whenever", see_who=str(make.practitioner().pk))
    del sent["make"]
    page = dee.post(ADD, sent | {"check": "1"})
    assert page.status_code == 200
    assert 'name="other" value="whenever"' in html(page)
    assert "“whenever” was not understood" in words(page)


def test_another_time_needs_somebody_who_gives_it(dee: Client) -> None:
    bo = make.practitioner(name="Bo Sato")
    bo.consultation_types.add(make.consultation_type())
    page = dee.post(ADD, form(slot="", other="Thu 3 Dec 20:05", see_who=""))
    said = words(page)
    assert "Nobody is free at Thu 3 Dec 20:05. Nearest: Thu 3 Dec 16:15 with " in said
    assert "For that time all the same, choose with whom, above the days." in said
    assert 'name="other" value="Thu 3 Dec 20:05"' in html(page)
    free = html(dee.post(ADD, form(slot="", other="Thu 3 Dec 15:00", see_who="")))
    assert f'value="{slot_text.of(make.slot(make.at(3, 15)))}" checked' in free, "somebody is free then"


def test_what_applies_is_asked_and_flags_arise_from_calls_too(dee: Client) -> None:
    assert "Ask, and tick what applies" in words(dee.post(ADD, form(applies=[])))
    both = words(dee.post(ADD, form(applies=["none", "tan"])))
    assert "“None of these” and something else are ticked." in both
    sent = form(applies=["isotretinoin"])
    look = {name: value for name, value in sent.items() if name != "make"}
    assert "A clinician looks at this one first." in words(dee.post(ADD, look | {"look_up": "1"}))
    assert dee.post(ADD, sent).status_code == 303
    consultation = ConsultationRequest.objects.get()
    assert consultation.needs_clinician and not consultation.urgent
    assert consultation.answers.data["applies"] == ["isotretinoin"]


def test_what_is_urgent_is_said_while_they_are_on_the_line(dee: Client) -> None:
    sent = form(anything_else="My scar is hot and swollen and I have a fever", slot="", make="keep")
    answer = dee.post(ADD, sent, follow=True)
    assert ConsultationRequest.objects.get().urgent
    assert "Say it before they ring off. Call 111 for advice, or 999 in an emergency." in words(answer)


def test_the_support_they_need_is_kept_where_all_of_the_desk_reads_it(dee: Client) -> None:
    assert dee.post(ADD, form(support=["interpreter"], support_note="Greek")).status_code == 303
    kept = SupportNeeds.objects.get().data
    assert kept == {"support": ["interpreter"], "support_note": "Greek"}


def test_looking_a_number_up_shows_who_has_it_and_takes_their_name(dee: Client) -> None:
    known = make.submitted(name="Cleo Marsh", phone="+441632960001")
    sent = {"draft": form()["draft"], "phone": "01632 960001", "look_up": "1"}
    page = dee.post(ADD, sent)
    assert page.status_code == 200
    assert known.reference in words(page) and "Same phone" in words(page)
    page = dee.post(ADD, {**sent, "use": str(known.pk)})
    assert f'value="{known.email}"' in html(page) and 'value="Cleo Marsh"' in html(page)
    nobody = dee.post(ADD, {**sent, "phone": "01632 960999"})
    assert "Nobody with this number, name or address yet." in words(nobody)


def test_without_an_address_everything_that_is_owed_becomes_a_call_to_make(dee: Client) -> None:
    asked = words(dee.post(ADD, form(email="", contact_by="text")))
    assert "Enter the e-mail address, or choose “Phone” for somebody who has none." in asked
    assert "Enter the number to reach them by." in words(dee.post(ADD, form(email="", phone="")))
    page = dee.post(ADD, form(email="", contact_by="email"), follow=True)
    assert "They have no e-mail address, so tell them now." in words(page)
    owed = Message.objects.get(kind="confirmed")
    assert (owed.state, owed.to) == (Message.State.TO_CALL, "")
    assert not Message.objects.filter(state=Message.State.QUEUED).exists()


def test_whoever_has_no_address_can_be_given_one_and_is_corrected_without(dee: Client) -> None:
    dee.post(ADD, form(email="", contact_by="phone"))
    cleo = ConsultationRequest.objects.get()
    page = f"{WORKLIST}{cleo.pk}/change/"
    sent = {"do": "correct_contact", "name": "Cleo Marshall", "phone": "01632 960001", "email": ""}
    assert dee.post(page, sent | {"version": cleo.version}).status_code == 303
    cleo.refresh_from_db()
    assert (cleo.name, cleo.email) == ("Cleo Marshall", "")
    added = sent | {"email": "cleo@example.org", "version": str(cleo.version)}
    assert dee.post(page, added).status_code == 303
    later = Message.objects.filter(state=Message.State.QUEUED)
    assert set(later.values_list("to", flat=True)) == {"cleo@example.org"}
    cleo.refresh_from_db()
    emptied = dee.post(page, sent | {"version": str(cleo.version)})
    assert emptied.status_code == 200 and cleo.email == "cleo@example.org"


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
