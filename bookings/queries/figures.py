"""What the figures of the start page read: sums of tallies by week, and how full the next four weeks are. Two statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Count, Q, Subquery, Sum
from django.db.models.functions import TruncWeek

from bookings import availability, figures
from bookings.availability import Interval, Slot
from bookings.figures import Figures, last_week
from bookings.limits.figures import AHEAD_WEEKS, WEEKS
from bookings.models import (
    Appointment,
    BookingRules,
    Closure,
    ConsultationRequest,
    ConsultationType,
    Practitioner,
    TalliedUntil,
    Tally,
    TimeOff,
    WorkingHours,
)
from bookings.queries import hours
from bookings.queries.json_rows import json_rows, sure
from clinic.foundation import when
from content.models import Concern, Page

CONSULTATION = ConsultationType.Purpose.CONSULTATION


@dataclass(frozen=True)
class Ahead:
    """The times of one week for consultations, not for treatment sessions, from now on: visits booked, times held or
    offered, and how many more would fit.
    """

    monday: date
    booked: int
    held: int
    free: int


@dataclass(frozen=True)
class Known:
    """The weeks ahead, the reply promise, how many new requests are past theirs, and what concerns and pages are called."""

    ahead: list[Ahead]
    promise_minutes: int
    overdue: int
    concerns: dict[str, str]
    pages: dict[str, str]


def of_weeks(now: datetime, zone: ZoneInfo) -> tuple[Figures, date] | None:
    """The figures, and the last day that is counted; None while nothing is. One statement, over an index of days."""
    today = when.local_day(now, zone)
    first = today - (today.weekday() + 7 * (WEEKS + 1)) * when.DAY
    rows = sums(first, today)
    if not rows:
        return None
    counted: date = rows[0][0]
    return figures.figures((row[1:] for row in rows), last_week(counted)), counted


def sums(first: date, last: date) -> list[Any]:
    """The sums of the weeks between two days: the last day that is counted, the Monday, what, key, number."""
    until = Subquery(TalliedUntil.objects.values("day")[:1])
    rows = Tally.objects.filter(day__gte=first, day__lte=last).order_by()
    by_week = rows.annotate(week=TruncWeek("day"), until=until).values_list("until", "week", "what", "key")
    return list(by_week.annotate(sum=Sum("number")))


# --- the weeks ahead --------------------------------------------------------------------------------------------------


def known(reader: int, now: datetime, zone: ZoneInfo) -> Known:
    """How full the next weeks are: one statement, whose size is that of four weeks. The names come along.

    A free time is one for the first kind of consultation that clients can ask for; two never overlap.
    """
    today = when.local_day(now, zone)
    monday = today - today.weekday() * when.DAY
    weeks = [monday + 7 * n * when.DAY for n in range(AHEAD_WEEKS)]
    found: Any = (
        User.objects.filter(pk=reader)
        .annotate(
            **_of_schedule(today, weeks[-1]),
            **_taken(now, when.day_bounds(weeks[-1] + 7 * when.DAY, zone)[0]),
            its_overdue=_overdue(now),
            its_concerns=json_rows(Concern.objects.all(), "code", "name"),
            its_pages=json_rows(Page.objects.all(), "slug", "title"),
        )
        .get()
    )
    slots = _free(found, now, zone, today, weeks)
    return Known(
        ahead=[_ahead(week, found, slots, zone) for week in weeks],
        promise_minutes=found.its_promise or BookingRules().promise_minutes,
        overdue=found.its_overdue or 0,
        concerns=dict(found.its_concerns),
        pages=dict(found.its_pages),
    )


def _overdue(now: datetime) -> Subquery:
    """How many new requests are past their promise, as the rail counts them; NULL for none."""
    late = ConsultationRequest.objects.promised_before(now).order_by()
    return Subquery(late.values("status").annotate(number=Count("pk")).values("number"))


def _of_schedule(today: date, last_monday: date) -> dict[str, Any]:
    """Who gives what, when they work, when the clinic is closed, and the two rules that are asked for."""
    active = Practitioner.objects.filter(is_active=True)
    kinds = ConsultationType.objects.filter(is_active=True, purpose=CONSULTATION)
    gives = Practitioner.consultation_types.through.objects.filter(practitioner__is_active=True)
    closures = Closure.objects.filter(last_day__gte=today, first_day__lte=last_monday + 7 * when.DAY)
    return {
        "its_kinds": json_rows(kinds, "order", "pk", "minutes", "buffer_before", "buffer_after"),
        "its_gives": json_rows(gives, "consultationtype_id", "practitioner_id"),
        "its_hours": json_rows(
            WorkingHours.objects.filter(practitioner__in=active), "practitioner_id", *hours.COLUMNS
        ),
        "its_closures": json_rows(closures, "first_day", "last_day"),
        "its_step": Subquery(BookingRules.objects.values("slot_step_minutes")[:1]),
        "its_promise": Subquery(BookingRules.objects.values("promise_minutes")[:1]),
    }


def _taken(now: datetime, end: datetime) -> dict[str, Any]:
    """Visits, holds and time off from now on. No visit is longer than a day: so its start bounds what is looked through."""
    soon = Q(starts_at__lt=end, starts_at__gt=now - when.DAY, ends_at__gt=now)
    visits = Appointment.objects.booked().filter(soon)
    holds = Appointment.objects.held().filter(soon, held_until__gt=now)
    away = TimeOff.objects.filter(starts_at__lt=end, ends_at__gt=now)
    columns = ("practitioner_id", "starts_at", "blocks_from", "blocks_until", "consultation_type__purpose")
    return {
        "its_visits": json_rows(visits, *columns),
        "its_holds": json_rows(holds, *columns),
        "its_away": json_rows(away, "practitioner_id", "starts_at", "ends_at"),
    }


def _ahead(monday: date, found: Any, slots: list[Slot], zone: ZoneInfo) -> Ahead:
    start, end = when.day_bounds(monday, zone)[0], when.day_bounds(monday + 7 * when.DAY, zone)[0]
    booked = sum(1 for row in found.its_visits if row[4] == CONSULTATION and start <= sure(row[1]) < end)
    held = sum(1 for row in found.its_holds if row[4] == CONSULTATION and start <= sure(row[1]) < end)
    return Ahead(monday, booked, held, sum(1 for slot in slots if start <= slot.start < end))


def _free(found: Any, now: datetime, zone: ZoneInfo, today: date, weeks: list[date]) -> list[Slot]:
    """As many times as fit one after the other, of the first kind, for everybody who gives it."""
    if not found.its_kinds:
        return []
    _, kind, minutes, before, after = min(found.its_kinds)
    last = weeks[-1] + 7 * when.DAY
    rules = availability.Rules(
        minutes,
        before,
        after,
        timedelta(0),
        (last - today).days,
        found.its_step or BookingRules().slot_step_minutes,
    )
    closed = _closed(found.its_closures, last, zone)
    busy: dict[int, list[Interval]] = {}
    for who, _, begins, ends, _ in (*found.its_visits, *found.its_holds):
        busy.setdefault(who, []).append((sure(begins), sure(ends)))
    for who, begins, ends in found.its_away:
        busy.setdefault(who, []).append((sure(begins), sure(ends)))
    slots: list[Slot] = []
    for who in sorted(who for gives, who in found.its_gives if gives == kind):
        theirs = availability.free_slots(
            practitioner_id=who,
            hours=[hours.from_json(row[1:]) for row in found.its_hours if row[0] == who],
            busy=[*busy.get(who, ()), *closed],
            rules=rules,
            zone=zone,
            now=now,
            first_day=today,
            days=(last - today).days,
        )
        slots += one_after_the_other(theirs, timedelta(minutes=before), timedelta(minutes=after))
    return slots


def one_after_the_other(slots: list[Slot], before: timedelta, after: timedelta) -> list[Slot]:
    """The most of these times, in order, that can all be given away, with their buffers."""
    taken: list[Slot] = []
    for slot in slots:
        if not taken or slot.start - before >= taken[-1].end + after:
            taken.append(slot)
    return taken


def _closed(rows: list[list[str]], last: date, zone: ZoneInfo) -> list[Interval]:
    return [
        (
            when.day_bounds(date.fromisoformat(first), zone)[0],
            when.day_bounds(min(date.fromisoformat(end), last), zone)[1],
        )
        for first, end in rows
    ]
