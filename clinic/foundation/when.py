"""Moments: from the wall clock to UTC, and from UTC to the words that people read.

Pure, and the only place that knows how a time is written. Months and weekdays are spelt here, not taken from
the machine's locale, so that a page, a mail and the desk never differ.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Units, for windows and spans.
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a naive datetime: it would mean this machine's zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def minute(moment: datetime) -> int:
    """The moment as a number, for an address: its minutes since 1970."""
    return int(moment.timestamp() // 60)


# The starts and ends of people's hours are asked for again and again, once for each practitioner and day.
@lru_cache(maxsize=4096)
def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment at which clocks in `zone` first show `wall` (naive), or first pass it.

    When clocks go back, a time that comes twice means its first pass. When clocks go forward, every time in
    the gap means the moment of the change. So later wall times never give earlier moments. Raises
    ValueError for an aware `wall`.
    """
    if wall.tzinfo is not None:
        raise ValueError(f"{wall!r} is not a wall-clock time")
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return before
    # In a gap: fold=0 read the offset from before the change, fold=1 the one after it; the change lies
    # between.
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return change_between(after, before, zone)


def same_clock(then: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment at which clocks in `zone`, by today's rules, show the wall-clock time of `then` (aware).

    A time that comes twice means the pass with the offset of `then`, or else the first.
    """
    wall = then.replace(tzinfo=None)
    second = wall.replace(tzinfo=zone, fold=1)
    first = instant(wall, zone)
    return (
        second.astimezone(UTC)
        if comes_twice(first, zone) and second.utcoffset() == then.utcoffset()
        else first
    )


def change_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first second after `early`, up to `late`, at which `zone` has the offset that it has at `late`."""
    new_offset = late.astimezone(zone).utcoffset()
    low, high = 0, int((late - early).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (early + timedelta(seconds=middle)).astimezone(zone).utcoffset() == new_offset:
            high = middle
        else:
            low = middle
    return early + timedelta(seconds=high)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment` on the clocks of `zone`, aware. Raises ValueError for a naive datetime."""
    return utc(moment).astimezone(zone)


def quarter(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first full quarter of an hour on the clocks of `zone` at or after `moment`, in UTC."""
    there = local(moment, zone)
    past = timedelta(minutes=there.minute % 15, seconds=there.second, microseconds=there.microsecond)
    return utc(moment) + (timedelta(minutes=15) - past if past else past)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day in `zone` at `moment`."""
    return local(moment, zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC stretch of a local day, end excluded: 24 hours, or less or more when the clocks change."""
    midnight = datetime.combine(day, time.min)
    return instant(midnight, zone), instant(midnight + timedelta(days=1), zone)


def date_words(day: date) -> str:
    """'Tuesday 1 December'."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def date_with_year(day: date) -> str:
    """'Tuesday 1 December 2026'."""
    return f"{date_words(day)} {day.year}"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 1 December'."""
    return date_words(local_day(moment, zone))


def day_with_year(moment: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 1 December 2026'."""
    there = local_day(moment, zone)
    return f"{date_words(there)} {there.year}"


def same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    """Whether both moments are on one calendar day in `zone`."""
    return local_day(one, zone) == local_day(other, zone)


def day_from(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 1 December', with the year when it is not that of `now`."""
    this_year = local_day(moment, zone).year == local_day(now, zone).year
    return day(moment, zone) if this_year else day_with_year(moment, zone)


def same_clocks(moment: datetime, one: ZoneInfo, other: ZoneInfo) -> bool:
    """Whether clocks in both zones show the same time at `moment`."""
    return local(moment, one).utcoffset() == local(moment, other).utcoffset()


def comes_twice(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in `zone` show the time of `moment` twice that night because they go back."""
    there = local(moment, zone)
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """'10:30am', '5pm', 'midday', 'midnight'. Seconds are dropped, so no deadline is stated too late.

    '1:30am (before the clocks go back)' on the night that has two of them.
    """
    return time_words(local(moment, zone).time()) + _which(moment, zone)


def digits(moment: datetime, zone: ZoneInfo) -> str:
    """'10:30' or '17:00', for the desk; of two, the one meant is named as in `clock`."""
    return f"{local(moment, zone):%H:%M}{_which(moment, zone)}"


def _which(moment: datetime, zone: ZoneInfo) -> str:
    if not comes_twice(moment, zone):
        return ""
    return f" ({'after' if local(moment, zone).fold else 'before'} the clocks go back)"


def time_words(wall: time) -> str:
    """A time on the wall clock in the same words: '10:30am', 'midday'."""
    if wall.minute == 0 and wall.hour in (0, 12):
        return "midday" if wall.hour else "midnight"
    minutes = f":{wall.minute:02}" if wall.minute else ""
    return f"{wall.hour % 12 or 12}{minutes}{'am' if wall.hour < 12 else 'pm'}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 1 December at 10:30am'."""
    return f"{day(at, zone)} at {clock(at, zone)}"


def moment_from(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 1 December at 10:30am', with the year when it is not that of `now`."""
    return f"{day_from(at, now, zone)} at {clock(at, zone)}"


def short(at: datetime, zone: ZoneInfo) -> str:
    """'Tue 1 Dec 10:30', for the desk's buttons and tables."""
    there = local(at, zone)
    return f"{WEEKDAYS[there.weekday()][:3]} {there.day} {MONTHS[there.month - 1][:3]} {digits(at, zone)}"


def short_with_year(at: datetime, zone: ZoneInfo) -> str:
    """'Tue 1 Dec 2026 10:30', where years lie between the lines."""
    there = local(at, zone)
    day = f"{WEEKDAYS[there.weekday()][:3]} {there.day} {MONTHS[there.month - 1][:3]} {there.year}"
    return f"{day} {digits(at, zone)}"


def zone_words(zone: ZoneInfo) -> str:
    """'UK time', or the city that names the zone: 'New York time'. UTC stays 'UTC'."""
    if zone.key == "Europe/London":
        return "UK time"
    if "/" not in zone.key or zone.key.startswith("Etc/"):
        return zone.key.rpartition("/")[2]
    return f"{zone.key.rpartition('/')[2].replace('_', ' ')} time"


def length(minutes: int) -> str:
    """'45 minutes', '1 hour', '1 hour 15 minutes'. Raises ValueError below zero."""
    if minutes < 0:
        raise ValueError("a length of time cannot be negative")
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(_count(rest, "minute"))
    return " ".join(parts)


def ago(then: datetime, now: datetime) -> str:
    """'just now', '2 minutes ago', '3 hours ago', '5 days ago': rounded down. The future is 'just now'."""
    minutes = int((utc(now) - utc(then)).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{_count(minutes, 'minute')} ago"
    if minutes < 24 * 60:
        return f"{_count(minutes // 60, 'hour')} ago"
    return f"{_count(minutes // (24 * 60), 'day')} ago"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
