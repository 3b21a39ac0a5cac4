"""The reply promise runs while the clinic is open, stands still while it is closed, and can pause."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.availability import WeeklyHours
from bookings.promise import (
    WORKING_DAY,
    due_at,
    in_words,
    open_minutes_between,
)
from clinic.foundation import when
from tests.pure import reference

LONDON = ZoneInfo("Europe/London")
WEEK = [WeeklyHours(day, time(9), time(17)) for day in (0, 1, 2, 4)] + [WeeklyHours(3, time(9), time(20))]
NEVER: frozenset[date] = frozenset()


def on(text: str, zone: ZoneInfo = LONDON) -> datetime:
    """'2026-11-23 10:20' on the clinic's wall, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def due(start: str, *, days: int = 1, closed: frozenset[date] = NEVER) -> str:
    moment = due_at(on(start), days * WORKING_DAY, hours=WEEK, closed=closed, zone=LONDON)
    assert moment.tzinfo is UTC
    return f"{moment.astimezone(LONDON):%a %d %H:%M}"


@pytest.mark.parametrize(
    ("asked", "answered_by"),
    [
        ("2026-11-22 16:12", "Mon 23 17:00"),  # Sunday
        ("2026-11-23 10:20", "Tue 24 10:20"),
        ("2026-11-23 09:00", "Mon 23 17:00"),
        ("2026-11-23 08:59", "Mon 23 17:00"),  # before opening
        ("2026-11-23 17:00", "Tue 24 17:00"),  # at closing
        ("2026-11-23 22:00", "Tue 24 17:00"),
        ("2026-11-25 16:00", "Thu 26 16:00"),
        ("2026-11-26 10:00", "Thu 26 18:00"),  # the long Thursday
        ("2026-11-26 19:00", "Fri 27 16:00"),
        ("2026-11-27 16:59", "Mon 30 16:59"),  # over the weekend
    ],
)
def test_an_answer_is_due_after_one_working_day(asked: str, answered_by: str) -> None:
    assert due(asked) == answered_by


def test_three_working_days_are_three_times_eight_open_hours() -> None:
    assert due("2026-11-20 12:00", days=3) == "Wed 25 12:00"


def test_a_closure_moves_the_promise() -> None:
    assert due("2026-11-23 10:20", closed=frozenset({date(2026, 11, 24)})) == "Wed 25 10:20"
    assert (
        due("2026-11-22 16:12", closed=frozenset({date(2026, 11, 23), date(2026, 11, 24)})) == "Wed 25 17:00"
    )


def test_what_arrives_on_a_closed_day_counts_from_the_next_opening() -> None:
    assert due("2026-11-23 10:20", closed=frozenset({date(2026, 11, 23)})) == "Tue 24 17:00"


def test_the_clocks_going_back_do_not_move_the_wall_clock_hour() -> None:
    assert due("2026-10-23 16:00") == "Mon 26 16:00"
    assert due("2026-03-27 16:00") == "Mon 30 16:00"


def test_a_night_clinic_counts_real_hours_when_the_clocks_change() -> None:
    night = [WeeklyHours(6, time(0), time(4)), WeeklyHours(0, time(0), time(4))]
    spring = due_at(on("2026-03-29 00:00"), 200, hours=night, closed=NEVER, zone=LONDON)
    assert f"{spring.astimezone(LONDON):%a %H:%M}" == "Mon 00:20"  # Sunday had three hours
    autumn = due_at(on("2026-10-25 00:00"), 300, hours=night, closed=NEVER, zone=LONDON)
    assert f"{autumn.astimezone(LONDON):%a %H:%M}" == "Sun 04:00"  # and five


def test_a_lunch_break_does_not_count() -> None:
    broken = [WeeklyHours(0, time(9), time(12)), WeeklyHours(0, time(13), time(17))]
    end = due_at(on("2026-11-23 11:30"), 60, hours=broken, closed=NEVER, zone=LONDON)
    assert f"{end.astimezone(LONDON):%H:%M}" == "13:30"


def test_hours_given_twice_count_once() -> None:
    asked = on("2026-11-23 10:20")
    assert due_at(asked, 900, hours=WEEK + WEEK, closed=NEVER, zone=LONDON) == due_at(
        asked, 900, hours=WEEK, closed=NEVER, zone=LONDON
    )


def test_a_question_pauses_the_promise() -> None:
    """Cleo asks on Monday at 10:20. Ana asks back at 15:20 the same day; Cleo answers on Saturday."""
    promised = on("2026-11-24 10:20")
    left = open_minutes_between(on("2026-11-23 15:20"), promised, hours=WEEK, closed=NEVER, zone=LONDON)
    assert left == 180
    again = due_at(on("2026-11-28 13:00"), left, hours=WEEK, closed=NEVER, zone=LONDON)
    assert again == on("2026-11-30 12:00")


def test_an_overdue_promise_has_nothing_left_and_is_due_at_the_next_opening() -> None:
    left = open_minutes_between(
        on("2026-11-24 11:00"), on("2026-11-24 10:20"), hours=WEEK, closed=NEVER, zone=LONDON
    )
    assert left == 0
    assert due_at(on("2026-11-28 13:00"), 0, hours=WEEK, closed=NEVER, zone=LONDON) == on("2026-11-30 09:00")
    assert due_at(on("2026-11-24 11:00"), 0, hours=WEEK, closed=NEVER, zone=LONDON) == on("2026-11-24 11:00")


def test_seconds_are_kept_in_the_promise_and_dropped_from_what_is_left() -> None:
    asked = on("2026-11-23 10:20") + timedelta(seconds=37)
    promised = due_at(asked, WORKING_DAY, hours=WEEK, closed=NEVER, zone=LONDON)
    assert promised == on("2026-11-24 10:20") + timedelta(seconds=37)
    assert open_minutes_between(on("2026-11-24 10:00"), promised, hours=WEEK, closed=NEVER, zone=LONDON) == 20


def test_no_opening_hours_means_no_promise() -> None:
    with pytest.raises(ValueError, match="no opening hours"):
        due_at(on("2026-11-23 10:20"), 1, hours=[], closed=NEVER, zone=LONDON)


def test_a_year_without_an_opening_means_no_promise_but_a_long_closure_is_waited_out() -> None:
    def closed_for(days: int) -> frozenset[date]:
        return frozenset(date(2026, 11, 23) + timedelta(days=n) for n in range(days))

    with pytest.raises(ValueError, match="no opening hours"):
        due_at(on("2026-11-23 10:20"), 1, hours=WEEK, closed=closed_for(380), zone=LONDON)
    assert due_at(on("2026-11-23 10:20"), 1, hours=WEEK, closed=closed_for(350), zone=LONDON).year == 2027


def test_a_promise_of_more_than_a_year_of_open_days_can_be_counted() -> None:
    mondays = [WeeklyHours(0, time(9), time(10))]
    assert due_at(on("2026-11-23 09:00"), 60 * 60, hours=mondays, closed=NEVER, zone=LONDON).year == 2028


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        due_at(on("2026-11-23 10:20"), -1, hours=WEEK, closed=NEVER, zone=LONDON)
    with pytest.raises(ValueError, match="no time zone"):
        due_at(datetime(2026, 11, 23, 10), 1, hours=WEEK, closed=NEVER, zone=LONDON)  # noqa: DTZ001 (that is the test)
    for weekday, opens, closes in ((7, 9, 10), (0, 10, 10), (0, 11, 10)):
        with pytest.raises(ValueError, match=r"weekday|end after"):
            WeeklyHours(weekday, time(opens), time(closes))
    with pytest.raises(ValueError, match="without a zone"):
        WeeklyHours(0, time(9, tzinfo=UTC), time(10))


def test_the_promise_in_words() -> None:
    now = on("2026-11-22 16:12")
    assert in_words(on("2026-11-23 17:00"), now, zone=LONDON) == "by 5pm on Monday 23 November"
    assert in_words(on("2027-01-04 10:20"), now, zone=LONDON) == "by 10:20am on Monday 4 January 2027"


def test_the_promise_in_words_is_never_later_than_the_promise() -> None:
    now = on("2026-11-23 10:00")
    promised = on("2026-11-24 10:20") + timedelta(seconds=59)
    assert in_words(promised, now, zone=LONDON) == "by 10:20am on Tuesday 24 November"


@st.composite
def clinics(draw: st.DrawFn) -> tuple[list[WeeklyHours], frozenset[date], ZoneInfo, datetime]:
    zone = ZoneInfo(draw(st.sampled_from(reference.ZONES)))
    around = draw(
        st.sampled_from([datetime(2026, 11, 23, tzinfo=UTC), *reference.clock_changes(zone, 2026, 2026)])
    )
    hours = []
    for _ in range(draw(st.integers(1, 4))):
        opens = draw(st.integers(0, 23 * 60))
        closes = min(24 * 60, opens + draw(st.integers(60, 700)))
        weekday = (around + timedelta(days=draw(st.integers(0, 3)))).astimezone(zone).weekday()
        hours.append(WeeklyHours(weekday, _clock(opens), _clock(closes)))
    start = around - timedelta(days=1) + timedelta(minutes=draw(st.integers(0, 3000)))
    closed = frozenset(
        start.astimezone(zone).date() + timedelta(days=n)
        for n in draw(st.lists(st.integers(0, 5), max_size=2))
    )
    return hours, closed, zone, start


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@reference.PROPERTY
@given(clinics(), st.integers(1, 500))
def test_the_promise_is_kept_to_the_minute_as_walking_every_minute_finds(
    clinic: tuple[list[WeeklyHours], frozenset[date], ZoneInfo, datetime], minutes: int
) -> None:
    hours, closed, zone, start = clinic
    counted: list[datetime] = []
    day = start.astimezone(zone).date()
    while len(counted) < minutes:
        counted += [moment for moment in reference.open_minutes(day, hours, closed, zone) if moment >= start]
        day += timedelta(days=1)
    promised = due_at(start, minutes, hours=hours, closed=closed, zone=zone)
    assert promised == counted[minutes - 1] + reference.MINUTE
    assert open_minutes_between(start, promised, hours=hours, closed=closed, zone=zone) == minutes


@reference.PROPERTY
@given(clinics(), st.integers(1, WORKING_DAY), st.integers(0, 5000))
def test_pausing_and_going_on_at_once_changes_nothing(
    clinic: tuple[list[WeeklyHours], frozenset[date], ZoneInfo, datetime], minutes: int, later: int
) -> None:
    hours, closed, zone, start = clinic
    promised = due_at(start, minutes, hours=hours, closed=closed, zone=zone)
    pause = min(start + timedelta(minutes=later), promised - timedelta(minutes=1))
    left = open_minutes_between(pause, promised, hours=hours, closed=closed, zone=zone)
    assert due_at(pause, left, hours=hours, closed=closed, zone=zone) == promised


@reference.PROPERTY
@given(clinics(), st.integers(0, WORKING_DAY), st.integers(0, 5000))
def test_anyone_who_asks_later_is_never_answered_earlier(
    clinic: tuple[list[WeeklyHours], frozenset[date], ZoneInfo, datetime], minutes: int, later: int
) -> None:
    hours, closed, zone, start = clinic
    first = due_at(start, minutes, hours=hours, closed=closed, zone=zone)
    second = due_at(start + timedelta(minutes=later), minutes, hours=hours, closed=closed, zone=zone)
    assert start <= first <= second
    assert when.utc(first) == first
