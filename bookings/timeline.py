"""Where a stretch of time stands on the calendar of one local day: by the wall clock, in steps of five minutes.

Pure: no database, no clock. A day is drawn with 24 rows an hour apart, whatever its real length, because the days of a week
share one column of hours. So on the nights when the clocks change

- forward: the rows of the hour that does not exist stay empty, and `change` says which they are;
- back: both passes of the hour that comes twice stand on the same rows, side by side (`side_by_side`); what says their times
  says which pass is meant (`when.digits`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bookings.availability import Interval
from clinic.foundation import when

STEP = 5
DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """From which minute to which of the wall clock, of 0 to 1440; and in which of how many lanes, where others overlap."""

    start: int
    end: int
    lane: int = 0
    lanes: int = 1

    @property
    def classes(self) -> str:
        """'h9 m15 p45' is 09:15 to 10:00 for static/desk-calendar.css; 'n2 k1' the second of two lanes."""
        hours, minutes = divmod(self.end - self.start, 60)
        parts = {"h": self.start // 60, "m": self.start % 60, "l": hours, "p": minutes}
        named = [f"{letter}{number}" for letter, number in parts.items() if number or letter == "h"]
        return " ".join([*named, f"n{self.lanes} k{self.lane}"] if self.lanes > 1 else named)

    def within(self, first: int, last: int) -> Place | None:
        """The part of it between two minutes; None if there is none."""
        start, end = max(self.start, first), min(self.end, last)
        return replace(self, start=start, end=end) if start < end else None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the clocks on a day: the wall-clock minutes that are missing (`forward`), or that come twice."""

    forward: bool
    start: int
    end: int

    @property
    def words(self) -> str:
        """'The clocks go back at 02:00: 01:00 to 02:00 comes twice.'"""
        span = f"{clock(self.start)} to {clock(self.end)}"
        if self.forward:
            return f"The clocks go forward at {clock(self.start)}: {span} does not exist."
        return f"The clocks go back at {clock(self.end)}: {span} comes twice."


def clock(minute: int) -> str:
    """'09:05' for the minutes since midnight; '24:00' for the midnight that ends the day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def place(stretch: Interval, day: date, zone: ZoneInfo) -> Place | None:
    """Where a stretch of UTC stands on a local day; None if it lies on others. It has five minutes at least."""
    opens, closes = when.day_bounds(day, zone)
    begins, ends = max(stretch[0], opens), min(stretch[1], closes)
    if begins >= ends:
        return None
    start = minute(begins, day, zone)
    end = DAY if ends == closes else minute(ends, day, zone)
    found = change(day, zone)
    if found and not found.forward and end <= found.end and _turns(begins, zone) < _turns(ends, zone):
        end = found.end  # it reaches into the second pass: up to where the clocks went back
    start = min(_rounded(start), DAY - STEP)
    return Place(start, max(_rounded(end), start + STEP))


def minute(moment: datetime, day: date, zone: ZoneInfo) -> int:
    """What the wall clock shows at `moment`, in minutes since the midnight that begins `day`; 0 before and 1440 after it."""
    there = when.local(moment, zone)
    if there.date() != day:
        return 0 if there.date() < day else DAY
    return there.hour * 60 + there.minute


def change(day: date, zone: ZoneInfo) -> Change | None:
    """The change of the clocks on a local day, or None. Days on which they change twice, or by a day, are not told."""
    opens, closes = when.day_bounds(day, zone)
    before, after = when.local(opens - when.MINUTE, zone), when.local(closes - when.MINUTE, zone)
    old, new = before.utcoffset(), after.utcoffset()
    assert old is not None and new is not None  # aware, as `when.local` promises
    if old == new:
        return None
    moment = when.change_between(opens - when.MINUTE, closes - when.MINUTE, zone)
    shift = int((new - old).total_seconds() // 60)
    # What the clock shows after the change, without asking on which day: it may be the midnight that does not exist.
    shown = when.local(moment, zone)
    after_it = shown.hour * 60 + shown.minute
    return (
        Change(True, after_it - shift, after_it) if shift > 0 else Change(False, after_it, after_it - shift)
    )


def side_by_side(places: Sequence[Place]) -> list[Place]:
    """The same places in the same order, each with a lane of its own among those that it overlaps."""
    order = sorted(range(len(places)), key=lambda at: (places[at].start, -places[at].end))
    placed: dict[int, Place] = {}
    group: list[int] = []
    until = 0

    def close() -> None:
        most = 1 + max((placed[at].lane for at in group), default=0)
        placed.update({at: replace(placed[at], lanes=most) for at in group})
        group.clear()

    for at in order:
        one = places[at]
        if one.start >= until:
            close()
        busy = {placed[other].lane for other in group if placed[other].end > one.start}
        placed[at] = replace(one, lane=next(lane for lane in range(len(group) + 1) if lane not in busy))
        group.append(at)
        until = max(until, one.end)
    close()
    return [placed[at] for at in range(len(places))]


def hours_shown(places: Iterable[Place], usual: tuple[int, int]) -> tuple[int, int]:
    """The full hours that hold all of these places, and `usual` (the hours from and until which there is nothing to see)."""
    found = list(places)
    if not found:
        return usual
    return min(one.start for one in found) // 60, -(-max(one.end for one in found) // 60)


def _rounded(minutes: int) -> int:
    return (minutes + STEP // 2) // STEP * STEP


def _turns(moment: datetime, zone: ZoneInfo) -> int:
    """1 in the second pass of an hour that comes twice, else 0."""
    return when.local(moment, zone).fold
