"""Where a stretch stands on a day of the calendar: by the wall clock, to five minutes, on the nights of a change as well."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings import timeline
from bookings.timeline import Place
from clinic.foundation import when

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 30)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "classes"),
    [
        (at(9, 15), at(10), "h9 m15 p45"),
        (at(0), at(1, 30), "h0 l1 p30"),
        (at(9, 2), at(9, 33), "h9 p35"),  # to the nearest five minutes
        (at(9, 0), at(9, 1), "h9 p5"),  # and five at least
        (at(23, 59), at(23, 59) + timedelta(minutes=1), "h23 m55 p5"),
        (at(22) - timedelta(days=1), at(1), "h0 l1"),  # from yesterday
        (at(23), at(3) + timedelta(days=1), "h23 l1"),  # into tomorrow
        (at(0) - timedelta(days=3), at(0) + timedelta(days=3), "h0 l24"),
    ],
)
def test_a_stretch_stands_where_the_clock_shows_it(start: datetime, end: datetime, classes: str) -> None:
    place = timeline.place((start, end), MONDAY, LONDON)
    assert place is not None and place.classes == classes


def test_a_stretch_of_another_day_stands_nowhere() -> None:
    assert timeline.place((at(0) - timedelta(hours=2), at(0)), MONDAY, LONDON) is None
    assert timeline.place((at(0) + timedelta(days=1), at(2) + timedelta(days=1)), MONDAY, LONDON) is None


# The zone, the day, what is said, and (UTC start, minutes) of visits with where each stands.
NIGHTS = {
    "London, back": (
        "Europe/London",
        date(2026, 10, 25),
        "The clocks go back at 02:00: 01:00 to 02:00 comes twice.",
        [
            ("00:15", 30, "01:15", "01:45"),
            ("01:15", 30, "01:15", "01:45"),
            ("00:45", 30, "01:45", "02:00"),
            ("02:00", 60, "02:00", "03:00"),
        ],
    ),
    "London, forward": (
        "Europe/London",
        date(2026, 3, 29),
        "The clocks go forward at 01:00: 01:00 to 02:00 does not exist.",
        [("00:30", 60, "00:30", "02:30"), ("01:00", 30, "02:00", "02:30")],
    ),
    "New York, back": (
        "America/New_York",
        date(2026, 11, 1),
        "The clocks go back at 02:00: 01:00 to 02:00 comes twice.",
        [("05:30", 30, "01:30", "02:00"), ("06:30", 30, "01:30", "02:00"), ("05:50", 60, "01:50", "02:00")],
    ),
    "New York, forward": (
        "America/New_York",
        date(2026, 3, 8),
        "The clocks go forward at 02:00: 02:00 to 03:00 does not exist.",
        [("06:45", 30, "01:45", "03:15")],
    ),
    "Lord Howe, back by half an hour": (
        "Australia/Lord_Howe",
        date(2026, 4, 5),
        "The clocks go back at 02:00: 01:30 to 02:00 comes twice.",
        [("14:30 -1", 30, "01:30", "02:00"), ("15:00 -1", 30, "01:30", "02:00")],
    ),
    "Lord Howe, forward by half an hour": (
        "Australia/Lord_Howe",
        date(2026, 10, 4),
        "The clocks go forward at 02:00: 02:00 to 02:30 does not exist.",
        [("15:00 -1", 60, "01:30", "03:00")],
    ),
    "Cairo, a midnight that does not exist": (
        "Africa/Cairo",
        date(2026, 4, 24),
        "The clocks go forward at 00:00: 00:00 to 01:00 does not exist.",
        [("22:00 -1", 45, "01:00", "01:45")],
    ),
    "Cairo, the last hour twice": (
        "Africa/Cairo",
        date(2026, 10, 29),
        "The clocks go back at 24:00: 23:00 to 24:00 comes twice.",
        [("20:00", 60, "23:00", "24:00"), ("21:00", 60, "23:00", "24:00")],
    ),
}


@pytest.mark.parametrize("night", NIGHTS)
def test_the_nights_on_which_the_clocks_change(night: str) -> None:
    name, day, words, stretches = NIGHTS[night]
    zone = ZoneInfo(name)
    change = timeline.change(day, zone)
    assert change is not None and change.words == words
    assert (
        timeline.change(day - timedelta(days=1), zone)
        is timeline.change(day + timedelta(days=1), zone)
        is None
    )
    for text, minutes, first, last in stretches:
        clock, _, before = text.partition(" ")
        start = datetime.fromisoformat(f"{day + timedelta(days=int(before or 0))}T{clock}+00:00")
        place = timeline.place((start, start + timedelta(minutes=minutes)), day, zone)
        assert place is not None
        assert (timeline.clock(place.start), timeline.clock(place.end)) == (first, last), text


@pytest.mark.parametrize("night", NIGHTS)
def test_every_moment_of_such_a_day_stands_in_its_order(night: str) -> None:
    """Walked in steps of five minutes: no moment is lost, and the clock goes back only where the clocks do."""
    name, day, _, _ = NIGHTS[night]
    zone = ZoneInfo(name)
    change = timeline.change(day, zone)
    assert change is not None
    opens, closes = when.day_bounds(day, zone)
    moment, before, steps_back = opens, -1, 0
    while moment < closes:
        place = timeline.place((moment, moment + timedelta(minutes=5)), day, zone)
        assert place is not None and 0 <= place.start < place.end <= timeline.DAY
        assert not (change.forward and change.start <= place.start < change.end)
        steps_back += place.start <= before
        moment, before = moment + timedelta(minutes=5), place.start
    assert steps_back == (0 if change.forward else 1)


def test_what_overlaps_stands_side_by_side() -> None:
    places = [Place(60, 90), Place(75, 100), Place(95, 120), Place(200, 210), Place(60, 61)]
    lanes = [(place.lane, place.lanes) for place in timeline.side_by_side(places)]
    assert lanes == [(0, 2), (1, 2), (0, 2), (0, 1), (1, 2)]
    assert timeline.side_by_side(places)[1].classes == "h1 m15 p25 n2 k1"
    assert timeline.side_by_side([]) == []


def test_the_rows_hold_everything_in_full_hours() -> None:
    assert timeline.hours_shown([], (9, 17)) == (9, 17)
    assert timeline.hours_shown([Place(9 * 60, 17 * 60)], (9, 17)) == (9, 17)
    assert timeline.hours_shown([Place(7 * 60 + 55, 60 * 20 + 5)], (9, 17)) == (7, 21)


def test_a_place_is_cut_to_the_rows() -> None:
    assert Place(0, 1440).within(540, 1020) == Place(540, 1020)
    assert Place(0, 540).within(540, 1020) is None
