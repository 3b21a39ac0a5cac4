"""Why a time is not offered to clients: everything that is against it, in words for the desk.

The rules are those of bookings/against.py; this reads what they need and names whose time it is. Empty exactly when the time
is among the free ones (`slots`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from bookings import against, availability
from bookings.against import Against, Found, Taken
from bookings.availability import Slot, WeeklyHours
from bookings.models import (
    Appointment,
    BookingRules,
    Closure,
    ConsultationRequest,
    ConsultationType,
    Practitioner,
    TimeOff,
)
from bookings.queries import hours as hours_rows
from bookings.queries import off, session_rules, slots
from bookings.queries.clinic import Clinic
from bookings.queries.off import Off
from bookings.queries.slots import Wanted
from clinic.foundation import when


@dataclass(frozen=True)
class Reason:
    """One thing that is against a time: its code, and a sentence about it."""

    code: Against
    words: str


def why_not(
    slot: Slot,
    wanted: Wanted,
    *,
    now: datetime,
    place: Clinic,
    own: ConsultationRequest | None = None,
    client: ConsultationRequest | None = None,
) -> list[Reason]:
    """Everything against `slot` for whoever wants `wanted`: five SQL statements, one more for a session with rules. What
    their request `own` holds is not. `client` says whose visits the rules count from, if there is no request yet.
    """
    person = _person(slot.practitioner_id, wanted)
    if person is None:
        return [Reason(Against.PRACTITIONER, "There is no such practitioner any more.")]
    hours = hours_rows.of_one(slot.practitioner_id)
    rules = slots.limits_of(wanted, place.rules)
    zone = place.zone
    taken = [*_appointments(slot, now, own), *_time_off(slot), *_closures(slot, zone)]
    found = against.found(slot.start, hours=hours, taken=taken, rules=rules, zone=zone, now=now)
    told = _Words(slot, person.name, hours, rules, place.rules, zone, now)
    whose = own or client
    rules_against = session_rules.against(whose, wanted.kind, slot.start, zone) if whose else {}
    return [
        *(Reason(one.what, told.of(one)) for one in found),
        *(Reason(code, words) for code, words in rules_against.items()),
        *_of_person(person, wanted),
    ]


def _person(key: int, wanted: Wanted) -> Practitioner | None:
    """The practitioner, with `gives` and `sees`: whether they give this kind and see every one of the concerns."""
    fit = Practitioner.objects.filter(slots.sees(wanted.concerns), pk=OuterRef("pk"))
    kinds = ConsultationType.objects.filter(pk=wanted.kind.pk, practitioners=OuterRef("pk"))
    return Practitioner.objects.filter(pk=key).annotate(gives=Exists(kinds), sees=Exists(fit)).first()


def _of_person(person: Practitioner, wanted: Wanted) -> list[Reason]:
    speaks = {
        Off.PRACTITIONER: not person.is_active,
        Off.TYPE: not (wanted.kind.is_active or wanted.retired),
        Off.GIVES: not getattr(person, "gives", False),
        Off.CONCERN: not getattr(person, "sees", False),
    }
    return [
        Reason(Against(code.value), off.words(code, who=person.name, kind=wanted.kind.name, day=""))
        for code, yes in speaks.items()
        if yes
    ]


# --- what is taken ----------------------------------------------------------------------------------------------------


def _appointments(slot: Slot, now: datetime, own: ConsultationRequest | None) -> list[Taken]:
    near = Appointment.objects.busy(now).filter(
        practitioner=slot.practitioner_id,
        blocks_from__lt=slot.end + when.DAY,
        blocks_until__gt=slot.start - when.DAY,
    )
    if own is not None:
        near = near.exclude(request=own.pk)
    booked = Appointment.State.BOOKED
    return [
        Taken(
            Against.VISIT if row.state == booked else Against.HOLD,
            row.starts_at,
            row.ends_at,
            row.blocks_from,
            row.blocks_until,
            row,
        )
        for row in near.select_related("request").order_by("starts_at")
    ]


def _time_off(slot: Slot) -> list[Taken]:
    rows = TimeOff.objects.filter(
        practitioner=slot.practitioner_id,
        starts_at__lt=slot.end + when.DAY,
        ends_at__gt=slot.start - when.DAY,
    )
    return [Taken(Against.AWAY, row.starts_at, row.ends_at, row.starts_at, row.ends_at, row) for row in rows]


def _closures(slot: Slot, zone: ZoneInfo) -> list[Taken]:
    day = when.local_day(slot.start, zone)
    rows = Closure.objects.filter(first_day__lte=day + when.DAY, last_day__gte=day - when.DAY)
    found = []
    for row in rows:
        # Two days around are enough, and the last day of the calendar has no end.
        first, last = max(row.first_day, day - 2 * when.DAY), min(row.last_day, day + 2 * when.DAY)
        start, end = when.day_bounds(first, zone)[0], when.day_bounds(last, zone)[1]
        found.append(Taken(Against.CLOSED, start, end, start, end, row))
    return found


# --- in words ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Words:
    """What the sentences name."""

    slot: Slot
    who: str
    hours: list[WeeklyHours]
    limits: availability.Rules
    rules: BookingRules
    zone: ZoneInfo
    now: datetime

    def of(self, found: Found) -> str:
        """The sentence for one thing that is against the time."""
        row = found.taken.key if found.taken else None
        match found.what, row:
            case Against.BUFFER, Appointment():
                return f"Too close to {self._whose(row)}: the minutes kept free between two visits would be missing."
            case Against.VISIT, Appointment():
                return f"{self.who} has {self._whose(row)} then."
            case Against.HOLD, Appointment():
                return f"{self.who} has {self._whose(row)} then, until {when.short(row.held_until or self.now, self.zone)}."
            case Against.CLOSED, Closure():
                day = when.day(self.slot.start, self.zone)
                return off.words(Off.CLOSED, who="", kind="", day=day).rstrip(".") + f": {row.name}."
            case Against.AWAY, TimeOff():
                return f"{self.who} is away from {self._span(row.starts_at, row.ends_at)}."
            case Against.REST, _:
                return "The minutes kept free before or after it would reach into time off or a closed day."
            case Against.HOURS, _:
                return self._hours()
            case Against.GRID, _:
                return f"Times begin every {self.limits.step} minutes from the start of {self.who}’s hours."
            case Against.NOTICE, _:
                return f"Clients are offered times from {self.rules.minimum_notice_hours} hours ahead."
            case Against.HORIZON, _:
                return f"Clients are offered times up to {self.rules.horizon_days} days ahead."
        return "It has passed."

    def _whose(self, row: Appointment) -> str:
        """'the visit of Cleo Marsh (7K2M), 10:00 to 10:45'."""
        booked = row.state == Appointment.State.BOOKED
        what = "the visit of" if booked else "a time offered to" if row.is_offer else "a time held for"
        times = f"{when.digits(row.starts_at, self.zone)} to {when.digits(row.ends_at, self.zone)}"
        return f"{what} {row.request.name} ({row.request.reference}), {times}"

    def _span(self, start: datetime, end: datetime) -> str:
        return f"{when.short(start, self.zone)} to {when.short(end, self.zone)}"

    def _hours(self) -> str:
        day = when.local_day(self.slot.start, self.zone)
        worked = availability.stretches(day, self.hours)
        if not worked:
            return f"{self.who} does not work on {when.date_words(day)}."
        spans = " and ".join(f"{start:%H:%M} to {end:%H:%M}" for start, end in worked)
        ends = when.digits(self.slot.end, self.zone)
        return f"{self.who} works {spans} that day, and it would end at {ends}."


def codes(reasons: Iterable[Reason]) -> frozenset[str]:
    """The codes alone."""
    return frozenset(reason.code.value for reason in reasons)
