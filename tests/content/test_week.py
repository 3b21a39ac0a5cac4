"""The week of opening hours, day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from bookings.models import Closure
from content.display.week import now_words, unchanged, week
from content.models import ClinicProfile, Edition, OpeningHours
from tests import factories as make
from tests.content.html import parsed, words

THURSDAY = date(2026, 12, 3)
LONDON = ZoneInfo("Europe/London")


def profile(*rows: OpeningHours) -> ClinicProfile:
    hours = SimpleNamespace(all=lambda: rows)
    return cast(
        ClinicProfile, SimpleNamespace(opening_hours=hours, zone=LONDON, _state=SimpleNamespace(adding=False))
    )


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


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "closed", "said"),
    [
        (at(8, 59), [], "Closed now. We open at 9am today."),
        (at(9), [], "Open now, until midday."),
        (at(12), [], "Closed now. We open at 2pm today."),
        (at(23, 59), [], "Open now, until midnight."),
        (at(0, day=4), [], "Closed now. We open at 9am on Thursday."),
        (at(10), [THURSDAY], "Closed now. We open at 9am on Thursday."),
        (at(10), [THURSDAY, THURSDAY + timedelta(days=7)], "Closed now."),
    ],
)
def test_it_says_whether_somebody_is_there_now(now: datetime, closed: list[date], said: str) -> None:
    early = OpeningHours(weekday=3, opens=time(9), closes=time(12))
    late = OpeningHours(weekday=3, opens=time(14), closes=time(0))
    clinic = profile(late, early)
    assert now_words(clinic, now, closed.__contains__) == said
    since, until = unchanged(clinic, now)
    assert since <= now < until
    # Within the stretch nothing of it changes, and at its end something does.
    assert now_words(clinic, until - timedelta(seconds=1), closed.__contains__) == said


def test_without_hours_nothing_is_said_of_now() -> None:
    assert now_words(profile(), at(10), lambda _: False) == ""
    assert unchanged(profile(), at(10)) == (at(0), at(0, day=4))


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
