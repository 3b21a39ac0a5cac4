"""How a client wants to be reached: by text is an agreement of its own, and an address with a slip is asked about."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings import consents
from bookings.client.form.questions import YouForm
from bookings.models import ConsultationRequest
from bookings.queries.client import Options
from tests.client import walk

pytestmark = pytest.mark.once


def test_whoever_chooses_texts_agrees_to_them_by_that_and_is_not_asked_again() -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"contact_by": "text", "phone": "07700 900 982"})
    asked = walk.text(browser.get(f"/consultations/request/you/?d={draft}"))
    question, _, answer = consents.TEXT_ME.label.rpartition("? ")
    assert question in asked and answer in asked, "what is kept as their agreement is what they read"
    page = walk.tree(browser.get(f"/consultations/request/check/?d={draft}"))
    assert page.find(".//input[@name='texts']") is None
    walk.send(browser, draft)
    kept = ConsultationRequest.objects.get().consents.get(kind="texts")
    assert (kept.given, kept.version) == (True, consents.TEXT_ME.version)


@pytest.mark.parametrize(("contact_by", "is_asked"), [("phone", True), ("email", False)])
def test_texts_are_asked_about_where_they_may_come(contact_by: str, is_asked: bool) -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"contact_by": contact_by, "phone": "07700 900 982"})
    page = walk.tree(browser.get(f"/consultations/request/check/?d={draft}"))
    label = page.find(".//label[@for='id_texts']")
    assert (label is not None) is is_asked
    assert label is None or label.text.endswith("(optional)")
    walk.send(browser, draft)
    assert not ConsultationRequest.objects.get().consents.filter(kind="texts", given=True).exists()


def test_a_number_is_not_called_optional_beside_the_ways_that_need_it() -> None:
    form = YouForm(options=Options(clinic="", concerns=(), treatments=()))
    assert form["phone"].label == "Phone number (needed if we call or text)"


def test_an_address_with_a_slip_is_asked_about_and_changed_only_if_they_say_so() -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"email": "cleo@gmial.com"})
    check = f"/consultations/request/check/?d={draft}"
    assert "Did you mean cleo@gmail.com?" in walk.text(browser.get(check))
    # What is ticked stays ticked, and nothing is sent by it.
    response = browser.post(check, walk.AGREED | {"meant": "1"})
    assert (response.status_code, response["Location"]) == (303, check)
    assert not ConsultationRequest.objects.exists()
    page = browser.get(check)
    assert "cleo@gmail.com" in walk.text(page) and "Did you mean" not in walk.text(page)
    assert walk.tree(page).find(".//input[@name='health']").get("checked") is not None
    walk.send(browser, draft)
    assert ConsultationRequest.objects.get().email == "cleo@gmail.com"


def test_an_address_with_a_slip_can_be_sent_as_it_is() -> None:
    browser = Client()
    walk.send(browser, walk.to_check(browser, you={"email": "cleo@gmial.com"}))
    assert ConsultationRequest.objects.get().email == "cleo@gmial.com"
