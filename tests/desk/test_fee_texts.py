"""Managers keep the fee texts; without one the desk is told beside its buttons why it can offer and book nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import ConsultationRequest, FeeText
from bookings.roles.table import ROLES
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import page_of, say, typed, words
from tests.desk.test_phone_request import form as phoned

pytestmark = pytest.mark.once

LIST, ADD = reverse("admin:bookings_feetext_changelist"), reverse("admin:bookings_feetext_add")
MISSING = "no fee text holds today"


def browser(name: str, role: str) -> Client:
    rights = next(one.rights for one in ROLES if one.code == role)
    client = Client()
    client.force_login(make.staff(name, *rights))
    return client


@pytest.fixture
def mia() -> Client:
    """Mia manages."""
    return browser("Mia Stone", "managers")


def change(row: FeeText) -> str:
    return reverse("admin:bookings_feetext_change", args=[row.pk])


def test_a_manager_writes_a_text_for_later_and_changes_it_until_its_day(mia: Client) -> None:
    assert (
        mia.post(ADD, {"valid_from": "Tue 1 Dec", "text": "You pay \x07£40.\r\nAt the clinic."}).status_code
        == 302
    )
    row = FeeText.objects.get()
    assert (row.valid_from, row.text) == (date(2026, 12, 1), "You pay £40.\nAt the clinic.")
    seen = mia.get(change(row)).context["seen"]
    again = {"valid_from": "Wed 2 Dec", "text": "You pay £45.", "seen": seen}
    assert mia.post(change(row), again).status_code == 302
    assert "You pay £45." in words(mia.get(LIST)) and "Later" in words(mia.get(LIST))


def test_a_text_whose_day_has_come_is_followed_and_never_changed_or_deleted(mia: Client) -> None:
    row = FeeText.objects.create(valid_from=date(2026, 11, 30), text="You pay £40.")
    page = mia.get(change(row))
    assert "it stays as it is: write another one" in words(page) and "_save" not in page.content.decode()
    later = {"valid_from": "Wed 2 Dec", "text": "You pay £99."}
    assert mia.post(change(row), later).status_code == 403
    assert (
        mia.post(reverse("admin:bookings_feetext_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    for day, why in (("30 Nov", "already begins on that day"), ("29 Nov 2026", "today or a later day")):
        page = mia.post(ADD, {"valid_from": day, "text": "You pay £99."})
        assert why in words(page) and "You pay £99." in words(page)
    assert FeeText.objects.get().text == "You pay £40."


def test_the_front_desk_reads_them(mia: Client) -> None:
    row = FeeText.objects.create(valid_from=date(2026, 12, 1), text="You pay £40.")
    desk = browser("Fay Front", "reception")
    assert "You pay £40." in words(desk.get(change(row)))
    assert desk.post(change(row), {"text": "x"}).status_code == 403 and desk.get(ADD).status_code == 403


def test_without_a_text_the_page_says_why_and_keeps_what_was_ticked(dee: Client, mia: Client) -> None:
    cleo = make.submitted()
    assert MISSING not in words(dee.get(page_of(cleo)))
    make.rules(fee_in_writing=True)
    assert MISSING in words(dee.get(page_of(cleo)))
    rules = reverse("admin:bookings_bookingrules_change", args=[1])
    saved = mia.post(rules, filled(mia, rules) | {"fee_in_writing": "on"}, follow=True)
    assert saved.redirect_chain and MISSING in words(saved)
    assert (
        ADD in mia.get(page_of(cleo)).content.decode() and ADD not in dee.get(page_of(cleo)).content.decode()
    )
    page = say(dee, cleo, "offer", **typed("offer") | {"note": "Bring your glasses."})
    assert page.status_code == 409
    assert words(page).count(MISSING) == 2 and "Bring your glasses." in words(page)
    cleo.refresh_from_db()
    assert cleo.status == "new"

    FeeText.objects.create(valid_from=date(2026, 11, 1), text="You pay £40 at the clinic.")
    preview = dee.post(
        page_of(cleo), {"preview": "confirm_wish", "version": cleo.version} | typed("confirm_wish")
    )
    assert "You pay £40 at the clinic." in words(preview)
    assert say(dee, cleo, "confirm_wish", **typed("confirm_wish")).status_code == 303
    cleo.refresh_from_db()
    assert "Fee in writingYou pay £40 at the clinic." in words(dee.get(page_of(cleo)))


def test_a_phone_request_is_told_too_and_can_be_kept(dee: Client) -> None:
    make.rules(fee_in_writing=True)
    page = dee.post(reverse("admin:bookings_consultationrequest_add"), phoned())
    assert (
        page.status_code == 409 and words(page).count(MISSING) == 2 and "Cleo Marsh" in page.content.decode()
    )
    assert not ConsultationRequest.objects.exists()
