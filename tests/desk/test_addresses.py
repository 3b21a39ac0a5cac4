"""Every door that an e-mail address comes in by keeps it in one form, and says in words what it cannot take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bookings.models import BookingRules, ConsultationRequest
from content.models import ClinicProfile
from tests import factories as make
from tests.client import walk
from tests.desk import test_phone_request
from tests.desk.pages import say, words
from tests.desk.test_schedule import fields

pytestmark = pytest.mark.once

# What is typed, and what the form says about it.
WRONG = [
    ("eve@[127.0.0.1]", "with a name after the @"),
    ("eve@192.0.2.44", "with a name after the @"),
    ("c" * 65 + "@example.org", "64 characters or fewer before the @"),
]
KEPT = [("cleo@MÜLLER.example", "cleo@müller.example"), ("cleo@xn--r8jz45g.jp", "cleo@例え.jp")]
# Posts an address with this browser and returns the answer, and what is kept now.
Door = Callable[[Client, str], tuple[Any, str]]


def _clients_form(browser: Client, address: str) -> tuple[Any, str]:
    walk.clinic()
    draft = walk.to_check(browser)
    answer = walk.answer(browser, draft, "you", email=address)
    if "/you/" not in answer["Location"]:
        walk.send(browser, draft)
    return answer, _newest()


def _sent_page(browser: Client, address: str) -> tuple[Any, str]:
    walk.clinic()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    return browser.post(f"/consultations/sent/?d={draft}", {"email": address}), _newest()


def _desks_phone(browser: Client, address: str) -> tuple[Any, str]:
    _sign_in(browser)
    page = browser.post(test_phone_request.ADD, test_phone_request.form(email=address))
    return page, _newest()


def _correct_contact(browser: Client, address: str) -> tuple[Any, str]:
    _sign_in(browser)
    consultation = make.submitted()
    typed = {"name": "Cleo Marsh", "email": address, "phone": "01632 960001"}
    return say(browser, consultation, "correct_contact", **typed), _newest()


def _clinic_profile(browser: Client, address: str) -> tuple[Any, str]:
    _sign_in(browser)
    url = "/admin/content/clinicprofile/1/change/"
    page = browser.post(url, fields(browser, url) | {"email": address})
    return page, ClinicProfile.objects.get().email


def _booking_rules(browser: Client, address: str) -> tuple[Any, str]:
    _sign_in(browser)
    make.rules()
    url = "/admin/bookings/bookingrules/1/change/"
    page = browser.post(url, fields(browser, url) | {"alert_email": address})
    return page, BookingRules.current().alert_email


def _newest() -> str:
    consultation = ConsultationRequest.objects.order_by("-id").first()
    return consultation.email if consultation is not None else ""


def _sign_in(browser: Client) -> None:
    browser.force_login(User.objects.create_superuser("boss", first_name="Bea"))


DOORS = (_clients_form, _sent_page, _desks_phone, _correct_contact, _clinic_profile, _booking_rules)


@pytest.mark.parametrize(("address", "message"), WRONG)
@pytest.mark.parametrize("door", DOORS)
def test_what_cannot_be_written_to_is_refused_in_words(door: Door, address: str, message: str) -> None:
    browser = Client()
    page, kept = door(browser, address)
    if (
        page.status_code == 303
    ):  # the client's forms answer like this, and show what is wrong on the page that follows
        page = walk.shown(browser, page)
    assert message in words(page)
    assert address in page.content.decode()  # what was typed stays
    assert kept != address


@pytest.mark.parametrize(("address", "one_form"), KEPT)
@pytest.mark.parametrize("door", DOORS)
def test_an_international_domain_is_kept_in_one_form(door: Door, address: str, one_form: str) -> None:
    page, kept = door(Client(), address)
    assert (page.status_code in (302, 303), kept) == (True, one_form)


def test_a_new_link_is_found_by_either_form_of_the_domain() -> None:
    consultation = make.submitted(email="cleo@müller.example")
    for asked in ("cleo@müller.example", "Cleo@xn--mller-kva.example"):
        assert Client().post("/consultations/new-link/", {"email": asked}).status_code == 303
    # Looks the same, but is somebody else.
    Client().post("/consultations/new-link/", {"email": "cleo@muller.example"})
    assert [message.to for message in consultation.messages.filter(kind="new_link")] == [
        consultation.email
    ] * 2


@pytest.mark.parametrize(("address", "message"), WRONG)
def test_a_new_link_cannot_be_asked_for_either(address: str, message: str) -> None:
    assert message in words(Client().post("/consultations/new-link/", {"email": address}))
