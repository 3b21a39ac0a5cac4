"""Whether somebody answers the phone just now, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from bookings.queries.clinic import Clinic, clinic
from clinic.foundation import when


def opening(now: datetime, place: Clinic | None = None) -> str:
    """'We open at 9am on Monday.' while the clinic is closed; empty while it is open or has no opening hours."""
    place = place or clinic(now)
    opens = place.after_open_minutes(now, 0)
    if opens <= now:
        return ""
    zone = place.zone
    today, day = when.local_day(now, zone), when.local_day(opens, zone)
    if day == today:
        words = "today"
    elif day - today <= timedelta(days=6):
        words = f"on {when.WEEKDAYS[day.weekday()]}"
    else:
        words = f"on {when.date_words(day)}"
    return f"We open at {when.clock(opens, zone)} {words}."
