"""How a moment must read: written here a second time, on purpose without the site's own code."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def instant(value: str) -> datetime:
    """The moment in a form's value: '2@2026-12-01T10:30Z', or with seconds and an offset at the desk."""
    return datetime.fromisoformat(value.partition("@")[2].replace("Z", "+00:00")).astimezone(UTC)


def for_clients(moment: datetime) -> str:
    """'Tuesday 1 December at 10:30am', on the clinic's clock."""
    there = moment.astimezone(LONDON)
    clock = f"{there:%I:%M%p}".lstrip("0").replace(":00", "").lower()
    clock = {"12pm": "midday", "12am": "midnight"}.get(clock, clock)
    return f"{there:%A} {there.day} {there:%B} at {clock}"


def for_the_desk(moment: datetime) -> str:
    """'Tue 1 Dec 10:30', on the clinic's clock."""
    there = moment.astimezone(LONDON)
    return f"{there:%a} {there.day} {there:%b %H:%M}"
