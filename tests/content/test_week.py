"""The week of opening hours, day by day."""

from __future__ import annotations

from datetime import time
from types import SimpleNamespace
from typing import cast

from content.display.week import week
from content.models import ClinicProfile, OpeningHours


def profile(*rows: OpeningHours) -> ClinicProfile:
    hours = SimpleNamespace(all=lambda: rows)
    return cast(ClinicProfile, SimpleNamespace(opening_hours=hours, _state=SimpleNamespace(adding=False)))


def test_every_day_is_told_and_today_is_marked() -> None:
    late = OpeningHours(weekday=3, opens=time(14), closes=time(20))
    days = week(profile(late, OpeningHours(weekday=3, opens=time(9), closes=time(12))), today=3)
    assert [day.name for day in days][::6] == ["Monday", "Sunday"]
    assert [day.words for day in days if day.words] == ["9am to midday and 2pm to 8pm"]
    assert [day.name for day in days if day.is_today] == ["Thursday"]


def test_nothing_is_told_while_no_hours_are_given() -> None:
    assert week(profile(), today=0) == []
