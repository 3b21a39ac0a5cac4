"""Free times: what availability.py needs is read here, in five SQL statements whatever the number of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Q

from bookings import availability
from bookings.availability import Interval, Slot
from bookings.constraints import OCCUPYING
from bookings.models import (
    Appointment,
    BookingRules,
    Closure,
    ConsultationType,
    Practitioner,
    TimeOff,
    WorkingHours,
)
from bookings.queries.clinic import zone as clinic_zone
from clinic.foundation import when
from content.models import Concern


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which times somebody can use. Every search for times takes one, so that all of them give the same answer.

    `practitioner_id` None: whoever fits. `concerns` are codes; those that are no rows of the matrix ("not sure") fit
    everybody. `minutes` None: as long as the kind is now; a visit that moves keeps its own length. `retired`: also times of
    a kind that is switched off, for staff who move what is booked.
    """

    kind: ConsultationType
    practitioner_id: int | None = None
    concerns: tuple[str, ...] = ()
    minutes: int | None = None
    retired: bool = False

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes or self.kind.minutes)

    def by(self, practitioner_id: int | None) -> Wanted:
        """The same with this practitioner, or (None) with anybody who fits."""
        return replace(self, practitioner_id=practitioner_id)

    def slot(self, practitioner_id: int, start: datetime) -> Slot:
        """The time from `start` on, whether it is free or not."""
        return Slot(practitioner_id=practitioner_id, start=start, end=start + self.length)


def suitable(wanted: Wanted) -> Q:
    """Which practitioners give this kind of consultation and see every one of its concerns, whoever of them is named.

    A practitioner without concerns sees everything.
    """
    if not (wanted.kind.is_active or wanted.retired):
        return Q(pk__in=())
    return Q(is_active=True, consultation_types=wanted.kind) & sees(wanted.concerns)


def sees(concerns: Collection[str]) -> Q:
    """Which practitioners see every one of these concerns (codes)."""
    fit = Q()
    for code in sorted(set(concerns)):
        those = Practitioner.objects.filter(Q(concerns__code=code) | Q(concerns__isnull=True))
        fit &= Q(pk__in=those.values("pk")) | ~Q(Exists(Concern.objects.filter(code=code)))
    return fit


def practitioners(wanted: Wanted) -> list[Practitioner]:
    """Everybody who fits, by name."""
    return list(Practitioner.objects.filter(suitable(wanted)).order_by("name", "pk"))


def slots(wanted: Wanted, *, now: datetime, first_day: date, days: int) -> list[Slot]:
    """The free times on `days` local days, soonest first.

    With "any practitioner" two slots may start at the same moment. Five SQL statements.
    """
    rules = BookingRules.current()
    zone = clinic_zone()
    hours = _hours(wanted)
    span = _span(first_day, days, wanted.kind, zone)
    busy, closed = _busy(span, now), _closures(first_day, days, zone)
    limits = availability.Rules(
        minutes=int(wanted.length.total_seconds() // 60),
        buffer_before=wanted.kind.buffer_before,
        buffer_after=wanted.kind.buffer_after,
        minimum_notice=timedelta(hours=rules.minimum_notice_hours),
        horizon_days=rules.horizon_days,
        step=rules.slot_step_minutes,
    )
    found: list[Slot] = []
    for key, rows in hours.items():
        found += availability.free_slots(
            practitioner_id=key,
            hours=rows,
            busy=busy[key] + closed,
            rules=limits,
            zone=zone,
            now=now,
            first_day=first_day,
            days=days,
        )
    return sorted(found)


def nearest(wanted: Wanted, start: datetime, *, now: datetime, count: int = 3) -> list[Slot]:
    """The `count` free times nearest to `start`, one for each moment, in order of time."""
    zone = clinic_zone()
    around = slots(wanted, now=now, first_day=when.local_day(start, zone) - timedelta(days=7), days=22)
    distinct = {slot.start: slot for slot in reversed(around)}
    closest = sorted(distinct.values(), key=lambda slot: (abs(slot.start - start), slot.start))
    return sorted(closest[:count])


def next_free(wanted: Wanted, *, now: datetime) -> Slot | None:
    """The first free time up to the horizon, or None."""
    days = BookingRules.current().horizon_days + 1
    found = slots(wanted, now=now, first_day=when.local_day(now, clinic_zone()), days=days)
    return found[0] if found else None


def free_at(wanted: Wanted, start: datetime, *, now: datetime) -> list[Slot]:
    """The free times that begin exactly at `start`: one for each practitioner who fits and is free then."""
    found = slots(wanted, now=now, first_day=when.local_day(start, clinic_zone()), days=1)
    return [slot for slot in found if slot.start == start]


def whose(found: Collection[Slot]) -> Slot | None:
    """Which of these times of one moment is meant by "any practitioner"; None of none.

    The one with the fewest appointments in the clinic's week of that moment; of several, who was added first. Whatever
    means "anybody" (a request, a move, the desk's "the time they asked for") asks here, so that they agree.
    """
    if len(found) < 2:
        return next(iter(found), None)
    some = next(iter(found))
    visits = _visits_in_the_week([slot.practitioner_id for slot in found], some.start)
    return min(found, key=lambda slot: (visits[slot.practitioner_id], slot.practitioner_id))


def _visits_in_the_week(practitioner_ids: Collection[int], start: datetime) -> dict[int, int]:
    """Held and booked appointments of each practitioner from Monday to Sunday around `start`, by the clinic's calendar."""
    zone = clinic_zone()
    monday = when.local_day(start, zone) - timedelta(days=when.local_day(start, zone).weekday())
    week = Q(
        appointments__state__in=OCCUPYING,
        appointments__starts_at__gte=when.day_bounds(monday, zone)[0],
        appointments__starts_at__lt=when.day_bounds(monday + timedelta(days=6), zone)[1],
    )
    rows = Practitioner.objects.filter(pk__in=practitioner_ids).annotate(
        visits=Count("appointments", filter=week)
    )
    return dict(rows.values_list("pk", "visits"))


def is_open(slot: Slot, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the visit lies inside the practitioner's hours and outside time off and closures, whoever has booked what."""
    day = when.local_day(slot.start, zone)
    away = TimeOff.objects.filter(
        practitioner_id=slot.practitioner_id, starts_at__lt=slot.end, ends_at__gt=slot.start
    )
    closed = Closure.objects.filter(first_day__lte=day, last_day__gte=day)
    return in_hours(slot, now, zone) and not away.exists() and not closed.exists()


def in_hours(slot: Slot, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the visit lies inside the practitioner's working hours: one SQL statement.

    For staff, whom neither notice nor horizon nor the step of the offered times binds.
    """
    day = when.local_day(slot.start, zone)
    hours = [
        _worked(row)
        for row in WorkingHours.objects.filter(practitioner_id=slot.practitioner_id, weekday=day.weekday())
    ]
    if not hours:
        return False
    minutes = int((slot.end - slot.start).total_seconds() // 60)
    anything = availability.Rules(
        minutes=minutes,
        buffer_before=0,
        buffer_after=0,
        minimum_notice=timedelta(0),
        horizon_days=max(0, (day - when.local_day(now, zone)).days),
        step=1,
    )
    possible = availability.free_slots(
        practitioner_id=slot.practitioner_id,
        hours=hours,
        busy=(),
        rules=anything,
        zone=zone,
        now=min(now, slot.start),
        first_day=day,
        days=1,
    )
    return any(free.start == slot.start for free in possible)


# --- what is read -----------------------------------------------------------------------------------------------------


def _hours(wanted: Wanted) -> dict[int, list[availability.WorkingHours]]:
    fit = Practitioner.objects.filter(suitable(wanted))
    if wanted.practitioner_id is not None:
        fit = fit.filter(pk=wanted.practitioner_id)
    rows: dict[int, list[availability.WorkingHours]] = defaultdict(list)
    for row in WorkingHours.objects.filter(practitioner__in=fit.values("pk")):
        rows[row.practitioner_id].append(_worked(row))
    return rows


def _worked(row: WorkingHours) -> availability.WorkingHours:
    return availability.WorkingHours(
        weekday=row.weekday,
        starts=row.starts,
        ends=row.ends,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _span(first_day: date, days: int, consultation_type: ConsultationType, zone: ZoneInfo) -> Interval:
    """The UTC stretch in which something busy could matter, buffers included."""
    first = min(max(first_day, date(2000, 1, 1)), date(2199, 1, 1))
    margin = timedelta(minutes=max(consultation_type.buffer_before, consultation_type.buffer_after), days=1)
    start = availability.day_bounds(first, zone)[0] - margin
    return start, start + timedelta(days=min(max(days, 0), 400) + 1) + 2 * margin


def _busy(span: Interval, now: datetime) -> dict[int, list[Interval]]:
    """Appointments (with their buffers) and time off, by practitioner: one statement."""
    start, end = span
    taken = (
        Appointment.objects.busy(now)
        .filter(blocks_from__lt=end, blocks_until__gt=start)
        .order_by()
        .values_list("practitioner_id", "blocks_from", "blocks_until")
    )
    away = (
        TimeOff.objects.filter(starts_at__lt=end, ends_at__gt=start)
        .order_by()
        .values_list("practitioner_id", "starts_at", "ends_at")
    )
    busy: dict[int, list[Interval]] = defaultdict(list)
    for key, begins, ends in taken.union(away, all=True):
        busy[key].append((begins, ends))
    return busy


def _closures(first_day: date, days: int, zone: ZoneInfo) -> list[Interval]:
    last_day = min(first_day, date(2199, 1, 1)) + timedelta(days=min(max(days, 0), 400))
    return [
        # A closure "until further notice" may end on the last day that a calendar has.
        (availability.day_bounds(first, zone)[0], availability.day_bounds(min(last, last_day), zone)[1])
        for first, last in Closure.objects.filter(
            first_day__lte=last_day, last_day__gte=first_day
        ).values_list("first_day", "last_day")
    ]
