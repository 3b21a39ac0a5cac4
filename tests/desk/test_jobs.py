"""The three jobs of every morning, each in three page loads: the worklist, the request, the result."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bookings.models import Message
from tests import factories as make
from tests.desk.pages import WORKLIST, html, words

pytestmark = pytest.mark.once


class Browser:
    """Follows links and presses buttons, and counts the pages that it loads."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.loads = 0

    def open(self, url: str) -> str:
        self.loads += 1
        response = self.client.get(url)
        assert response.status_code == 200
        return html(response)

    def open_client(self, name: str) -> tuple[str, str]:
        """The worklist, then the client's page: its address and text."""
        found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{name}</a>', self.open(WORKLIST))
        assert found is not None
        url = re.sub(r"\?.*", "", found.group(1))
        return url, self.open(url)

    def press(self, url: str, page: str, do: str, **fields: object) -> str:
        """Press a button; the redirect and the page behind it are one load."""
        assert f'name="do" value="{do}"' in page
        version = re.search(r'name="version" value="(\d+)"', page)
        wish = re.search(r'name="wish" value="([^"]*)"', page)
        assert version is not None and wish is not None
        data = {"do": do, "version": version.group(1), "wish": wish.group(1)} | fields
        answer = self.client.post(url, data)
        assert answer.status_code == 303
        self.loads += 1
        return words(self.client.get(answer.headers["Location"]))


def test_confirm_the_time_that_was_asked_for(dee: Client) -> None:
    consultation = make.submitted(name="Cleo Marsh")
    browser = Browser(dee)
    url, page = browser.open_client("Cleo Marsh")
    assert "Confirm Thu 3 Dec 10:00 and tell Cleo" in page
    shown = browser.press(url, page, "confirm_wish")
    assert browser.loads == 3
    assert "Confirmed. Cleo is told by e-mail." in shown
    consultation.refresh_from_db()
    assert consultation.status == "confirmed"
    assert consultation.appointments.booked().get().starts_at == make.at(3, 10)
    assert Message.objects.filter(request=consultation, kind="confirmed", state="queued").count() == 1


def test_offer_two_other_times(dee: Client) -> None:
    consultation = make.submitted(name="Cleo Marsh")
    browser = Browser(dee)
    url, page = browser.open_client("Cleo Marsh")
    free = [
        value for value in re.findall(r'name="slot" value="([^"]+)"', page) if "12-03T10:00" not in value
    ][:2]
    shown = browser.press(url, page, "offer", slot=free, until="960", note="")
    assert browser.loads == 3
    assert "The times are held" in shown
    consultation.refresh_from_db()
    assert consultation.status == "offered"
    assert consultation.appointments.held().filter(is_offer=True).count() == 2


def test_decline_with_advice(dee: Client) -> None:
    consultation = make.submitted(name="Cleo Marsh")
    browser = Browser(dee)
    url, page = browser.open_client("Cleo Marsh")
    shown = browser.press(url, page, "decline", reason="advice_first", note="Please see a pharmacist first.")
    assert browser.loads == 3
    assert "Declined" in shown
    consultation.refresh_from_db()
    assert (consultation.status, consultation.decline_reason) == ("declined", "advice_first")
    assert consultation.notes.get().body == "Please see a pharmacist first."


def test_the_request_page_leads_to_the_next_one(dee: Client) -> None:
    make.submitted(name="First Person", start=None)
    make.submitted(name="Second Person", start=None)
    _, page = Browser(dee).open_client("First Person")
    assert "1 of 2" in words_of(page)
    assert "Next: Second Person" in words_of(page)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
