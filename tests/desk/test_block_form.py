"""What is typed into the page that blocks time."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from bookings.admin.block.form import BlockForm
from bookings.models import TimeOff
from clinic.foundation import when
from tests import factories as make
from tests.desk.pages import words
from tests.factories import NOW

pytestmark = pytest.mark.once
BLOCK = "/admin/block/"


@pytest.fixture
def dee(db: None) -> Client:
    client = Client()
    client.force_login(make.staff("Dee Hart", *make.DEE, "bookings.add_timeoff"))
    return client


def ana() -> str:
    return str(make.practitioner().pk)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"who": []}, "Tick whose time it is."),
        ({"who": ["99999999", "x"]}, "Select a valid choice"),
        ({"on": ""}, "Type the day."),
        ({"on": ""}, "Mon 7 Dec, today, tomorrow"),  # an example that is not past
        ({"on": "soon"}, "Add the day, for example Mon 7 Dec."),
        ({"from": "1300h"}, "is not a time"),
        ({"from": "14:00", "until": "13:00"}, "This must be later than"),
        ({"on": "Mon 30 Nov", "until": "08:00"}, "has passed already."),
        ({"on": "20 Nov"}, "Friday 20 November 2026 is past."),  # and is not blocked next year
        ({"last": "Wed 2 Dec"}, "is before"),
        ({"last": "3 Dec 2030"}, "more than a year"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field(dee: Client, typed: dict[str, Any], told: str) -> None:
    page = dee.post(BLOCK, {"on": "Thu 3 Dec", "who": [ana()], "do": "block"} | typed)
    assert page.status_code == 200
    assert told in words(page)
    assert not TimeOff.objects.exists()


def test_a_day_that_begins_an_hour_late_is_a_whole_day(db: None) -> None:
    """In Santiago clocks go forward at midnight: on that day there is no 00:00."""
    zone = ZoneInfo("America/Santiago")

    def form(**typed: str) -> BlockForm:
        return BlockForm({"who": [ana()], "on": "5 Sep 2027"} | typed, zone=zone, now=NOW)

    whole = form()
    assert whole.is_valid(), whole.errors
    assert (whole.start, whole.end) == when.day_bounds(date(2027, 9, 5), zone)
    assert list(form(until="00:30").errors) == ["until"]
    assert list(form(**{"from": "00:30"}).errors) == ["from"]


def test_a_year_that_is_not_this_one_is_said(dee: Client) -> None:
    sent = {"who": [ana()], "on": "Thu 4 Mar", "from": "13:00", "until": "14:00", "do": "block"}
    assert "Thu 4 Mar 2027 13:00 to 14:00." in words(dee.post(BLOCK, sent, follow=True))
