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
from tests.factories import undone

pytestmark = pytest.mark.once

# What is typed, and what the form says about it.
WRONG = [
    ("eve@[127.0.0.1]", "with a name after the @"),
    ("eve@192.0.2.44", "with a name after the @"),
    ("c" * 65 + "@example.org", "64 characters or fewer before the @"),
]
KEPT = [("cleo@MÜLLER.example", "cleo@müller.example"), ("cleo@xn--r8jz45g.jp", "cleo@例え.jp")]
# Posts an address and returns the answer, and what is kept now.
Post = Callable[[str], tuple[Any, str]]
# Leads this browser to where an address is typed, once for all that are tried there.
Door = Callable[[Client], Post]


def _clients_form(browser: Client) -> Post:
    walk.clinic()
    draft = walk.to_check(browser)

    def post(address: str) -> tuple[Any, str]:
        answer = walk.answer(browser, draft, "you", email=address)
        if "/you/" not in answer["Location"]:
            walk.send(browser, draft)
        return answer, _newest()

    return post


def _sent_page(browser: Client) -> Post:
    walk.clinic()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    return lambda address: (browser.post(f"/consultations/sent/?d={draft}", {"email": address}), _newest())


def _desks_phone(browser: Client) -> Post:
    _sign_in(browser)
    return lambda address: (
        browser.post(test_phone_request.ADD, test_phone_request.form(email=address)),
        _newest(),
    )


def _correct_contact(browser: Client) -> Post:
    _sign_in(browser)
    consultation = make.submitted()
    typed = {"name": "Cleo Marsh", "phone": "01632 960001"}
    return lambda address: (
        say(browser, consultation, "correct_contact", **typed, email=address),
        _newest(),
    )


def _clinic_profile(browser: Client) -> Post:
    _sign_in(browser)
    url = "/admin/content/clinicprofile/1/change/"
    form = fields(browser, url)
    return lambda address: (browser.post(url, form | {"email": address}), ClinicProfile.objects.get().email)


def _booking_rules(browser: Client) -> Post:
    _sign_in(browser)
    make.rules()
    url = "/admin/bookings/bookingrules/1/change/"
    form = fields(browser, url)
    return lambda address: (
        browser.post(url, form | {"alert_email": address}),
        BookingRules.current().alert_email,
    )


def _newest() -> str:
    consultation = ConsultationRequest.objects.order_by("-id").first()
    return consultation.email if consultation is not None else ""


def _sign_in(browser: Client) -> None:
    browser.force_login(User.objects.create_superuser("boss", first_name="Bea"))


DOORS = (_clients_form, _sent_page, _desks_phone, _correct_contact, _clinic_profile, _booking_rules)


@pytest.mark.parametrize("door", DOORS)
def test_what_cannot_be_written_to_is_refused_in_words_and_a_domain_is_kept_in_one_form(
    door: Door, subtests: pytest.Subtests
) -> None:
    browser = Client()
    post = door(browser)
    for address, message in WRONG:
        with subtests.test(address=address), undone():
            page, kept = post(address)
            if (
                page.status_code == 303
            ):  # the client's forms answer like this: what is wrong is on the page that follows
                page = walk.shown(browser, page)
            assert message in words(page)
            assert address in page.content.decode()  # what was typed stays
            assert kept != address
    for address, one_form in KEPT:
        with subtests.test(address=address), undone():
            page, kept = post(address)
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
