"""Correcting how somebody is reached: who rang and has no e-mail address needs none, and nobody is left without a way."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookings.models import ConsultationRequest
from tests import factories as make
from tests.desk.pages import page_of, say, words

pytestmark = pytest.mark.once


def _without_an_address() -> ConsultationRequest:
    """Cleo, who rang."""
    cleo = make.submitted(phone="+441632960103", contact_by="phone")
    ConsultationRequest.objects.update(email="", email_search="", mailbox="")
    cleo.refresh_from_db()
    return cleo


def _correct(dee: Client, cleo: ConsultationRequest, **changes: str) -> Any:
    typed = {"name": "Cleo Marsh", "email": cleo.email, "phone": "01632 960103"} | changes
    return say(dee, cleo, "correct_contact", **typed)


def test_a_name_and_a_number_are_corrected_of_somebody_without_an_address(dee: Client) -> None:
    cleo = _without_an_address()
    assert _correct(dee, cleo, name="Cleo Marsch", phone="01632 960104").status_code == 303
    cleo.refresh_from_db()
    assert (cleo.name, cleo.email, cleo.phone) == ("Cleo Marsch", "", "+441632960104")


def test_an_address_that_they_give_later_is_kept_and_mailed(dee: Client) -> None:
    cleo = _without_an_address()
    assert _correct(dee, cleo, email="cleo@example.org").status_code == 303
    assert cleo.messages.filter(to="cleo@example.org", state="queued").exists()


def test_the_only_number_of_somebody_without_an_address_stays(dee: Client) -> None:
    cleo = _without_an_address()
    refused = _correct(dee, cleo, phone="")
    assert "There is no other way to reach them: keep a number." in words(refused)
    cleo.refresh_from_db()
    assert cleo.phone == "+441632960103"


def test_the_number_of_somebody_who_is_only_to_be_rung_stays(dee: Client) -> None:
    cleo = make.submitted(phone="+441632960103")
    ConsultationRequest.objects.update(phone_only=True)
    refused = _correct(dee, cleo, phone="")
    assert "There is no other way to reach them: keep a number." in words(refused)


def test_an_address_is_not_lost_by_a_slip(dee: Client) -> None:
    cleo = make.submitted(phone="+441632960103")
    assert "Enter the e-mail address." in words(_correct(dee, cleo, email=""))
    assert "Phone (optional)" in words(dee.get(page_of(cleo)))
