"""One free time as a form carries it, from the page that shows it to the verb that takes it: for clients and the desk."""

from __future__ import annotations

from datetime import datetime

from bookings.availability import Slot
from clinic.foundation import when
from clinic.foundation.text import id_in

ANY = "any"
# Beyond these, other zones' calendars run out; near the end there is no room for a buffer, or for the week around it.
YEARS = (2000, 2199)


def value(practitioner_id: int | None, start: datetime) -> str:
    """'3@2026-12-01T10:30Z', or 'any@...'. It is checked again before anything is held."""
    there = when.utc(start).replace(tzinfo=None)
    return f"{practitioner_id or ANY}@{there.isoformat(timespec='minutes')}Z"


def of(slot: Slot) -> str:
    """The value of a time whose practitioner is known."""
    return value(slot.practitioner_id, slot.start)


def read(text: str) -> tuple[int | None, datetime] | None:
    """The practitioner (None: any) and the start (UTC) of such a value; None if it is not one."""
    who, _, moment = text.partition("@")
    try:
        start = when.utc(datetime.fromisoformat(moment))
    except (ValueError, OverflowError):
        return None
    # Visits start on a whole minute.
    if not YEARS[0] <= start.year <= YEARS[1] or start.second or start.microsecond:
        return None
    if who == ANY:
        return None, start
    return (id_in(who), start) if id_in(who) else None
