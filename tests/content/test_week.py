"""The week of opening hours, day by day."""

from __future__ import annotations

from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
import time_machine
from django.test import Client

from bookings.models import Closure
from content.display.week import week
from content.models import ClinicProfile, Edition, OpeningHours
from tests import factories as make
from tests.content.html import parsed, words

THURSDAY = date(2026, 12, 3)


def profile(*rows: OpeningHours) -> ClinicProfile:
    hours = SimpleNamespace(all=lambda: rows)
    return cast(ClinicProfile, SimpleNamespace(opening_hours=hours, _state=SimpleNamespace(adding=False)))


def test_every_day_is_told_and_today_is_marked() -> None:
    late = OpeningHours(weekday=3, opens=time(14), closes=time(20))
    early = OpeningHours(weekday=3, opens=time(9), closes=time(12))
    days = week(profile(late, early), THURSDAY, is_closed=False)
    assert [day.name for day in days][::6] == ["Monday", "Sunday"]
    assert [day.words for day in days if day.words] == ["9am to midday and 2pm to 8pm"]
    assert [day.name for day in days if day.is_today] == ["Thursday"]


def test_nothing_is_told_while_no_hours_are_given() -> None:
    assert week(profile(), THURSDAY, is_closed=True) == []


def test_closed_is_today_alone_by_a_closure_or_without_hours() -> None:
    open_then = profile(OpeningHours(weekday=3, opens=time(9), closes=time(17)))
    for today, closure, closed in (
        (THURSDAY, False, []),
        (THURSDAY, True, ["Thursday"]),
        (date(2026, 12, 4), False, ["Friday"]),
    ):
        days = week(open_then, today, is_closed=closure)
        assert [day.name for day in days if day.is_closed] == closed
        assert days[3].words == "9am to 5pm"


@pytest.mark.once
def test_on_a_closed_day_home_says_so_and_on_the_next_no_longer(shipped: None, client: Client) -> None:
    def said(days: int) -> str:
        with time_machine.travel(make.NOW + timedelta(days=days), tick=False):
            return words(parsed(client.get("/").content.decode()))

    hours = said(0).partition("Today, Monday ")[2][:40]
    assert not hours.startswith("Closed")
    before = Edition.objects.get().token
    day = make.NOW.date()
    Closure.objects.create(first_day=day, last_day=day, name="Our own course")
    assert Edition.objects.get().token != before, "what is kept ready of the page is not shown any longer"
    assert "Today, Monday Closed" in said(0) and ", but not today" in said(0)
    assert "Our own course" not in said(0)
    assert "Closed" not in said(1).partition("Today, Tuesday ")[2][:40]
