"""Every change of clocks 2026-2030 in six zones: nothing in the gap, no double at the fold, no overlap."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bookings.availability import Rules, Slot, WeeklyHours, free_slots
from clinic.foundation import when
from tests.pure import reference

ALWAYS = date(2020, 1, 1)
CHANGES = [
    pytest.param(ZoneInfo(key), change, id=f"{key} {change:%Y-%m-%d}")
    for key in reference.ZONES
    for change in reference.clock_changes(ZoneInfo(key), 2026, 2030)
]
every_change = pytest.mark.parametrize(("zone", "change"), CHANGES)

# Step and length of a visit, start and end of work: round ones, ones that straddle the change, ones that
# begin or end inside it. 00:00 as an end is midnight.
SHAPES = [
    (15, 15, time(0), time(0)),
    (30, 30, time(0), time(0)),
    (45, 45, time(0), time(0)),
    (40, 40, time(0, 20), time(9)),
    (50, 45, time(0, 10), time(9)),
    (20, 60, time(0), time(8)),
    (60, 60, time(0, 30), time(7, 30)),
    (25, 25, time(1, 35), time(2, 40)),
    (20, 20, time(2, 15), time(5)),
    (30, 20, time(22), time(23, 40)),
    (20, 20, time(23, 10), time(0)),
]


def affected_days(zone: ZoneInfo, change: datetime) -> list[date]:
    """The local days just before and just after the change: two if it happens at midnight."""
    before, after = change - timedelta(seconds=1), change
    return sorted({before.astimezone(zone).date(), after.astimezone(zone).date()})


def slots_on(day: date, zone: ZoneInfo, step: int, minutes: int, starts: time, ends: time) -> list[Slot]:
    return free_slots(
        practitioner_id=1,
        hours=[WeeklyHours(day.weekday(), starts, ends, ALWAYS)],
        busy=[],
        rules=Rules(minutes, 0, 0, timedelta(0), 30, step),
        zone=zone,
        now=datetime.combine(day, time(12), tzinfo=UTC) - timedelta(days=5),
        first_day=day,
        days=1,
    )


def test_there_are_ten_changes_in_each_zone() -> None:
    """Guards the sweep: time zone data without the changes would make it pass on nothing."""
    assert len(CHANGES) == 60


@every_change
def test_what_is_offered_is_what_walking_every_minute_finds(zone: ZoneInfo, change: datetime) -> None:
    for day in affected_days(zone, change):
        for step, minutes, starts, ends in SHAPES:
            expected = reference.free_starts(
                hours=[WeeklyHours(day.weekday(), starts, ends, ALWAYS)], busy=[], zone=zone,
                rules=Rules(minutes, 0, 0, timedelta(0), 30, step),
                now=datetime.combine(day, time(12), tzinfo=UTC) - timedelta(days=5), first_day=day, days=1,
            )  # fmt: skip
            assert [slot.start for slot in slots_on(day, zone, step, minutes, starts, ends)] == expected


@every_change
def test_a_time_is_shown_once_lies_on_the_grid_and_stays_in_the_hours(
    zone: ZoneInfo, change: datetime
) -> None:
    for day in affected_days(zone, change):
        for step, minutes, starts, ends in SHAPES:
            shown = [slot.start.astimezone(zone) for slot in slots_on(day, zone, step, minutes, starts, ends)]
            first = starts.hour * 60 + starts.minute
            last = (ends.hour * 60 + ends.minute) or 24 * 60
            labels = [wall.hour * 60 + wall.minute for wall in shown]
            assert all(wall.date() == day for wall in shown)
            assert len(set(labels)) == len(labels), "one clock time twice"
            assert all((label - first) % step == 0 and first <= label < last for label in labels), (
                "off the grid"
            )


@every_change
def test_no_two_visits_overlap_in_real_time(zone: ZoneInfo, change: datetime) -> None:
    for day in affected_days(zone, change):
        for step, minutes, starts, ends in SHAPES:
            if step < minutes:
                continue
            slots = slots_on(day, zone, step, minutes, starts, ends)
            assert all(a.end <= b.start for a, b in pairwise(slots))


@every_change
def test_every_quarter_of_an_hour_that_exists_is_offered(zone: ZoneInfo, change: datetime) -> None:
    for day in affected_days(zone, change):
        exist = {
            wall.replace(tzinfo=None, fold=0)
            for _, wall in reference.minutes_of(day, zone)
            if wall.minute % 15 == 0
        }
        slots = slots_on(day, zone, 15, 15, time(0), time(0))
        assert {slot.start.astimezone(zone).replace(tzinfo=None, fold=0) for slot in slots} == exist


@every_change
def test_an_ordinary_day_s_work_is_untouched_by_the_night_s_change(zone: ZoneInfo, change: datetime) -> None:
    for day in affected_days(zone, change):
        slots = slots_on(day, zone, 30, 30, time(9), time(17))
        assert [when.clock(slot.start, zone) for slot in slots[:3]] == ["9am", "9:30am", "10am"]
        assert len(slots) == 16


@every_change
def test_an_appointment_across_the_change_blocks_its_real_length(zone: ZoneInfo, change: datetime) -> None:
    taken = (change - timedelta(minutes=30), change + timedelta(minutes=45))
    for day in affected_days(zone, change):
        slots = free_slots(
            practitioner_id=1, hours=[WeeklyHours(day.weekday(), time(0), time(0), ALWAYS)], busy=[taken],
            rules=Rules(15, 0, 0, timedelta(0), 30, 15), zone=zone, now=change - timedelta(days=5),
            first_day=day, days=1,
        )  # fmt: skip
        assert slots
        assert not [slot for slot in slots if slot.start < taken[1] and slot.end > taken[0]]
        kept = {slot.start for slot in slots}
        before = {slot.start for slot in slots_on(day, zone, 15, 15, time(0), time(0))}
        assert before - kept == {
            start for start in before if taken[0] - timedelta(minutes=15) < start < taken[1]
        }


@every_change
def test_two_days_meet_at_midnight_without_a_hole(zone: ZoneInfo, change: datetime) -> None:
    for day in affected_days(zone, change):
        start, end = when.day_bounds(day, zone)
        assert end == when.day_bounds(day + timedelta(days=1), zone)[0]
        minutes = [moment for moment, _ in reference.minutes_of(day, zone)]
        assert (start, end) == (minutes[0], minutes[-1] + timedelta(minutes=1))


@every_change
def test_later_on_the_wall_is_never_earlier_in_truth(zone: ZoneInfo, change: datetime) -> None:
    wall = (change - timedelta(hours=4)).astimezone(zone).replace(tzinfo=None, fold=0)
    moments = [when.instant(wall + timedelta(minutes=n), zone) for n in range(8 * 60)]
    assert moments == sorted(moments)


@every_change
def test_a_time_in_the_gap_means_the_moment_of_the_change(zone: ZoneInfo, change: datetime) -> None:
    before = (change - timedelta(minutes=1)).astimezone(zone)
    after = change.astimezone(zone)
    skipped = after.replace(tzinfo=None) - before.replace(tzinfo=None) - timedelta(minutes=1)
    if skipped <= timedelta(0):
        assert when.instant(after.replace(tzinfo=None, fold=0), zone) < change, (
            "a time that comes twice is its first pass"
        )
    else:
        missing = before.replace(tzinfo=None) + timedelta(minutes=1)
        assert when.instant(missing, zone) == change
        assert when.instant(missing + skipped / 2, zone) == change
        assert when.instant(missing + skipped, zone) == change
