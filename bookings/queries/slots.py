"""Free times: what availability.py needs is read here, in five SQL statements whatever the number of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings import availability, limits
from bookings.availability import Interval, Slot, WeeklyHours
from bookings.models import (
    Appointment,
    BookingRules,
    ConsultationType,
    Practitioner,
    TimeOff,
    WorkingHours,
)
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.clinic import zone as clinic_zone
from bookings.queries.hours import COLUMNS
from clinic.foundation import when
from clinic.foundation.prepared import Prepared
from content.models import Concern


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which times somebody can use. Every search for times takes one, so that all of them give the same answer.

    `practitioner_id` None: any practitioner who fits; any_practitioner.py says who that is. `concerns` are codes; those that
    are not in the matrix ("not sure") fit everybody. `minutes` None: as long as the kind is now; a moving visit keeps
    its own length. `retired`: also times of a kind that is switched off, for staff moving what is booked.
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
    """Which practitioners give this kind of consultation and see every one of its concerns, whichever of them is named.

    A practitioner without concerns sees everything.
    """
    if not (wanted.kind.is_active or wanted.retired):
        return Q(pk__in=())
    return gives(wanted.kind.pk) & sees(wanted.concerns)


def gives(kind_id: int) -> Q:
    """Which practitioners give this kind of consultation."""
    return Q(is_active=True, consultation_types=kind_id)


def sees(concerns: Collection[str]) -> Q:
    """Which practitioners see every one of these concerns (codes)."""
    fit = Q()
    for code in sorted(set(concerns)):
        those = Practitioner.objects.filter(Q(concerns__code=code) | Q(concerns__isnull=True))
        fit &= Q(pk__in=those.values("pk")) | ~Q(Exists(Concern.objects.filter(code=code)))
    return fit


def lists(concerns: Collection[str]) -> Exists:
    """Whether a practitioner names one of these concerns (codes), and does not only see everything."""
    through = Practitioner.concerns.through.objects
    return Exists(through.filter(practitioner=OuterRef("pk"), concern__code__in=sorted(set(concerns))))


def practitioners(wanted: Wanted) -> list[Practitioner]:
    """Everybody who fits, by name. `lists_it` of each: whether they name one of the concerns."""
    who = Practitioner.objects.filter(suitable(wanted)).annotate(lists_it=lists(wanted.concerns))
    return list(who.order_by("name", "pk"))


def slots(
    wanted: Wanted, *, now: datetime, first_day: date, days: int, place: Clinic | None = None
) -> list[Slot]:
    """The free times on `days` local days, soonest first.

    With "any practitioner" two slots may start at the same moment. Five SQL statements; three for callers that have the
    clinic (`place`) already.
    """
    return read(now=now, first_day=first_day, days=days, place=place).free(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """What is taken on some days, read once; whoever wants times asks for theirs with `free`."""

    now: datetime
    first_day: date
    days: int
    zone: ZoneInfo
    rules: BookingRules
    busy: Mapping[int, list[Interval]]  # by practitioner, with closed days
    closed: list[Interval]

    def taken(self, practitioner_id: int) -> list[Interval]:
        """What is taken of one practitioner's time, in order."""
        return availability.merge([*self.busy.get(practitioner_id, ()), *self.closed])

    def free(self, wanted: Wanted, hours: Mapping[int, list[WeeklyHours]] | None = None) -> list[Slot]:
        """The free times that `wanted` can use, soonest first. One SQL statement, none with the `hours` of those who fit."""
        found: list[Slot] = []
        rules = limits_of(wanted, self.rules)
        of_each = hours_of(wanted) if hours is None else hours
        for key in sorted(of_each):
            found += availability.free_slots(
                practitioner_id=key,
                hours=of_each[key],
                busy=[*self.busy.get(key, ()), *self.closed],
                rules=rules,
                zone=self.zone,
                now=self.now,
                first_day=self.first_day,
                days=self.days,
            )
        # Of one moment they are in the order of practitioners by now, and a sort keeps that.
        return sorted(found, key=_START)


_START = itemgetter(0)


def read(
    *,
    now: datetime,
    first_day: date,
    days: int,
    place: Clinic | None = None,
    practitioner_id: int | None = None,
) -> Diary:
    """The diary of `days` local days, of one practitioner or (None) of all: two SQL statements; one for callers that have
    the clinic (`place`).
    """
    place = place or clinic(now)
    return Diary(
        now=now,
        first_day=first_day,
        days=days,
        zone=place.zone,
        rules=place.rules,
        busy=_busy(_span(first_day, days, place.zone), now, practitioner_id),
        closed=_closed(place, first_day, days),
    )


def limits_of(wanted: Wanted, rules: BookingRules) -> availability.Rules:
    """What the kind and the clinic's rules ask of a time. A session is as far ahead as its plan has it: how far ahead people
    ask for a consultation says nothing about it.
    """
    horizon = limits.times.SESSIONS_AHEAD.days if wanted.kind.is_session else rules.horizon_days
    return availability.Rules(
        minutes=int(wanted.length.total_seconds() // 60),
        buffer_before=wanted.kind.buffer_before,
        buffer_after=wanted.kind.buffer_after,
        minimum_notice=rules.notice,
        horizon_days=horizon,
        step=rules.slot_step_minutes,
    )


def nearest(wanted: Wanted, start: datetime, *, now: datetime, count: int = 3) -> list[Slot]:
    """The `count` free times nearest to `start`, one for each moment, in chronological order."""
    zone = clinic_zone()
    around = slots(wanted, now=now, first_day=when.local_day(start, zone) - timedelta(days=7), days=22)
    return availability.nearest(around, start, count)


def free_at(wanted: Wanted, start: datetime, *, now: datetime, place: Clinic | None = None) -> list[Slot]:
    """The free times that begin exactly at `start`: one for each practitioner who fits and is free then.

    Three SQL statements; two for callers that have the clinic (`place`).
    """
    place = place or clinic(now)
    found = slots(wanted, now=now, first_day=when.local_day(start, place.zone), days=1, place=place)
    return [slot for slot in found if slot.start == start]


def in_working_hours(slot: Slot, zone: ZoneInfo) -> bool:
    """Whether the whole visit lies inside the practitioner's hours. Time off and closures are for off.py to find."""
    weekday = when.local_day(slot.start, zone).weekday()
    rows = WORKED_ON.rows((slot.practitioner_id,), weekday)
    return availability.is_inside(slot.start, slot.end, [WeeklyHours(*row) for row in rows], zone)


def hours_on(given: tuple[int], weekday: int) -> QuerySet[Any, Any]:
    """A practitioner's (by key) hours on one day of the week."""
    return WorkingHours.objects.filter(practitioner_id=given[0], weekday=weekday).values_list(*COLUMNS)


# --- what is read -----------------------------------------------------------------------------------------------------


def hours_of(wanted: Wanted) -> dict[int, list[WeeklyHours]]:
    """When everybody works who fits: one SQL statement, none for a kind that is switched off."""
    if not (wanted.kind.is_active or wanted.retired):
        return {}
    codes = _codes(wanted)
    found = WORKED.rows((wanted.kind.pk, *codes), len(codes))
    rows: dict[int, list[WeeklyHours]] = defaultdict(list)
    for key, *columns in found:
        if wanted.practitioner_id in (None, key):
            rows[key].append(WeeklyHours(*columns))
    return rows


def hours_of_suitable(who: Q) -> QuerySet[Any, Any]:
    """The hours of these practitioners, each row with its practitioner."""
    fit = Practitioner.objects.filter(who)
    return WorkingHours.objects.filter(practitioner__in=fit.values("pk")).values_list(
        "practitioner_id", *COLUMNS
    )


def hours(given: tuple[Any, ...], _: int) -> QuerySet[Any, Any]:
    """The hours of whoever gives a kind and sees all of these concerns: its key, then their codes."""
    kind_id, *codes = given
    return hours_of_suitable(gives(kind_id) & sees(codes))


def fitting(given: tuple[Any, ...], _: int) -> QuerySet[Any, Any]:
    """A practitioner, if they give a kind and see all of these concerns: both keys, then the codes."""
    who, kind_id, *codes = given
    return Practitioner.objects.filter(gives(kind_id) & sees(codes), pk=who).values_list("pk")


def all_fitting(given: tuple[Any, ...], _: int) -> QuerySet[Any, Any]:
    """Whoever gives a kind and sees all of these concerns: its key, then their codes."""
    kind_id, *codes = given
    return Practitioner.objects.filter(gives(kind_id) & sees(codes)).values_list("pk")


WORKED, WORKED_ON = Prepared(hours), Prepared(hours_on)
FITTING, ALL_FITTING = Prepared(fitting), Prepared(all_fitting)


def who_fits(wanted: Wanted) -> list[int]:
    """The keys of the `suitable` practitioners."""
    if not (wanted.kind.is_active or wanted.retired):
        return []
    codes = _codes(wanted)
    return [key for (key,) in ALL_FITTING.rows((wanted.kind.pk, *codes), len(codes))]


def fits(practitioner_id: int, wanted: Wanted) -> bool:
    """Whether this practitioner is among the `suitable` ones."""
    if not (wanted.kind.is_active or wanted.retired):
        return False
    codes = _codes(wanted)
    return any(FITTING.rows((practitioner_id, wanted.kind.pk, *codes), len(codes)))


def _codes(wanted: Wanted) -> list[str]:
    return sorted(set(wanted.concerns))


def _span(first_day: date, days: int, zone: ZoneInfo) -> Interval:
    """The UTC stretch in which something busy could matter, buffers (four hours at most) included."""
    first = min(max(first_day, date(2000, 1, 1)), date(2199, 1, 1))
    margin = timedelta(days=2)
    start = when.day_bounds(first, zone)[0] - margin
    return start, start + timedelta(days=min(max(days, 0), 400) + 1) + 2 * margin


def _busy(span: Interval, now: datetime, practitioner_id: int | None) -> dict[int, list[Interval]]:
    """Appointments (with their buffers) and time off, by practitioner: one statement."""
    busy: dict[int, list[Interval]] = defaultdict(list)
    start, end = span
    given = (start - limits.times.LONGEST_BLOCK, start, end, now)
    rows = TAKEN.rows(given) if practitioner_id is None else TAKEN_OF_ONE.rows((*given, practitioner_id))
    for key, begins, ends in rows:
        busy[key].append((begins, ends))
    return busy


def taken(given: tuple[datetime, datetime, datetime, datetime], _: None) -> QuerySet[Any, Any]:
    return _union(*_appointments_and_absences(*given))


def taken_of_one(given: tuple[datetime, datetime, datetime, datetime, int], _: None) -> QuerySet[Any, Any]:
    *span, practitioner_id = given
    both = _appointments_and_absences(*span)
    return _union(*(rows.filter(practitioner=practitioner_id) for rows in both))


def _appointments_and_absences(
    long_before: datetime, start: datetime, end: datetime, now: datetime
) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What reaches into the stretch. An index finds the appointments: none that began `long_before` can still last."""
    appointments = Appointment.objects.busy(now).filter(
        blocks_from__gt=long_before, blocks_from__lt=end, blocks_until__gt=start
    )
    return appointments, TimeOff.objects.filter(starts_at__lt=end, ends_at__gt=start)


def _union(appointments: QuerySet[Any], absences: QuerySet[Any]) -> QuerySet[Any, Any]:
    taken = appointments.order_by().values_list("practitioner_id", "blocks_from", "blocks_until")
    away = absences.order_by().values_list("practitioner_id", "starts_at", "ends_at")
    return taken.union(away, all=True)


TAKEN, TAKEN_OF_ONE = Prepared(taken), Prepared(taken_of_one)


def _closed(place: Clinic, first_day: date, days: int) -> list[Interval]:
    """The closed days that the clinic knows already, those of `days` local days."""
    return [
        when.day_bounds(day, place.zone) for day in place.closed if 0 <= (day - first_day).days < days + 1
    ]
