"""The figures of the start page: arithmetic, what is too little to be said, and who sees them."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bookings.admin.start import charts
from bookings.admin.start.charts import Chart
from bookings.availability import Slot, WeeklyHours
from bookings.figures import Figures, figures, last_week, percentile, together
from bookings.limits.figures import FEW, WEEKS
from bookings.queries.figures import known, one_after_the_other
from bookings.tally import About, Around, Line, counted
from bookings.workflow import intake, reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make

MONDAY = date(2026, 11, 23)


@given(some.lists(some.integers(0, 500), min_size=1), some.integers(1, 100))
def test_so_many_in_a_hundred_are_no_more_than_a_percentile(numbers: list[int], percent: int) -> None:
    found = percentile(Counter(numbers), percent)
    assert 100 * sum(1 for n in numbers if n <= found) >= percent * len(numbers)
    assert 100 * sum(1 for n in numbers if n < found) < percent * len(numbers)
    assert found in numbers


@settings(max_examples=40)
@given(some.dictionaries(some.text(min_size=1), some.integers(0, 20)))
def test_nothing_under_five_is_named_and_nothing_else_is_lost(numbers: dict[str, int]) -> None:
    shown = together(Counter(numbers))
    assert all(one.number >= FEW for one in shown)
    assert [one.code for one in shown if one.code] == sorted(
        (code for code, n in numbers.items() if n >= FEW), key=lambda code: (-numbers[code], code)
    )
    rest = [n for n in numbers.values() if 0 < n < FEW]
    said = sum(one.number for one in shown)
    assert said in (sum(numbers.values()), sum(numbers.values()) - sum(rest))


def week(*sums: tuple[str, str, int]) -> Figures:
    return figures([(MONDAY, *each) for each in sums], MONDAY)


def test_of_a_week_with_fewer_than_five_nothing_is_said() -> None:
    few = week(("asked", "site", 4), ("outcome", "confirmed", 4), ("visit", "no_show", 1), ("reply", "60", 4))
    last = few.weeks[-1]
    assert (last.asked, last.share, last.median, last.missed, last.outcomes) == (None, None, None, None, {})
    assert few.is_empty and len(few.weeks) == WEEKS
    five = week(("asked", "site", 3), ("asked", "phone", 2), ("outcome", "confirmed", 3), ("reply", "60", 5))
    last = five.weeks[-1]
    assert (last.asked, last.share, last.still_open, last.median, last.ninety) == (5, 100, 2, 60, 60)


def test_pages_and_reasons_are_those_of_the_weeks_that_are_told() -> None:
    """Else their sum less the sum of the weeks would tell of a week that is too small."""
    small = MONDAY - timedelta(weeks=1)
    sums = [(MONDAY, "asked", "site", 8), (MONDAY, "source", "x", 6), (MONDAY, "declined", "full", 7)]
    sums += [(small, "asked", "site", 4), (small, "source", "x", 4), (small, "declined", "full", 2)]
    found = figures(sums, MONDAY)
    assert [one.number for one in found.sources] == [6]
    assert [one.number for one in found.declined] == [7]


def test_what_lies_outside_the_twelve_weeks_is_left_out() -> None:
    old = MONDAY - timedelta(weeks=WEEKS)
    assert figures([(old, "asked", "site", 50)], MONDAY).is_empty


@pytest.mark.parametrize(
    ("counted_until", "monday"),
    [(date(2026, 11, 29), MONDAY), (date(2026, 11, 28), date(2026, 11, 16)), (date(2026, 12, 5), MONDAY)],
)
def test_a_week_is_shown_once_its_sunday_is_counted(counted_until: date, monday: date) -> None:
    assert last_week(counted_until) == monday


def test_a_wish_that_no_hours_met_names_what_would_have_met_it() -> None:
    """Thursday from 17 to 19: nobody works then, but on Tuesday evenings somebody does."""
    hours = [WeeklyHours(1, time(16), time(19))]
    around = Around(lambda moment: moment.date(), lambda start, end: 0, hours)
    line = Line(make.NOW, 1, "", "new", "client")

    def unmet(*windows: tuple[int | None, str]) -> set[str]:
        found = counted([line], About(windows=windows), around)
        return {key for _, what, key in found if what == "unmet"}

    assert unmet((3, "evening")) == {"", "3-evening"}
    assert unmet((3, "evening"), (1, "evening")) == set()
    assert unmet((None, "evening")) == set()
    assert unmet((None, "morning")) >= {"", "0-morning", "6-morning"}
    assert unmet() == set(), "any time is met"
    assert unmet((1, "afternoon")) == set(), "an hour before five is enough for half an hour"


def test_free_times_are_counted_one_after_the_other_with_their_buffers() -> None:
    starts = [make.at(3, 9, minute) for minute in (0, 15, 30, 45)]
    slots = [Slot(practitioner_id=1, start=at, end=at + timedelta(minutes=30)) for at in starts]
    none, ten = timedelta(0), timedelta(minutes=10)
    assert [slot.start for slot in one_after_the_other(slots, none, none)] == [starts[0], starts[2]]
    assert [slot.start for slot in one_after_the_other(slots, none, ten)] == [starts[0], starts[3]]


@pytest.mark.django_db
def test_how_full_the_weeks_are_is_said_of_consultations_but_a_session_takes_its_time() -> None:
    make.profile()
    session = make.consultation_type(name="Session", purpose="session", order=0)
    make.practitioner().consultation_types.add(session)
    reader = make.staff().pk
    empty = known(reader, make.NOW, make.LONDON).ahead[0]
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    asked = intake.submit(make.submission(start=None, consultation_type_id=session.pk), dee)
    reply.confirm(asked, dee, slot=make.slot(make.at(3, 10)))
    week = known(reader, make.NOW, make.LONDON).ahead[0]
    assert (empty.booked, week.booked, week.held) == (0, 0, 0)
    assert week.free < empty.free


@settings(max_examples=40)
@given(some.lists(some.one_of(some.none(), some.integers(0, 10_000)), min_size=1, max_size=20))
def test_no_column_leaves_its_drawing(numbers: list[int | None]) -> None:
    chart = Chart("x", "x", "x", "x", (), ())
    stacks = [None if n is None else [("s1", n), ("s2", n // 2)] for n in numbers]
    charts.columns(chart, stacks, ["1 Dec"] * len(numbers), [str(n) for n in numbers])
    for bar in chart.bars:
        assert bar.x >= 0 and bar.x + bar.width <= 310.1
        assert bar.y >= 13.5 and bar.y + bar.height <= 118.3
    curve = Chart("x", "x", "x", "x", (), ())
    charts.lines(
        curve, [("l1", [None if n is None else float(n) for n in numbers])], ["a"] * len(numbers), " h", 8
    )
    assert all(0 <= x <= 310 and 13.5 <= y <= 118.3 for line in curve.curves for x, y in line.dots)
