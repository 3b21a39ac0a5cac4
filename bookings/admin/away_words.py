"""How long somebody is away, seen from one moment: for the day sheet and the start page."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from clinic.foundation import when


def away_words(start: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'away until 13:00', 'away from 13:00 to 15:00', 'away all day', 'away to the end of Wed 2 Dec'. All moments UTC; the
    stretch meets the day of `now` and is not over.
    """
    midnight, next_midnight = when.day_bounds(when.local_day(now, zone), zone)
    begun = start <= now
    if end > next_midnight:
        is_whole_days = end == when.day_bounds(when.local_day(end, zone), zone)[0]
        last = when.short(end - when.MINUTE, zone).rsplit(" ", 1)[0]
        until = f"to the end of {last}" if is_whole_days else f"until {when.short(end, zone)}"
        return f"away {until}" if begun else f"away from {when.digits(start, zone)} {until}"
    if start <= midnight and end == next_midnight:
        return "away all day"
    if end == next_midnight:
        return "away for the rest of the day" if begun else f"away from {when.digits(start, zone)}"
    ends = when.digits(end, zone)
    return f"away until {ends}" if begun else f"away from {when.digits(start, zone)} to {ends}"
