"""A week of hours that changes from a day on: what held before stays, what is planned after it stays too."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookings.availability import WeeklyHours
from bookings.weekly_hours import NONE, Period, Week, changed, lines, periods, week_on

NINE, ONE, FIVE, MIDNIGHT = time(9), time(13), time(17), time(0)
START, TODAY = date(2026, 1, 1), date(2026, 11, 30)
OFFICE = [WeeklyHours(day, NINE, FIVE, START) for day in range(5)]
MORNINGS: Week = (((NINE, ONE),),) * 5 + ((),) * 2
DAY = timedelta(days=1)


def test_a_change_ends_the_old_rows_the_day_before_and_begins_new_ones() -> None:
    first = date(2026, 12, 7)
    after = changed(OFFICE, MORNINGS, first, None)
    assert WeeklyHours(0, NINE, FIVE, START, first - DAY) in after
    assert WeeklyHours(0, NINE, ONE, first) in after
    assert [(one.first, one.last) for one in periods(after, TODAY)] == [(TODAY, first - DAY), (first, None)]


def test_a_change_for_a_while_gives_the_old_hours_back() -> None:
    first, last = date(2026, 12, 21), date(2027, 1, 3)
    after = changed(OFFICE, NONE, first, last)
    before, without, again = periods(after, TODAY)
    assert without == Period(first, last, NONE)
    assert before.week == again.week and again.last is None


def test_days_that_stay_the_same_stay_one_row() -> None:
    week = (((NINE, ONE),), *MORNINGS[1:])
    office_but_monday: Week = (week[0], *(((NINE, FIVE),),) * 4, (), ())
    after = changed(OFFICE, office_but_monday, date(2026, 12, 7), None)
    assert [row for row in OFFICE if row.weekday] == [row for row in after if row.weekday]
    assert changed(OFFICE, week_on(OFFICE, TODAY), date(2026, 12, 7), None) == OFFICE


def test_a_plan_that_is_made_anew_leaves_nothing_of_the_first() -> None:
    first = date(2026, 12, 7)
    planned = changed(OFFICE, MORNINGS, first, None)
    assert changed(planned, week_on(OFFICE, TODAY), first, None) == OFFICE


def test_words() -> None:
    day = ((time(11), ONE), (time(14), MIDNIGHT))
    week: Week = (((NINE, FIVE),), ((NINE, FIVE),), ((NINE, FIVE),), (), day, day, ())
    assert lines(week) == [
        "Monday to Wednesday 09:00 to 17:00",
        "Friday and Saturday 11:00 to 13:00 and 14:00 to 00:00",
    ]
    assert lines(NONE) == []


_span = st.sampled_from([(NINE, ONE), (time(14), FIVE), (time(18), MIDNIGHT)])
_week = st.lists(st.lists(_span, max_size=3, unique=True).map(sorted).map(tuple), min_size=7, max_size=7).map(
    tuple
)
_days = st.dates(date(2026, 11, 30), date(2027, 2, 1))


@given(st.lists(st.tuples(_week, _days, st.none() | st.integers(0, 40)), max_size=4))
def test_every_day_has_the_week_that_was_said_last(
    changes: list[tuple[Week, date, int | None]],
) -> None:
    rows = list(OFFICE)
    # From a fortnight before the first change that can be to as long after the last, and the first day of all.
    days = [START, *(TODAY + timedelta(days=n) for n in range(-14, 118))]
    said = dict.fromkeys(days, week_on(OFFICE, TODAY))
    for week, first, length in changes:
        last = None if length is None else first + timedelta(days=length)
        rows = changed(rows, week, first, last)
        said |= {day: week for day in said if first <= day <= (last or date.max)}
    assert all(week_on(rows, day) == week for day, week in said.items())
