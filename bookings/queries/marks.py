"""What stands against marking a visit as arrived, late, attended and so on: one rule for the verbs and for every page that
draws their buttons."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bookings import limits
from bookings.models import Appointment, ConsultationType
from bookings.states import Who, allowed_verbs
from clinic.foundation import when

# The verbs that say where the client of a visit is, or what became of it, in the order of their buttons.
MARKS = ("arrive", "attend", "miss", "late", "expect", "correct", "unmark")

Against = tuple[str, str]
_NOT_TODAY = ("day", "This can be marked on the day of the visit.")
_EARLY = ("early", "This can be marked from 15 minutes before the start.")
_HERE = ("here", "They have been marked as here already.")


def against(verb: str, visit: Appointment, now: datetime, zone: ZoneInfo, *, manages: bool) -> Against | None:
    """The code and the sentence of what stands against this mark now; None if nothing does.

    `manages`: whoever marks may correct it after the day of the visit as well.
    """
    is_today = when.same_day(now, visit.starts_at, zone)
    match verb:
        case "arrive" if visit.mode == ConsultationType.Mode.PHONE:
            return "phone", "We ring them for this visit, so nobody arrives."
        case "arrive" | "late" if not is_today:
            return _NOT_TODAY
        case "arrive" | "late" if visit.arrived_at is not None:
            return _HERE
        case "late" if now >= visit.ends_at:
            return "over", "The time of the visit is over."
        case "expect" if visit.arrived_at is None and visit.late_at is None:
            return "nothing", "They are expected already."
        case "attend" | "miss" if now < visit.starts_at - limits.deadlines.MARK_VISIT_BEFORE_START:
            return _EARLY
        case "correct" | "unmark" if not is_today and not manages:
            return "late", "After the day of the visit only a manager can correct this."
    return None


def last(visit: Appointment) -> datetime | None:
    """When (UTC) it was marked last that the client is here, or late: the mark that `expect` takes back."""
    return visit.arrived_at or visit.late_at


def possible(status: str, visit: Appointment, now: datetime, zone: ZoneInfo, *, manages: bool) -> list[str]:
    """The marks that the table of verbs and the clock allow now."""
    allowed = allowed_verbs(status, Who.STAFF)
    return [
        name for name in MARKS if name in allowed and not against(name, visit, now, zone, manages=manages)
    ]
