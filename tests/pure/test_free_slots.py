"""Free times: what is offered on an ordinary day, and that the fast way always agrees with the slow one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bookings.availability import Interval, Rules, Slot, WeeklyHours, free_slots, is_inside, merge
from clinic.foundation import when
from tests.pure import reference

LONDON = ZoneInfo("Europe/London")
ANA = 1
MONDAY = date(2026, 11, 23)
EARLY = datetime(2026, 11, 20, 9, tzinfo=UTC)
ALWAYS = date(2020, 1, 1)
MORNING = WeeklyHours(0, time(9), time(12), ALWAYS)


def rules(**changes: int | timedelta) -> Rules:
    given = {
        "minutes": 30,
        "buffer_before": 0,
        "buffer_after": 0,
        "minimum_notice": timedelta(0),
        "horizon_days": 60,
        "step": 30,
    }
    return Rules(**(given | changes))  # type: ignore[arg-type]  # a test's keyword overrides


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=UTC)


def offered(
    hours: list[WeeklyHours],
    busy: list[Interval] | None = None,
    *,
    now: datetime = EARLY,
    **changes: int | timedelta,
) -> list[str]:
    """The clock times offered on Monday 23 November, when London is on UTC."""
    slots = free_slots(
        practitioner_id=ANA, hours=hours, busy=busy or [], rules=rules(**changes), zone=LONDON, now=now,
        first_day=MONDAY, days=1,
    )  # fmt: skip
    return [f"{slot.start:%H:%M}" for slot in slots]


def test_ana_s_morning_is_offered_in_half_hours() -> None:
    assert offered([MORNING]) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_a_slot_is_the_visit_without_its_buffers_in_utc() -> None:
    (slot,) = free_slots(
        practitioner_id=ANA, hours=[WeeklyHours(0, time(9), time(9, 45), ALWAYS)], busy=[],
        rules=rules(minutes=45, step=45, buffer_before=5, buffer_after=10), zone=ZoneInfo("America/New_York"),
        now=EARLY, first_day=MONDAY, days=1,
    )  # fmt: skip
    assert slot == Slot(start=at("14:00"), practitioner_id=ANA, end=at("14:45"))
    assert slot.start.tzinfo is UTC


def test_a_visit_must_end_within_the_hours() -> None:
    assert offered([MORNING], minutes=60) == ["09:00", "09:30", "10:00", "10:30", "11:00"]
    assert offered([MORNING], minutes=180) == ["09:00"]
    assert offered([MORNING], minutes=181) == []


def test_buffers_may_reach_outside_the_hours() -> None:
    assert offered([MORNING], buffer_before=30, buffer_after=30) == offered([MORNING])


def test_a_taken_time_is_gone_and_its_neighbours_stay() -> None:
    assert offered([MORNING], [(at("10:00"), at("10:30"))]) == ["09:00", "09:30", "10:30", "11:00", "11:30"]


def test_one_minute_of_overlap_is_enough_to_lose_a_time() -> None:
    assert "09:30" not in offered([MORNING], [(at("09:59"), at("10:00"))])
    assert "10:00" not in offered([MORNING], [(at("09:00"), at("10:01"))])
    one_second = timedelta(seconds=1)
    assert "09:30" not in offered([MORNING], [(at("10:00") - one_second, at("10:00"))])
    assert "10:00" not in offered([MORNING], [(at("09:00"), at("10:00") + one_second)])


def test_buffers_keep_their_distance_from_what_is_taken() -> None:
    taken = [(at("10:30"), at("11:00"))]
    assert "10:00" in offered([MORNING], taken, buffer_after=0)
    assert "10:00" not in offered([MORNING], taken, buffer_after=1)
    assert "11:00" in offered([MORNING], taken, buffer_before=0)
    assert "11:00" not in offered([MORNING], taken, buffer_before=1)


def test_a_long_absence_that_holds_a_short_one_still_counts_whole() -> None:
    week_off = (at("00:00") - timedelta(days=3), at("00:00") + timedelta(days=3))
    assert offered([MORNING], [week_off, (at("07:00"), at("07:05"))]) == []


def test_an_empty_interval_takes_nothing() -> None:
    assert offered([MORNING], [(at("10:10"), at("10:10"))]) == offered([MORNING])


def test_rows_that_touch_or_overlap_are_one_stretch_and_a_break_starts_a_new_grid() -> None:
    def row(starts: str, ends: str) -> WeeklyHours:
        return WeeklyHours(0, time.fromisoformat(starts), time.fromisoformat(ends), ALWAYS)

    assert offered([row("10:00", "11:00"), row("09:00", "10:00")], minutes=60) == ["09:00", "09:30", "10:00"]
    assert offered([row("09:00", "10:30"), row("09:20", "11:00")], minutes=60) == ["09:00", "09:30", "10:00"]
    assert offered([row("09:00", "10:00"), row("10:10", "11:00")]) == ["09:00", "09:30", "10:10"]


def test_the_same_row_twice_offers_nothing_twice() -> None:
    assert offered([MORNING, MORNING]) == offered([MORNING])


def test_hours_count_from_their_first_to_their_last_day() -> None:
    until = WeeklyHours(0, time(9), time(10), ALWAYS, MONDAY)
    assert offered([until]) == ["09:00", "09:30"]
    assert offered([WeeklyHours(0, time(9), time(10), ALWAYS, MONDAY - timedelta(days=1))]) == []
    assert offered([WeeklyHours(0, time(9), time(10), MONDAY)]) == ["09:00", "09:30"]
    assert offered([WeeklyHours(0, time(9), time(10), MONDAY + timedelta(days=1))]) == []


def test_other_weekdays_are_not_ours() -> None:
    assert offered([WeeklyHours(1, time(9), time(12), ALWAYS)]) == []


def test_notice_is_counted_to_the_second() -> None:
    two_hours = timedelta(hours=2)
    assert offered([MORNING], now=at("08:00"), minimum_notice=two_hours)[0] == "10:00"
    assert offered([MORNING], now=at("08:00") + timedelta(seconds=1), minimum_notice=two_hours)[0] == "10:30"


def test_the_past_is_not_offered() -> None:
    assert offered([MORNING], now=at("11:29")) == ["11:30"]
    assert offered([MORNING], now=at("11:31")) == []


def test_the_horizon_ends_with_its_last_day_on_the_clinic_s_calendar() -> None:
    assert offered([MORNING], now=at("23:00", MONDAY - timedelta(days=3)), horizon_days=3) == offered(
        [MORNING]
    )
    assert offered([MORNING], now=at("23:00", MONDAY - timedelta(days=4)), horizon_days=3) == []
    # 11:30 UTC on Sunday is already Monday in Auckland.
    auckland: dict[str, Any] = {
        "hours": [MORNING],
        "busy": [],
        "zone": ZoneInfo("Pacific/Auckland"),
        "first_day": MONDAY,
        "days": 1,
    }
    today_only = rules(horizon_days=0)
    sunday = at("11:30", MONDAY - timedelta(days=1))
    assert free_slots(practitioner_id=ANA, now=sunday, rules=today_only, **auckland)
    before = sunday - timedelta(hours=1)
    assert not free_slots(practitioner_id=ANA, now=before, rules=today_only, **auckland)


@pytest.mark.parametrize(
    ("first", "days"), [(date.max, 1), (date.min, 3), (date.min, 0), (date.max, -5), (MONDAY, -(10**10))]
)
def test_any_asked_days_are_safe(first: date, days: int) -> None:
    assert free_slots(
        practitioner_id=ANA, hours=[MORNING], busy=[], rules=rules(), zone=LONDON, now=EARLY,
        first_day=first, days=days,
    ) == []  # fmt: skip


def test_asking_from_long_ago_or_for_very_long_gives_what_the_horizon_allows() -> None:
    slots = free_slots(
        practitioner_id=ANA, hours=[MORNING], busy=[], rules=rules(horizon_days=7), zone=LONDON, now=EARLY,
        first_day=date.min, days=10**9,
    )  # fmt: skip
    assert {slot.start.date() for slot in slots} == {MONDAY}


def test_days_outside_the_horizon_cost_no_work() -> None:
    looked = []

    class Watched(WeeklyHours):
        def cover(self, day: date) -> bool:
            looked.append(day)
            return super().cover(day)

    free_slots(
        practitioner_id=ANA, hours=[Watched(0, time(9), time(12), ALWAYS)], busy=[], rules=rules(horizon_days=14),
        zone=LONDON, now=EARLY, first_day=EARLY.date() - timedelta(days=1000), days=2000,
    )  # fmt: skip
    assert looked == [MONDAY, MONDAY + timedelta(days=7)]


def test_time_off_for_ever_and_from_ever_leaves_no_room_and_fails_nowhere() -> None:
    ever = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    assert offered([MORNING], [ever], buffer_before=60, buffer_after=60) == []
    assert offered([MORNING], [(ever[0], at("10:00"))], buffer_before=30) == ["10:30", "11:00", "11:30"]
    assert offered([MORNING], [(at("10:00"), ever[1])], buffer_after=30) == ["09:00"]


def test_midnight_as_an_end_closes_the_day() -> None:
    assert offered([WeeklyHours(0, time(23), time(0), ALWAYS)]) == ["23:00", "23:30"]
    assert len(offered([WeeklyHours(0, time(0), time(0), ALWAYS)])) == 48


def test_slots_sort_by_start_then_practitioner() -> None:
    def slot(practitioner: int, clock: str, end: str) -> Slot:
        return Slot(start=at(clock), practitioner_id=practitioner, end=at(end))

    first, second, third = slot(2, "09:00", "09:30"), slot(1, "10:00", "11:00"), slot(2, "10:00", "10:30")
    assert sorted([third, second, first]) == [first, second, third]


def test_a_slot_cannot_be_changed() -> None:
    slot = Slot(start=at("09:00"), practitioner_id=ANA, end=at("09:30"))
    with pytest.raises(AttributeError):
        slot.start = at("10:00")  # type: ignore[misc]  # what mypy forbids is what is tried


def test_moments_in_other_zones_mean_the_same_moment() -> None:
    east = timezone(timedelta(hours=5))
    taken = (at("10:00").astimezone(east), at("10:30").astimezone(LONDON))
    assert offered([MORNING], [taken]) == offered([MORNING], [(at("10:00"), at("10:30"))])


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        offered([MORNING], now=datetime(2026, 11, 20, 9))  # noqa: DTZ001 (that is the test)
    with pytest.raises(ValueError, match="no time zone"):
        offered([MORNING], [(datetime(2026, 11, 23, 9), at("10:00"))])  # noqa: DTZ001 (that is the test)


def test_an_interval_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        offered([MORNING], [(at("11:00"), at("10:00"))])


@pytest.mark.parametrize(
    "change",
    [{"minutes": 0}, {"step": 0}, {"buffer_before": -1}, {"buffer_after": -1}, {"horizon_days": -1},
     {"minimum_notice": timedelta(seconds=-1)}],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(change: dict[str, int | timedelta]) -> None:
    with pytest.raises(ValueError, match=r"at least one minute|negative"):
        rules(**change)


@pytest.mark.parametrize(
    ("weekday", "starts", "ends"),
    [(7, time(9), time(10)), (-1, time(9), time(10)), (0, time(10), time(10)), (0, time(10), time(9)),
     (0, time(9, tzinfo=UTC), time(10))],
)  # fmt: skip
def test_working_hours_that_make_no_sense_are_refused(weekday: int, starts: time, ends: time) -> None:
    with pytest.raises(ValueError, match=r"weekday|end after|without a zone"):
        WeeklyHours(weekday, starts, ends, ALWAYS)


def test_merge_sorts_and_joins_what_overlaps_or_touches() -> None:
    a, b, c, d, e = (at(clock) for clock in ("09:00", "10:00", "11:00", "12:00", "13:00"))
    assert merge([(c, d), (a, b), (b, c), (e, e)]) == [(a, d)]
    assert merge([(a, d), (b, c)]) == [(a, d)]
    assert merge([(d, e), (a, b)]) == [(a, b), (d, e)]
    assert merge([]) == []


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def rows_of_hours(draw: st.DrawFn, around: date) -> WeeklyHours:
    grain = draw(st.sampled_from([1, 10, 30]))
    first = draw(st.integers(0, 22 * 60)) // grain * grain
    end = min(24 * 60, first + draw(st.integers(60, 600)) // grain * grain)
    day = around + timedelta(days=draw(st.sampled_from([0, 0, 1, 2])))
    valid_from = around + timedelta(days=draw(st.sampled_from([-1, -1, 0, 1])))
    valid_until = draw(st.sampled_from([None, around + timedelta(days=1), around]))
    return WeeklyHours(day.weekday(), _clock(first), _clock(end), valid_from, valid_until)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """A few days, as often as not around a change of clocks, with whole minutes everywhere."""
    zone = ZoneInfo(draw(st.sampled_from(reference.ZONES)))
    changes = reference.clock_changes(zone, 2026, 2027)
    around = draw(
        st.sampled_from([date(2026, 11, 23), *(change.astimezone(zone).date() for change in changes)])
    )
    first_day = around - timedelta(days=draw(st.sampled_from([0, 1])))
    midnight = datetime.combine(first_day, time.min, tzinfo=UTC)
    busy = []
    for _ in range(draw(st.integers(0, 5))):
        start = midnight + timedelta(minutes=draw(st.integers(-600, 3000)))
        busy.append((start, start + timedelta(minutes=draw(st.integers(0, 200)))))
    minutes, step = draw(st.integers(1, 90)), draw(st.sampled_from([5, 10, 15, 20, 25, 30, 40, 45, 60, 90]))
    return {
        "hours": draw(st.lists(rows_of_hours(first_day), min_size=1, max_size=4)),
        "busy": busy,
        "rules": rules(
            minutes=minutes,
            step=step,
            buffer_before=draw(st.sampled_from([0, 5, 15])),
            buffer_after=draw(st.sampled_from([0, 10, 20])),
            minimum_notice=timedelta(minutes=draw(st.sampled_from([0, 60, 1440]))),
            horizon_days=draw(st.sampled_from([30, 30, 30, 1, 0])),
        ),
        "zone": zone,
        "now": midnight + timedelta(minutes=draw(st.sampled_from([-3000, -1441, -600, 0, 300, 907]))),
        "first_day": first_day,
        "days": draw(st.integers(1, 2)),
    }


@reference.PROPERTY
@given(questions())
@example(
    {
        "hours": [WeeklyHours(6, time(0, 20), time(4), ALWAYS)],
        "busy": [],
        "rules": rules(minutes=40, step=40),
        "zone": LONDON,
        "now": EARLY - timedelta(days=60),
        "first_day": date(2026, 10, 25),
        "days": 1,
    }
)
def test_the_fast_way_offers_exactly_what_walking_every_minute_finds(question: dict[str, Any]) -> None:
    slots = free_slots(practitioner_id=ANA, **question)
    expected = reference.free_starts(**question)
    assert [slot.start for slot in slots] == expected
    minutes = question["rules"].minutes
    assert all(slot.end - slot.start == timedelta(minutes=minutes) for slot in slots)


def test_the_examples_do_contain_free_times() -> None:
    """Guards the property above: were every example empty, it would prove nothing."""
    filled = []

    @reference.PROPERTY
    @given(questions())
    def look(question: dict[str, Any]) -> None:
        filled.append(bool(free_slots(practitioner_id=ANA, **question)))

    look()
    assert sum(filled) > len(filled) / 4


def test_a_day_has_its_real_length() -> None:
    def hours(day: date, zone: ZoneInfo) -> float:
        start, end = when.day_bounds(day, zone)
        return (end - start) / timedelta(hours=1)

    assert hours(MONDAY, LONDON) == 24
    assert hours(date(2026, 3, 29), LONDON) == 23
    assert hours(date(2026, 10, 25), LONDON) == 25
    assert hours(date(2026, 10, 4), ZoneInfo("Australia/Lord_Howe")) == 23.5
    assert hours(date(2026, 4, 5), ZoneInfo("Australia/Lord_Howe")) == 24.5


@pytest.mark.parametrize(
    ("starts", "ends", "inside"),
    [
        ("09:00", "12:30", True),  # over two stretches that touch
        ("08:59", "09:30", False),
        ("12:00", "12:31", False),
        ("12:45", "13:15", False),  # begins between two stretches
        ("23:00", "00:00", True),  # the midnight that closes the day
        ("23:30", "00:30", False),
    ],
)
def test_a_visit_lies_inside_the_hours_of_its_day_or_not(starts: str, ends: str, inside: bool) -> None:
    hours = [WeeklyHours(0, time(9), time(12)), WeeklyHours(0, time(12), time(12, 30))]
    hours += [
        WeeklyHours(0, time(13), time(14)),
        WeeklyHours(0, time(22), time(0)),
        WeeklyHours(1, time(0), time(9)),
    ]
    start, end = (
        when.instant(datetime.combine(MONDAY, time.fromisoformat(clock)), LONDON) for clock in (starts, ends)
    )
    assert is_inside(start, end if end > start else end + timedelta(days=1), hours, LONDON) is inside
