"""What stands against marking a visit as arrived, late, attended and so on: one rule for the verbs and for every page that
draws their buttons."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from bookings import limits
from bookings.models import Appointment, ConsultationType, Event
from bookings.states import Who, allowed_verbs
from clinic.foundation import when

# The verbs that say where the client of a visit is, or what became of it, in the order of their buttons.
MARKS = ("arrive", "attend", "miss", "late", "expect", "correct", "unmark")
# Those that say what became of it.
_OUTCOMES = ("attend", "miss", "correct")

Against = tuple[str, str]
_NOT_TODAY = ("day", "This can be marked on the day of the visit.")
_EARLY = ("early", "This can be marked from 15 minutes before the start.")
_LATE = (
    "late",
    "After the day of the visit only a manager can correct this, or whoever marked it, on the day on which they did.",
)
_HERE = ("here", "They have been marked as here already.")


def against(
    verb: str, visit: Appointment, now: datetime, zone: ZoneInfo, *, corrects: bool
) -> Against | None:
    """The code and the sentence of what stands against this mark now; None if nothing does.

    `corrects`: whoever marks may correct it after the day of the visit as well. A manager may, and so may whoever marked it
    last on the same day (`by_whom`).
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
        case "correct" | "unmark" if not is_today and not corrects:
            return _LATE
    return None


def last(visit: Appointment) -> datetime | None:
    """When (UTC) it was marked last that the client is here, or late: the mark that `expect` takes back."""
    return visit.arrived_at or visit.late_at


def by_whom() -> dict[str, Subquery]:
    """For `annotate` of appointments: who (`marked_by`, a key) said last what became of the visit, and `marked_at` when."""
    last_one = Event.objects.filter(request=OuterRef("request"), verb__in=_OUTCOMES, actor_kind=Who.STAFF)
    newest = last_one.order_by("-version")
    return {
        "marked_by": Subquery(newest.values("actor_id")[:1]),
        "marked_at": Subquery(newest.values("at")[:1]),
    }


def is_own(visit: Any, reader: int | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the reader (a key) marked this visit last, and today. It comes with what `by_whom` annotates."""
    return reader is not None and visit.marked_by == reader and when.same_day(visit.marked_at, now, zone)


def is_of_manager(visit: Any, reader: int | None, now: datetime, zone: ZoneInfo, *, manages: bool) -> bool:
    """Whether only a manager can put right how this visit was marked. It comes with what `by_whom` annotates."""
    earlier = not when.same_day(now, visit.starts_at, zone)
    return earlier and not manages and not is_own(visit, reader, now, zone)


def by_reader(reader: int, since: datetime) -> QuerySet[Event, Any]:
    """The requests (keys) of visits whose outcome this person has marked since then (UTC)."""
    mine = Event.objects.filter(verb__in=_OUTCOMES, actor_kind=Who.STAFF, actor_id=reader, at__gte=since)
    return mine.order_by().values("request")


def may_correct(visit: Appointment, reader: int | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether somebody who is no manager may correct this visit after its day: one SQL statement, none on its day."""
    if when.same_day(now, visit.starts_at, zone):
        return True
    whole = Appointment.objects.filter(pk=visit.pk).annotate(**by_whom()).first()
    return whole is not None and is_own(whole, reader, now, zone)


def possible(status: str, visit: Appointment, now: datetime, zone: ZoneInfo, *, corrects: bool) -> list[str]:
    """The marks that the table of verbs and the clock allow now."""
    allowed = allowed_verbs(status, Who.STAFF)
    return [
        name for name in MARKS if name in allowed and not against(name, visit, now, zone, corrects=corrects)
    ]
