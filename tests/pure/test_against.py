"""Why a time is not offered: each rule by itself, and that a time is offered exactly when nothing is against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.against import ASKED_FIRST, FOR_CLIENTS, NEVER, Against, Taken, found
from bookings.availability import Interval, Rules, WeeklyHours, free_slots
from bookings.queries.off import Off
from tests.pure import reference
from tests.pure.test_free_slots import ALWAYS, ANA, EARLY, LONDON, MONDAY, MORNING, at, questions, rules

QUARTER = timedelta(minutes=15)


def taken(what: Against, starts: str, ends: str, *, before: int = 0, after: int = 0) -> Taken:
    start, end = at(starts), at(ends)
    return Taken(what, start, end, start - timedelta(minutes=before), end + timedelta(minutes=after))


def against(
    clock: str,
    *stretches: Taken,
    day: date = MONDAY,
    hours: Sequence[WeeklyHours] = (MORNING,),
    now: datetime = EARLY,
    **changes: Any,
) -> list[str]:
    """The codes of what is against a start with Ana, who works on Monday mornings."""
    start = at(clock, day)
    one = found(start, hours=hours, taken=stretches, rules=rules(**changes), zone=LONDON, now=now)
    return [reason.what.value for reason in one]


def test_nothing_is_against_a_free_time() -> None:
    assert against("10:00") == []


@pytest.mark.parametrize(
    ("clock", "changes", "code"),
    [
        ("10:00", {"now": at("10:01")}, "past"),
        ("13:00", {}, "hours"),
        ("11:45", {}, "hours"),  # it would end after twelve
        ("10:00", {"day": MONDAY + timedelta(days=1)}, "hours"),
        ("10:07", {}, "grid"),
        ("10:00", {"now": at("09:00"), "minimum_notice": timedelta(hours=24)}, "notice"),
        ("10:00", {"horizon_days": 2}, "horizon"),
        (
            "10:00",
            {"hours": [WeeklyHours(0, time(9), time(12), ALWAYS, MONDAY - timedelta(days=1))]},
            "hours",
        ),
    ],
)
def test_each_rule_by_itself(clock: str, changes: dict[str, Any], code: str) -> None:
    assert against(clock, **changes) == [code]


@pytest.mark.parametrize("what", [Against.VISIT, Against.HOLD, Against.AWAY, Against.CLOSED])
def test_what_is_then_is_named_and_its_end_is_free(what: Against) -> None:
    assert against("10:00", taken(what, "10:15", "10:45")) == [what]
    assert against("10:00", taken(what, "10:30", "11:00")) == []
    assert against("10:00", taken(what, "09:30", "10:00")) == []


def test_minutes_kept_free_are_told_from_the_visit_itself() -> None:
    visit = taken(Against.VISIT, "09:00", "09:45", after=30)
    assert against("10:00", visit) == ["buffer"]
    assert against("09:30", visit) == ["visit"]
    assert against("10:30", visit) == []
    assert against("10:00", taken(Against.HOLD, "10:40", "11:00"), buffer_after=15) == ["buffer"]
    assert against("10:00", taken(Against.AWAY, "10:40", "11:00"), buffer_after=15) == ["rest"]


def test_everything_is_said_at_once_and_what_forbids_it_first() -> None:
    visit, away = taken(Against.VISIT, "13:00", "14:00"), taken(Against.AWAY, "09:00", "18:00")
    notice: dict[str, Any] = {"now": at("08:00"), "minimum_notice": timedelta(hours=24)}
    assert against("13:15", away, visit, **notice) == ["visit", "hours", "notice", "away"]


def test_the_second_of_two_equal_clock_times_is_off_the_grid() -> None:
    night = WeeklyHours(6, time(0), time(4), ALWAYS)
    first, second = (
        datetime(2026, 10, 25, 0, 30, tzinfo=EARLY.tzinfo),
        datetime(2026, 10, 25, 1, 30, tzinfo=EARLY.tzinfo),
    )
    known: dict[str, Any] = {
        "hours": [night],
        "taken": (),
        "rules": rules(),
        "zone": LONDON,
        "now": first - timedelta(days=3),
    }
    assert found(first, **known) == []
    assert [one.what for one in found(second, **known)] == ["grid"]


def test_every_code_either_forbids_or_is_agreed_to_or_is_for_clients() -> None:
    assert set(Against) == NEVER | FOR_CLIENTS | ASKED_FIRST
    assert not (NEVER & FOR_CLIENTS or NEVER & ASKED_FIRST or FOR_CLIENTS & ASKED_FIRST)
    # The two lists of codes mean the same by the same word. New zone data is against rows only.
    assert {off.value for off in Off} - {"zone"} <= {one.value for one in Against}


def _as_taken(busy: Interval) -> Taken:
    return Taken(Against.VISIT, busy[0], busy[1], busy[0], busy[1])


@reference.PROPERTY
@given(questions(), st.lists(st.integers(-60, 3000), min_size=10, max_size=10))
def test_a_time_is_offered_exactly_when_nothing_is_against_it(
    question: dict[str, Any], minutes: list[int]
) -> None:
    offered = {slot.start for slot in free_slots(practitioner_id=ANA, **question)}
    busy, first_day, days = question.pop("busy"), question.pop("first_day"), question.pop("days")
    midnight = datetime.combine(first_day, time.min, tzinfo=EARLY.tzinfo)
    tried = {midnight + timedelta(minutes=n) for n in minutes}
    for start in sorted(offered)[:8]:
        tried |= {start, start + QUARTER, start - timedelta(minutes=1)}
    asked = range(days)
    for start in tried:
        if (start.astimezone(question["zone"]).date() - first_day).days in asked:
            nothing = not found(start, taken=map(_as_taken, busy), **question)
            assert nothing == (start in offered), start
    assert isinstance(question["rules"], Rules)
