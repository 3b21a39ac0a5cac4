"""Moments in words: the same on every page, in every mail and at the desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic.foundation import when

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
VISIT = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "midnight"),
        (0, 5, "12:05am"),
        (9, 0, "9am"),
        (10, 30, "10:30am"),
        (11, 59, "11:59am"),
        (12, 0, "midday"),
        (12, 1, "12:01pm"),
        (13, 5, "1:05pm"),
        (17, 0, "5pm"),
        (23, 59, "11:59pm"),
    ],
)
def test_the_clock(hour: int, minute: int, words: str) -> None:
    assert when.clock(datetime(2026, 12, 1, hour, minute, 59, tzinfo=UTC), LONDON) == words


def test_a_day_and_a_moment() -> None:
    assert when.day(VISIT, LONDON) == "Tuesday 1 December"
    assert when.day_with_year(VISIT, LONDON) == "Tuesday 1 December 2026"
    assert when.moment(VISIT, LONDON) == "Tuesday 1 December at 10:30am"
    year_before = VISIT - timedelta(days=365)
    assert when.moment_from(VISIT, VISIT, LONDON) == "Tuesday 1 December at 10:30am"
    assert when.moment_from(VISIT, year_before, LONDON) == "Tuesday 1 December 2026 at 10:30am"
    assert when.short(VISIT, LONDON) == "Tue 1 Dec 10:30"
    assert when.date_words(date(2026, 5, 31)) == "Sunday 31 May"


def test_on_the_night_of_two_half_past_ones_it_is_said_which() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert when.moment(first, LONDON) == "Sunday 25 October at 1:30am (before the clocks go back)"
    assert when.moment(second, LONDON) == "Sunday 25 October at 1:30am (after the clocks go back)"
    assert when.short(second, LONDON) == "Sun 25 Oct 01:30 (after the clocks go back)"
    assert when.digits(first, LONDON) == "01:30 (before the clocks go back)"
    # An hour later and on any other night there is nothing to say.
    assert when.moment(second + timedelta(minutes=30), LONDON) == "Sunday 25 October at 2am"
    assert when.moment(second, NEW_YORK) == "Saturday 24 October at 9:30pm"


def test_every_month_and_weekday_has_its_name() -> None:
    days = [datetime(2026, month, month, 12, tzinfo=UTC) for month in range(1, 13)]
    assert [when.day(day, LONDON) for day in days] == [f"{day:%A} {day.day} {day:%B}" for day in days]


def test_the_words_are_those_of_the_zone() -> None:
    late = datetime(2026, 7, 31, 23, 30, tzinfo=UTC)
    assert when.moment(late, LONDON) == "Saturday 1 August at 12:30am"
    assert when.moment(late, NEW_YORK) == "Friday 31 July at 7:30pm"
    assert when.moment(late.astimezone(NEW_YORK), LONDON) == "Saturday 1 August at 12:30am"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("Europe/London", "UK time"),
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("Pacific/Auckland", "Auckland time"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_zone_has_a_name_people_know(key: str, words: str) -> None:
    assert when.zone_words(ZoneInfo(key)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (75, "1 hour 15 minutes"),
        (121, "2 hours 1 minute"),
    ],
)
def test_a_length(minutes: int, words: str) -> None:
    assert when.length(minutes) == words


def test_no_negative_length() -> None:
    with pytest.raises(ValueError, match="negative"):
        when.length(-1)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(seconds=150), "2 minutes ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(minutes=60), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(hours=24), "1 day ago"),
        (timedelta(days=5), "5 days ago"),
    ],
)
def test_how_long_ago(passed: timedelta, words: str) -> None:
    assert when.ago(VISIT, VISIT + passed) == words


def test_naive_moments_and_aware_wall_clocks_are_refused() -> None:
    naive = VISIT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        when.clock(naive, LONDON)
    with pytest.raises(ValueError, match="no time zone"):
        when.ago(naive, VISIT)
    with pytest.raises(ValueError, match="not a wall-clock time"):
        when.instant(VISIT, LONDON)
