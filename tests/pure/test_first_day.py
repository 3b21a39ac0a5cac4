"""From which day on a visit of a plan may be, beside those that are booked: no database."""

from __future__ import annotations

from datetime import date, timedelta

from bookings.queries import first_day
from bookings.queries.first_day import Step

FIRST, WEEK = date(2026, 12, 14), timedelta(days=7)


def step(
    number: int, due: date, *, line: int = 1, after: int | None = None, booked: date | None = None
) -> Step:
    status = "confirmed" if booked else "new"
    return Step(10 * line + number, line, after, number, due, status, 28, booked)


def test_what_is_booked_late_pushes_what_comes_after_it_and_nothing_else() -> None:
    steps = [
        step(1, FIRST, booked=FIRST + 3 * WEEK),
        step(2, FIRST + 4 * WEEK),
        step(3, FIRST + 8 * WEEK),
        step(1, FIRST, line=2),
        step(1, FIRST + 12 * WEEK, line=3, after=1),
    ]
    late = {12: FIRST + 7 * WEEK, 13: FIRST + 11 * WEEK, 21: FIRST, 31: FIRST + 15 * WEEK}
    assert first_day.of(steps) == first_day.of(reversed(steps)) == late


def test_the_plan_says_it_where_what_comes_before_is_booked_early_or_cancelled() -> None:
    early = step(1, FIRST, booked=FIRST - WEEK)
    gone = Step(11, 1, None, 1, FIRST, "cancelled", 28, None)
    for before in (early, gone):
        assert first_day.of([before, step(2, FIRST + 4 * WEEK)])[12] == FIRST + 4 * WEEK
