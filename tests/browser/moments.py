"""When the browser tests happen, and how a moment must read: written here a second time, without the site's own code."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# One for each hour, none of which changes its clock.
_ZONES = (
    "Pacific/Pago_Pago",
    "Pacific/Honolulu",
    "Pacific/Gambier",
    "Pacific/Pitcairn",
    "America/Phoenix",
    "America/Costa_Rica",
    "America/Bogota",
    "America/Puerto_Rico",
    "America/Argentina/Buenos_Aires",
    "America/Noronha",
    "Atlantic/Cape_Verde",
    "Africa/Abidjan",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Tashkent",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Pacific/Guadalcanal",
    "Pacific/Tarawa",
)


def _where_it_is_ten() -> ZoneInfo:
    """The zone in which it is between ten and eleven in the morning."""
    now = datetime.now(UTC)
    return next(zone for zone in map(ZoneInfo, _ZONES) if now.astimezone(zone).hour == 10)


# The clinic of the browser tests is there. Its processes and its clock are real, and a run at midnight is none in
# which "today" becomes "yesterday" between two pages, or in which nobody can come any more.
ZONE = _where_it_is_ten()


def instant(value: str) -> datetime:
    """The moment in a form's value: '2@2026-12-01T10:30Z', or with seconds and an offset at the desk."""
    return datetime.fromisoformat(value.partition("@")[2].replace("Z", "+00:00")).astimezone(UTC)


def for_clients(moment: datetime) -> str:
    """'Tuesday 1 December at 10:30am', on the clinic's clock."""
    there = moment.astimezone(ZONE)
    clock = f"{there:%I:%M%p}".lstrip("0").replace(":00", "").lower()
    clock = {"12pm": "midday", "12am": "midnight"}.get(clock, clock)
    return f"{there:%A} {there.day} {there:%B} at {clock}"


def for_the_desk(moment: datetime) -> str:
    """'Tue 1 Dec 10:30', on the clinic's clock."""
    there = moment.astimezone(ZONE)
    return f"{there:%a} {there.day} {there:%b %H:%M}"
