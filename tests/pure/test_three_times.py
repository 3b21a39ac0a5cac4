"""Which three times a client may choose from at once, and which lie nearest to one that has gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings import availability
from bookings.availability import Slot
from bookings.client.times.words import beside

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    """'1 9:30' is half past nine on 1 December 2026."""
    return datetime.strptime(f"2026-12-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


def slot(text: str) -> Slot:
    return Slot(start=at(text), practitioner_id=1, end=at(text) + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("free", "chosen"),
    [
        ("", ""),
        ("1 9:00", "1 9:00 soonest"),
        ("1 9:00, 1 9:30", "1 9:00 soonest, 1 9:30 next"),
        # One of each, though they lie days apart.
        (
            "1 9:00, 1 9:30, 1 12:00, 1 12:30, 3 17:00, 3 18:00",
            "1 9:00 soonest, 1 12:00 afternoon, 3 17:00 evening",
        ),
        # The soonest is in the afternoon: the other half of the day is the morning.
        (
            "1 15:00, 1 15:30, 1 17:30, 2 9:00, 2 9:30",
            "1 15:00 soonest, 1 17:30 evening, 2 9:00 morning",
        ),
        # No evening, or none of the other half: the plain next ones.
        ("1 9:00, 1 9:30, 1 12:00", "1 9:00 soonest, 1 9:30 next, 1 12:00 afternoon"),
        ("1 9:00, 1 9:30, 1 10:00, 1 10:30", "1 9:00 soonest, 1 9:30 next, 1 10:00 next"),
        # The soonest is an evening itself; the first of the other half is one.
        ("1 18:00, 1 18:30, 2 9:00", "1 18:00 soonest, 1 18:30 next, 2 9:00 morning"),
        ("1 9:00, 1 9:30, 1 17:00, 1 18:00", "1 9:00 soonest, 1 9:30 next, 1 17:00 evening"),
        # Midday is the afternoon; five is the evening, one minute before is not.
        ("1 9:59, 1 12:00, 1 16:59, 1 17:00", "1 9:59 soonest, 1 12:00 afternoon, 1 17:00 evening"),
        # Half an hour apart is no choice: the afternoon steps aside, and is no first any more.
        (
            "1 11:30, 1 12:00, 1 13:30, 1 14:00, 2 17:00",
            "1 11:30 soonest, 1 13:30 next, 2 17:00 evening",
        ),
        # Without other parts of the day: another day, or later.
        ("1 9:00, 1 9:30, 1 11:00, 2 9:00", "1 9:00 soonest, 1 11:00 next, 2 9:00 day"),
        # Days of their own, within a week, though a part of the day has a sooner one.
        (
            "1 9:00, 1 12:00, 2 9:00, 2 12:00, 4 17:00",
            "1 9:00 soonest, 2 12:00 day, 4 17:00 evening",
        ),
        ("1 9:00, 1 12:00, 9 12:00", "1 9:00 soonest, 1 12:00 afternoon, 9 12:00 next"),
        ("1 9:00, 1 11:00, 2 9:00, 3 9:00", "1 9:00 soonest, 2 9:00 day, 3 9:00 day"),
        ("1 18:00, 2 9:00, 2 13:00", "1 18:00 soonest, 2 9:00 morning, 2 13:00 afternoon"),
    ],
)
def test_three_times_that_differ(free: str, chosen: str) -> None:
    slots = [slot(text) for text in free.split(", ") if text]
    found = availability.three(slots, LONDON, apart=timedelta(hours=2))
    assert ", ".join(f"{one.start:%-d %-H:%M} {first}" for one, first in found) == chosen


def test_the_nearest_three_are_each_a_moment_of_their_own() -> None:
    around = [slot(text) for text in ("1 9:00", "1 10:00", "1 10:30", "1 11:30", "2 11:00")]
    around.append(Slot(start=at("1 10:30"), practitioner_id=2, end=at("1 11:00")))
    found = availability.nearest(around, at("1 11:00"))
    assert [f"{one.start:%-H:%M} {one.practitioner_id}" for one in found] == ["10:00 1", "10:30 1", "11:30 1"]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("3 10:30", "30 minutes later"),
        ("3 10:00", "The same time"),
        ("3 9:00", "1 hour earlier"),
        ("4 10:00", "The same time, next day"),
        ("2 10:00", "The same time, the day before"),
        ("7 10:00", "The same time, 4 days later"),
        ("4 9:00", "Next day"),
        ("1 16:00", "2 days earlier"),
    ],
)
def test_how_a_time_lies_beside_one_that_has_gone(start: str, words: str) -> None:
    assert beside(at(start), at("3 10:00"), LONDON) == words
