"""The calendar of the desk: everybody's hours, time off and what is taken on some days, and the visits of those it shows.

Two SQL statements, whatever the days hold: `read` for people, `visits_of` for what stands in their columns. A week in which
sessions with rules may be moved takes a third.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet

from bookings import availability, limits
from bookings.availability import Interval, Rules, Slot, WeeklyHours
from bookings.models import (
    Appointment,
    BookingRules,
    Closure,
    ConsultationRequest,
    ConsultationType,
    Practitioner,
    TimeOff,
    WorkingHours,
)
from bookings.queries import hours, off, session_rules, slots, visits
from bookings.queries.json_rows import json_rows, sure
from bookings.queries.session_rules import Histories
from clinic.foundation import when
from clinic.foundation.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of consultation that somebody gives, and what it asks of a time, without notice and horizon: the desk may."""

    pk: int
    name: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class Away:
    """A stretch of time off (UTC), with its key, and the label that staff gave it if the reader may know it."""

    pk: int
    start: datetime
    end: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Busy:
    """What one request holds or has booked of a practitioner's time, with the minutes kept free around it (UTC).

    `visit_at`: when its visit begins, if it is booked.
    """

    request_id: int
    start: datetime
    end: datetime
    visit_at: datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One practitioner. `is_reader`: it is whoever looks."""

    pk: int
    name: str
    is_active: bool
    is_reader: bool
    hours: list[WeeklyHours]
    away: list[Away]
    busy: list[Busy]
    kinds: list[Kind]


@dataclass(frozen=True, slots=True)
class Closed:
    """Whole days on which the clinic is closed, the last included."""

    first: date
    last: date
    name: str

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """Some local days from `first` on. `people` are those who are active or have something on these days, by name.

    What is taken is also known of the days after them to which a visit may move (CALENDAR_MOVES_DAYS).
    """

    now: datetime
    zone: ZoneInfo
    first: date
    days: int
    people: list[Column]
    closures: list[Closed]

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.days)]

    def closed_on(self, day: date) -> Closed | None:
        return next((one for one in self.closures if one.covers(day)), None)

    def booked(self, column: Column) -> int:
        """How many visits somebody has on these days."""
        opens, _ = when.day_bounds(self.first, self.zone)
        _, closes = when.day_bounds(self.dates[-1], self.zone)
        return sum(one.visit_at is not None and opens <= one.visit_at < closes for one in column.busy)

    def taken(self, column: Column, *, without: int = 0) -> list[Interval]:
        """What is taken of somebody's time, and closed days, in order; `without` what this request (a key) has."""
        known = (self.first + timedelta(days=n) for n in range(self.days + limits.times.CALENDAR_MOVES_DAYS))
        closed = [when.day_bounds(day, self.zone) for day in known if self.closed_on(day)]
        mine = [(one.start, one.end) for one in column.busy if one.request_id != without]
        away = [(one.start, one.end) for one in column.away]
        return availability.merge([*mine, *away, *closed])

    def starts(
        self, column: Column, rules: Rules, taken: Sequence[Interval], *, beyond: int = 0
    ) -> list[Slot]:
        """The free times from now on of whoever needs what `rules` say, also on so many days `beyond` those shown."""
        return availability.free_slots(
            practitioner_id=column.pk,
            hours=column.hours,
            busy=taken,
            rules=rules,
            zone=self.zone,
            now=self.now,
            first_day=self.first,
            days=self.days + beyond,
        )

    def gaps(self, column: Column, day: date, taken: Sequence[Interval]) -> list[Interval]:
        """The parts of somebody's hours on a day, from now on, in which nothing of theirs is taken."""
        found: list[Interval] = []
        for wall_from, wall_until in availability.stretches(day, column.hours):
            at = max(when.instant(wall_from, self.zone), self.now)
            until = when.instant(wall_until, self.zone)
            for start, end in taken:
                if start >= until:
                    break
                if at < start:
                    found.append((at, start))
                at = max(at, end)
            if at < until:
                found.append((at, until))
        return found


def read(*, first: date, days: int, zone: ZoneInfo, now: datetime, reader: int, labels: bool) -> Calendar:
    """The calendar of `days` local days for a member of staff (by key): one SQL statement.

    `labels`: they may know what others are away for, as whoever keeps time off does. It may be an illness.
    """
    last = first + timedelta(days=days - 1 + limits.times.CALENDAR_MOVES_DAYS)
    start, end = when.day_bounds(first, zone)[0], when.day_bounds(last, zone)[1]
    since = start - limits.times.BUFFERS_REACH
    long_before, until = since - limits.times.LONGEST_BLOCK, end + limits.times.BUFFERS_REACH
    found = list(PEOPLE.models(Stretch(first, last, long_before, since, until, now)))
    step = next((row.its_steps[0][0] for row in found if row.its_steps), BookingRules().slot_step_minutes)
    closures = [_closed(*one) for one in found[0].its_closures] if found else []
    columns = [_column(row, step, reader, labels=labels) for row in found]
    shown = [one for one in columns if one.is_active or one.busy]
    return Calendar(now, zone, first, days, shown, sorted(closures, key=lambda one: one.first))


class Stretch(NamedTuple):
    """The days of a calendar (UTC, with what may reach into them). None that began `long_before` can still last."""

    first: date
    last: date
    long_before: datetime
    since: datetime
    until: datetime
    now: datetime


def people(at: Stretch, _: None) -> QuerySet[Any]:
    """All practitioners, by name, each with what the calendar shows of some days."""
    theirs = {"practitioner": OuterRef("pk")}
    # An index finds them among those of all years.
    busy = Appointment.objects.busy(at.now).filter(
        blocks_from__gt=at.long_before, blocks_from__lt=at.until, blocks_until__gt=at.since, **theirs
    )
    away = TimeOff.objects.filter(starts_at__lt=at.until, ends_at__gt=at.since, **theirs)
    worked = WorkingHours.objects.filter(valid_from__lte=at.last, **theirs).exclude(valid_until__lt=at.first)
    kinds = ConsultationType.objects.filter(is_active=True, practitioners=OuterRef("pk"))
    return Practitioner.objects.order_by("name", "pk").annotate(
        its_hours=json_rows(worked, *hours.COLUMNS),
        its_away=json_rows(away, "pk", "starts_at", "ends_at", "label"),
        its_busy=json_rows(busy, "request_id", "blocks_from", "blocks_until", "state", "starts_at"),
        its_kinds=json_rows(kinds, "order", "pk", "name", "minutes", "buffer_before", "buffer_after"),
        its_closures=json_rows(
            Closure.objects.filter(first_day__lte=at.last, last_day__gte=at.first),
            "first_day",
            "last_day",
            "name",
        ),
        its_steps=json_rows(BookingRules.objects.all(), "slot_step_minutes"),
    )


PEOPLE = Prepared(people)


def _column(row: Any, step: int, reader: int, *, labels: bool) -> Column:
    told = labels or row.user_id == reader
    return Column(
        pk=row.pk,
        name=row.name,
        is_active=row.is_active,
        is_reader=row.user_id == reader,
        hours=[hours.from_json(one) for one in row.its_hours],
        away=sorted(
            (Away(key, sure(a), sure(b), label if told else "") for key, a, b, label in row.its_away),
            key=lambda one: one.start,
        ),
        busy=[
            Busy(key, sure(a), sure(b), sure(at) if state == Appointment.State.BOOKED else None)
            for key, a, b, state, at in row.its_busy
        ],
        kinds=[_kind(step, *one[1:]) for one in sorted(row.its_kinds)],
    )


def _kind(step: int, pk: int, name: str, minutes: int, before: int, after: int) -> Kind:
    return Kind(pk, name, _without_limits(minutes, before, after, step))


def _without_limits(minutes: int, before: int, after: int, step: int) -> Rules:
    """At the desk neither notice nor horizon hides a time: whoever books reads what is against it."""
    return Rules(minutes, before, after, timedelta(0), (date.max - date.min).days // 2, step)


def _closed(first: str, last: str, name: str) -> Closed:
    return Closed(date.fromisoformat(first), date.fromisoformat(last), name)


def visits_of(calendar: Calendar, columns: Iterable[Column]) -> list[Appointment]:
    """What is booked or held of these people's time on the days of the calendar, in order, each with its request, its kind
    and what is against it (off.py): one SQL statement."""
    start, _ = when.day_bounds(calendar.first, calendar.zone)
    _, end = when.day_bounds(calendar.dates[-1], calendar.zone)
    whose = [column.pk for column in columns]
    if not whose:
        return []
    given = (calendar.now, start - limits.times.LONGEST_BLOCK, start, end, *whose)
    return list(VISITS.models(given, (calendar.zone, len(whose))))


def standing(given: tuple[Any, ...], fixed: tuple[ZoneInfo, int]) -> QuerySet[Any]:
    """What `visits_of` reads: at a moment, between two others, of so many practitioners (keys)."""
    now, long_before, start, end, *whose = given
    rows = Appointment.objects.busy(now).filter(
        practitioner__in=whose,
        blocks_from__gt=long_before,  # as in `people`
        blocks_from__lt=end,
        starts_at__lt=end,
        ends_at__gt=start,
    )
    joined = rows.select_related("request__support_needs", "consultation_type")
    return off.judged(joined, fixed[0]).order_by("starts_at", "pk")


VISITS = Prepared(standing)


# --- moving a visit ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moving:
    """A booked visit that somebody is about to move: what its new time must be, and who may give it (keys)."""

    visit: Appointment
    rules: Rules
    people: frozenset[int]

    @property
    def consultation(self) -> ConsultationRequest:
        return self.visit.request


def moving(key: int) -> Moving | None:
    """The booked visit of a request (by key) that is to be moved, or None: at most five SQL statements."""
    found = (
        Appointment.objects.booked()
        .filter(request=key)
        .select_related("request__consultation_type", "consultation_type", "practitioner")
        .first()
    )
    if found is None:
        return None
    fit = Practitioner.objects.filter(slots.suitable(visits.to_move(found, by_staff=True)))
    rules = rules_to_move(found, BookingRules.current().slot_step_minutes)
    return Moving(found, rules, frozenset(fit.values_list("pk", flat=True)))


def rules_to_move(visit: Appointment, step: int) -> Rules:
    """What the new time of a visit must be: as long as it is, with the minutes that its kind keeps free now."""
    kind = visit.consultation_type
    return _without_limits(visit.minutes, kind.buffer_before, kind.buffer_after, step)


def histories(calendar: Calendar, rows: Iterable[Appointment]) -> Histories:
    """What the rules of sessions count from, for the rows that are sessions with rules: one SQL statement, or none."""
    sessions = (row for row in rows if session_rules.has_rules(row.request, row.consultation_type))
    return Histories([row.request for row in sessions], calendar.zone)


def nearest(
    calendar: Calendar, column: Column, visit: Appointment, past: Histories, number: int
) -> list[Slot]:
    """The free times with the same person nearest to a visit, on the days of the calendar and of the week after them.
    `past`: of its client.
    """
    rules = rules_to_move(visit, step_of(calendar.people))
    taken = calendar.taken(column, without=visit.request_id)
    found = calendar.starts(column, rules, taken, beyond=limits.times.CALENDAR_MOVES_DAYS)
    free = [slot for slot in found if slot.start != visit.starts_at]
    fitting = session_rules.to_move([visit], free, calendar.zone, past)
    return availability.nearest(fitting, visit.starts_at, number)


def step_of(columns: Collection[Column]) -> int:
    """Every how many minutes times begin, as the rules of the clinic say."""
    return next(
        (kind.rules.step for column in columns for kind in column.kinds), BookingRules().slot_step_minutes
    )
