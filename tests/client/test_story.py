"""From the start page to a sent request, as a client walks it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Appointment, Consent, ConsultationRequest, Draft, Event, Message
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


def test_a_client_walks_from_start_to_sent() -> None:
    browser = Client()
    walk.check_page(browser.get("/consultations/request/"))
    draft = walk.begin(browser)
    for step in walk.ANSWERS:
        walk.check_page(browser.get(f"/consultations/request/{step}/?d={draft}"))
        assert walk.answer(browser, draft, step).status_code == 303
    walk.age(draft)
    check = browser.get(f"/consultations/request/check/?d={draft}")
    walk.check_page(check)
    assert "Thursday 3 December at 10am" in walk.text(check)
    response = walk.send(browser, draft)
    assert response.status_code == 303
    assert response["Location"] == f"/consultations/sent/?d={draft}"
    consultation = ConsultationRequest.objects.get()
    page = browser.get(response["Location"])
    walk.check_page(page)
    assert consultation.reference in walk.text(page)
    assert "cleo@example.org" in walk.text(page)
    assert "within 30 minutes to keep the time" in walk.text(check)
    assert "to cleo@example.org by 9:30am." in walk.text(page)  # the hold of an unproved address
    assert "Monday 30 November at 5pm" in walk.text(page)  # the reply promise
    assert "rolling" not in walk.main(page).lower()

    assert consultation.status == "new"
    assert consultation.name == "Cleo Marsh"
    assert consultation.wished_start == make.at(3, 10)
    assert consultation.answers.data["areas"] == ["face"]
    assert [concern.code for concern in consultation.concerns.all()] == ["rolling"]
    assert Appointment.objects.get().held_until == make.NOW + timedelta(minutes=30)
    assert Event.objects.get().verb == "submit"
    assert Message.objects.filter(kind="received").count() == 1
    assert [(c.kind, c.given) for c in Consent.objects.order_by("kind")] == [
        ("health", True),
        ("news", False),
    ]
    assert Draft.objects.get().sent_as == consultation


def test_opening_pages_changes_nothing() -> None:
    browser = Client()
    browser.get("/consultations/request/")
    assert not Draft.objects.exists()
    draft = walk.to_check(browser)
    before = Draft.objects.values().get()
    for step in (*walk.ANSWERS, "check"):
        browser.get(f"/consultations/request/{step}/?d={draft}")
    assert Draft.objects.values().get() == before
    assert not ConsultationRequest.objects.exists()
