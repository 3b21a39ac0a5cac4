"""Public holidays of the clinic's country are rows to accept; those that are ticked become closures of their name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db.models import Model
from django.db.models.signals import post_init
from django.test import Client

from bookings.models import Appointment, Closure
from bookings.public_holidays import Holiday, between, known
from bookings.states import Status
from bookings.workflow import closures
from tests import factories as make
from tests.desk.pages import html, words

URL = "/admin/bookings/closure/holidays/"


def test_a_part_of_the_country_has_its_own() -> None:
    first, last = date(2026, 11, 30), date(2026, 12, 31)
    assert Holiday(date(2026, 12, 25), "Christmas Day") in between(first, last, country="GB", part="ENG")
    scottish = between(first, last, country="GB", part="SCT")
    assert date(2026, 11, 30) in [one.day for one in scottish]  # Saint Andrew's
    assert between(first, last, country="GB", part="XYZ") and not known("ZZ")
    assert between(first, last, country="ZZ") == [] == between(last, first, country="GB")


@pytest.fixture
def dee(db: None) -> Client:
    make.profile(country="GB", part="ENG")
    client = Client()
    rights = [f"bookings.{do}_closure" for do in ("view", "add", "change")]
    client.force_login(make.staff("Dee Hart", *make.DEE, *rights))
    return client


@contextmanager
def count_read(model: type[Model]) -> Iterator[list[Any]]:
    """The rows of a model that are made meanwhile."""
    made: list[Any] = []

    def note(instance: Any, **_: Any) -> None:
        made.append(instance)

    post_init.connect(note, sender=model)
    yield made
    post_init.disconnect(note, sender=model)


@pytest.mark.once
def test_the_page_that_blocks_time_has_those_that_nobody_has_closed_yet(dee: Client) -> None:
    Closure.objects.create(first_day="2026-12-24", last_day="2026-12-26", name="Christmas week")
    dee.force_login(make.staff("Dan Holt", *make.DEE, "bookings.add_closure", "bookings.add_timeoff"))
    page = dee.get("/admin/block/")
    assert "Friday 1 January 2027" in words(page) and "25 December" not in words(page)
    assert f'action="{URL}"' in html(page) and 'value="2027-01-01"' in html(page)


@pytest.mark.once
def test_ticked_days_are_closed_and_who_is_hit_is_said_before_and_after(dee: Client) -> None:
    cleo = make.in_state(Status.CONFIRMED, start=make.at(28, 10))  # Boxing Day, observed: a Monday
    Closure.objects.create(first_day="2026-12-24", last_day="2026-12-26", name="Christmas week")
    make.in_state(Status.CONFIRMED, start=make.at(29, 10))
    with count_read(Appointment) as read:
        page = dee.get(URL)
    assert len(read) == 1, "of what is booked, only what lies on the days is read"
    assert "Friday 25 December 2026 Christmas Day Closed already: Christmas week" in words(page)
    assert f"1 booked visit: {cleo.name}, {cleo.reference} on Mon 28 Dec 10:00 (booked)" in words(page)
    assert 'value="2026-12-28" id="day-2026-12-28" aria' in html(page)  # not ticked
    assert 'value="2027-01-01" id="day-2027-01-01" checked' in html(page)
    assert 'id="day-2026-12-25"' not in html(page)
    page = dee.post(URL, {"day": ["2026-12-28", "2027-01-01", "2026-12-25", "1999-01-01", "x"]}, follow=True)
    assert "<li>Monday 28 December 2026 Boxing Day (observed)</li><li>Friday 1 January 2027 New" in html(page)
    assert f"{cleo.reference} on Mon 28 Dec 10:00" in words(page)
    assert "No day was closed" in words(dee.post(URL, {"day": "2026-12-28"}, follow=True))
    assert Closure.objects.count() == 3


@pytest.mark.once
def test_a_country_that_is_not_known_is_said(dee: Client) -> None:
    make.profile(country="ZZ", part="")
    assert "We know no public holidays of ZZ" in words(dee.get(URL))
    make.staff("Eve Nobody")
    client = Client()
    client.force_login(make.staff("Eve Nobody"))
    assert client.get(URL).status_code == 403 == client.post(URL, {"day": "2027-01-01"}).status_code


@pytest.mark.django_db
def test_a_day_is_closed_once() -> None:
    days = [(date(2026, 12, 25), "Christmas Day"), (date(2026, 12, 25), "Again")]
    assert [row.name for row in closures.close(days)] == ["Christmas Day"]
    assert closures.close(days) == []
