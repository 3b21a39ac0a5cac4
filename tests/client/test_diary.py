"""A practitioner's diary in their own calendar app: initials and references, behind an address that only they know."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from icalendar import Calendar

from bookings import feed, limits
from bookings.models import CalendarFeed, Practitioner, TimeOff
from bookings.states import Status
from clinic.foundation.models import AuditEntry
from clinic.logs import mask
from tests import factories as make

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def monday_morning(db: None) -> Any:
    make.profile()
    with time_machine.travel(make.NOW, tick=False):
        yield


def at(token: str) -> str:
    return f"/consultations/diary/{token}.ics"


def page_of(practitioner: Practitioner) -> str:
    return f"/admin/diary/{practitioner.pk}/"


def ana() -> tuple[Practitioner, Client]:
    """Ana practises, and signs in to the desk."""
    practitioner, client = make.practitioner(), Client()
    practitioner.user = make.staff("Ana Lind", "bookings.view_consultationrequest")
    practitioner.save()
    client.force_login(practitioner.user)
    return practitioner, client


def read(token: str) -> list[tuple[str, str, datetime]]:
    """Each event as an app sees it: what it is called, whether it is certain, when it begins."""
    events: list[Any] = Calendar.from_ical(Client().get(at(token)).content).walk("VEVENT")
    return [(str(one["summary"]), str(one["status"]), one["dtstart"].dt) for one in events]


def test_the_file_says_when_and_whose_initials_and_nothing_more() -> None:
    practitioner, _ = ana()
    visit = make.in_state(
        Status.CONFIRMED,
        name="Cleo Marsh",
        phone="+441632960001",
        answers=make.submission().answers | {"support": ["step_free"]},
    )
    hold = make.submitted(name="Priya van Raman", start=make.at(3, 11))
    offer = make.in_state(Status.OFFERED, name="Bo", start=make.at(2, 16))
    make.in_state(Status.CANCELLED, name="Zed Gone", start=make.at(3, 14))
    TimeOff.objects.create(
        practitioner=practitioner, starts_at=make.at(3, 15), ends_at=make.at(3, 16), label="Clinic for scars"
    )
    make.submitted(name="Other Person", start=make.at(3, 9), practitioner_id=make.practitioner("Bo Berg").pk)
    token = feed.renew(practitioner, make.NOW)
    assert read(token) == [
        (f"CM {visit.reference}", "CONFIRMED", make.at(3, 10)),
        (f"Held: PR {hold.reference}", "TENTATIVE", make.at(3, 11)),
        (f"Offered: B {offer.reference}", "TENTATIVE", make.at(4, 10)),
        (f"Offered: B {offer.reference}", "TENTATIVE", make.at(4, 14)),
        ("Not available", "CONFIRMED", make.at(3, 15)),
    ]
    text = Client().get(at(token)).content.decode()
    for private in (
        "Cleo",
        "Marsh",
        "Priya",
        "example.org",
        "01632",
        "scar",
        "olling",
        "step",
        "consultation with",
    ):
        assert private not in text, private


def test_an_app_that_has_the_file_gets_no_other(settings: Any) -> None:
    practitioner, _ = ana()
    token = feed.renew(practitioner, make.NOW)
    first = Client().get(at(token))
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "no-store"  # no cache, shared or not: the app keeps what it shows
    again = Client().get(at(token), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make.in_state(Status.CONFIRMED)
    assert Client().get(at(token), headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert Client().post(at(token)).status_code == 405


def test_it_reaches_from_a_month_ago_to_a_year_ahead() -> None:
    practitioner, _ = ana()
    token = feed.renew(practitioner, make.NOW)
    for days, shown in ((-31, False), (-29, True), (365, True), (367, False)):
        start = make.NOW + timedelta(days=days)
        off = TimeOff.objects.create(
            practitioner=practitioner, starts_at=start, ends_at=start + timedelta(hours=1)
        )
        assert bool(read(token)) is shown, days
        off.delete()


def test_a_new_address_closes_the_old_one_and_is_shown_once() -> None:
    practitioner, browser = ana()
    assert "It is off" in browser.get(page_of(practitioner)).content.decode()
    pages = [browser.post(page_of(practitioner), {"do": "new"}).content.decode() for _ in range(2)]
    tokens = [page.partition("/consultations/diary/")[2].partition(".ics")[0] for page in pages]
    assert [Client().get(at(token)).status_code for token in tokens] == [404, 200]
    shown_again = browser.get(page_of(practitioner)).content.decode()
    assert "It is on" in shown_again and "An app last asked" in shown_again and tokens[1] not in shown_again
    assert tokens[1] not in str(CalendarFeed.objects.values_list().get())
    assert AuditEntry.objects.filter(action="diary", object_id=str(practitioner.pk)).count() == 2
    browser.post(page_of(practitioner), {"do": "off"}, follow=True)
    assert Client().get(at(tokens[1])).status_code == 404
    browser.post(page_of(practitioner), {"do": "off"}, follow=True)


def test_only_whose_it_is_and_managers_make_an_address() -> None:
    practitioner, _ = ana()
    bea, mo = Client(), Client()
    bea.force_login(make.staff("Bea Desk"))
    mo.force_login(
        make.staff("Mo Manager", "bookings.view_consultationrequest", "bookings.change_practitioner")
    )
    for method in (bea.get, bea.post):
        assert method(page_of(practitioner), {"do": "new"}).status_code == 403
    assert not CalendarFeed.objects.exists()
    assert mo.post(page_of(practitioner), {"do": "new"}).status_code == 200
    assert mo.get("/admin/diary/999999/").status_code == 404


def test_a_closed_account_closes_the_diary() -> None:
    practitioner, _ = ana()
    token = feed.renew(practitioner, make.NOW)
    User.objects.update(is_active=False)
    assert Client().get(at(token)).status_code == 404


def test_somebody_without_an_account_has_no_diary_once_they_are_switched_off() -> None:
    practitioner = make.practitioner()
    token = feed.renew(practitioner, make.NOW)
    assert Client().get(at(token)).status_code == 200
    Practitioner.objects.update(is_active=False)
    assert Client().get(at(token)).status_code == 404


def test_a_copy_that_was_put_back_opens_no_diary() -> None:
    practitioner, _ = ana()
    token = feed.renew(practitioner, make.NOW)
    call_command("restored", stdout=StringIO())
    assert Client().get(at(token)).status_code == 404


def test_guesses_are_limited_and_no_log_says_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    practitioner, _ = ana()
    token = feed.renew(practitioner, make.NOW)
    monkeypatch.setattr(limits.floods, "DIARIES_PER_NETWORK_HOUR", 2)
    answers = [Client().get(at(text)).status_code for text in ("x", "0" * 500, token)]
    assert answers == [404, 404, 429]
    assert token not in mask(f"GET {at(token)} 200") and token.lower() not in mask(at(token).lower())
