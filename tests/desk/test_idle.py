"""A desk that nobody uses is signed out after a quarter of an hour. What was typed there comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from clinic.foundation.limits.sign_in import IDLE_MINUTES, LONGEST_SESSION
from content.models import Page
from tests import factories as make
from tests.desk.pages import WORKLIST, words
from tests.desk.second_step import HOME, is_in, password
from tests.desk.test_signed_out import ADD, kept_form, new_page, sign_in, signed_in, typed

pytestmark = pytest.mark.once

IDLE = timedelta(minutes=IDLE_MINUTES)


def after(span: timedelta) -> time_machine.travel:
    return time_machine.travel(make.NOW + span, tick=False)


@pytest.fixture(autouse=True)
def as_on_a_server(settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 60 * IDLE_MINUTES


@pytest.fixture
def dee() -> Client:
    make.staff()
    browser = Client()
    assert password(browser, "dee")["Location"] == HOME
    return browser


def test_a_quarter_of_an_hour_is_too_long(dee: Client) -> None:
    with after(IDLE - timedelta(seconds=1)):
        assert dee.get(HOME, headers={"sec-fetch-dest": "image"}).status_code == 200
    with after(IDLE):
        assert dee.get(HOME)["Location"] == "/admin/login/?next=/admin/all/"


def test_whoever_does_something_stays(dee: Client) -> None:
    for number in range(1, 6):
        with after(number * timedelta(minutes=14)):
            assert is_in(dee)


@pytest.mark.parametrize(
    ("method", "wanted_for", "stays"),
    [
        ("get", "document", True),
        ("post", "document", True),
        ("post", "iframe", True),  # the preview beside an editor's form, when its button was pressed
        ("get", "iframe", False),
        ("get", "empty", False),  # a script
        ("post", "empty", False),
        ("get", "image", False),
        ("get", "style", False),
    ],
)
def test_only_what_a_person_does_counts(dee: Client, method: str, wanted_for: str, stays: bool) -> None:
    with after(timedelta(minutes=10)):
        getattr(dee, method)(HOME, headers={"sec-fetch-dest": wanted_for})
    with after(IDLE + timedelta(minutes=1)):
        assert is_in(dee) is stays


def test_a_page_that_is_fetched_ahead_does_not_count(dee: Client) -> None:
    with after(timedelta(minutes=10)):
        dee.get(HOME, headers={"sec-fetch-dest": "document", "sec-purpose": "prefetch;prerender"})
    with after(IDLE):
        assert not is_in(dee)


def test_it_is_written_down_once_a_minute(dee: Client) -> None:
    ends = []
    for seconds in (0, 59, 60, 61, 119, 120):
        with after(timedelta(seconds=seconds)):
            assert is_in(dee)
            ends.append(Session.objects.get().expire_date - make.NOW - IDLE)
    assert [span.total_seconds() for span in ends] == [0, 0, 60, 60, 60, 120]


def test_however_busy_a_session_ends_after_twelve_hours(settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 24 * 60 * 60
    make.staff()
    dee = Client()
    password(dee, "dee")
    with after(LONGEST_SESSION):
        assert is_in(dee)
    with after(LONGEST_SESSION + timedelta(seconds=1)):
        assert not is_in(dee)
        password(dee, "dee")
        assert is_in(dee)


def test_a_form_that_was_open_comes_back_after_the_sign_in() -> None:
    make.staff("Sue Root", is_superuser=True)
    sue = signed_in("sue")
    data = new_page(sue)
    with after(timedelta(minutes=40)):
        asked = sue.post(ADD, data)
        assert asked.status_code == 401 and "What you typed is not saved yet." in words(asked)
        shown = sign_in(sue, asked, "sue")
        assert typed(kept_form(shown)[1]) == typed(data)
        sue.post(*kept_form(shown))
    assert Page.objects.get().title == "Long work"


def test_the_sign_in_page_says_so(dee: Client) -> None:
    assert "After 15 minutes without a page opened or a form sent" in words(Client().get("/admin/login/"))
    with after(IDLE):
        assert dee.get(f"{WORKLIST}?q=Marsh")["Location"].endswith("q%3DMarsh")


def test_pages_for_readers_open_no_session() -> None:
    page = Client().get("/consultations/request/")
    assert page.status_code == 200 and "sessionid" not in page.cookies
