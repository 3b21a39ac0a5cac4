"""What is against a time: its practitioner, its kind or its day was switched off or closed, its practitioner's hours were
changed, or the rules of the clinic's time zone have changed since it was agreed. A booked visit with something against it
is in doubt.

The same conditions are tested for a held or booked row and for a time that nobody has yet. What somebody knew when
they took or kept the time is noted on the row (`stands_although`) and is no longer against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import ExtractIsoWeekDay, TruncDate, TruncTime

from bookings.availability import Slot
from bookings.models import (
    Appointment,
    Closure,
    ConsultationRequest,
    ConsultationType,
    Practitioner,
    TimeOff,
    WorkingHours,
)
from bookings.queries import slots
from bookings.queries.clinic import zone as clinic_zone
from bookings.queries.slots import Wanted
from bookings.states import LIVE, Status
from clinic.foundation import when
from clinic.foundation.prepared import Prepared
from content.models import Concern


class Off(StrEnum):
    """One thing that is against a time."""

    PRACTITIONER = "practitioner"
    TYPE = "type"
    GIVES = "gives"
    CONCERN = "concern"
    CLOSED = "closed"
    AWAY = "away"
    HOURS = "hours"  # of a row alone: of a time that nobody has, bookings/against.py says it
    ZONE = "zone"


# A key, a moment or a day, or a reference to the column of an outer row.
_Value: TypeAlias = Any


def words(off: Off, *, who: str, kind: str, day: str) -> str:
    """One sentence, for clients and staff alike."""
    return {
        Off.PRACTITIONER: f"{who} is not available any more.",
        Off.TYPE: f"“{kind}” is not offered any more.",
        Off.GIVES: f"{who} does not give “{kind}” any more.",
        Off.CONCERN: f"{who} does not see everything that this request is about.",
        Off.CLOSED: f"The clinic is closed on {day}.",
        Off.AWAY: f"{who} is away on {day}.",
        Off.HOURS: f"{who} does not work at that time on {day} any more.",
        Off.ZONE: "The rules of our time zone have changed since. Check with the client that the time is still the same.",
    }[off]


def _conditions(
    practitioner: _Value, kind: _Value, start: _Value, end: _Value, day: _Value, consultation: _Value | None
) -> dict[Off, Q]:
    """What can be against a time, as questions to the database. The arguments are values or references to an outer row;
    `day` is the clinic's own.
    """
    person = Practitioner.objects.filter(pk=practitioner)
    away = TimeOff.objects.filter(practitioner=practitioner, starts_at__lt=end, ends_at__gt=start)
    found = {
        Off.PRACTITIONER: Q(Exists(person.filter(is_active=False))),
        Off.TYPE: Q(Exists(ConsultationType.objects.filter(pk=kind, is_active=False))),
        Off.GIVES: ~Q(Exists(person.filter(consultation_types=kind))),
        Off.CLOSED: Q(Exists(Closure.objects.filter(first_day__lte=day, last_day__gte=day))),
        Off.AWAY: Q(Exists(away)),
    }
    if consultation is not None:
        unseen = Concern.objects.filter(requests=consultation).exclude(practitioners=practitioner)
        found[Off.CONCERN] = Q(Exists(unseen)) & Q(Exists(person.filter(concerns__isnull=False)))
    return found


# --- a time that nobody has yet ---------------------------------------------------------------------------------------


def against_slot(
    slot: Slot, kind: ConsultationType, zone: ZoneInfo, consultation: ConsultationRequest | None = None
) -> list[Off]:
    """What is against this time now. The concerns of `consultation` count too, if there is one."""
    day = when.local_day(slot.start, zone)
    about = (consultation.pk,) if consultation else ()
    given = (slot.practitioner_id, kind.pk, slot.start, slot.end, day, *about)
    answers = next(OF_A_TIME.rows(given, bool(about)), ())
    return [off for off, yes in zip(Off, answers, strict=False) if yes]


def of_a_time(given: tuple[Any, ...], is_about: bool) -> QuerySet[Any, Any]:
    """For a practitioner, a kind, start and end, the day, and a request if it `is_about` one: a row with an answer for each
    member of Off.
    """
    person, kind, start, end, day, *about = given
    conditions = _conditions(person, kind, start, end, day, about[0] if is_about else None)
    asked = {f"off_{off}": conditions.get(off, Value(False)) for off in Off}
    return ConsultationType.objects.filter(pk=kind).annotate(**asked).values_list(*asked)


OF_A_TIME = Prepared(of_a_time)  # whoever sends, moves or accepts asks it of one time


def against_wish(wanted: Wanted, start: datetime | None, zone: ZoneInfo | None = None) -> list[Off]:
    """What is against a client's wish: with this practitioner or anybody, at `start` or at any time.

    `zone` is the clinic's; it is read if not given.
    """
    if not (wanted.kind.is_active or wanted.retired):
        return [Off.TYPE]
    who = wanted.practitioner_id
    person, fits = Practitioner.objects.filter(pk=who or 0), who is not None and slots.fits(who, wanted)
    # A practitioner who was deleted is not switched off: the wish goes on without a name.
    if who is None or not (fits or person.exists()):
        day = when.local_day(start, zone or clinic_zone()) if start else None
        closed = day and Closure.objects.filter(first_day__lte=day, last_day__gte=day).exists()
        return [Off.CLOSED] if closed else []
    if not fits:
        if not person.filter(is_active=True).exists():
            return [Off.PRACTITIONER]
        return [Off.CONCERN if person.filter(consultation_types=wanted.kind).exists() else Off.GIVES]
    if start is None:
        return []
    found = against_slot(wanted.slot(who, start), wanted.kind, zone or clinic_zone())
    return [off for off in found if off is not Off.TYPE]


def wish_words(wanted: Wanted, start: datetime | None, zone: ZoneInfo | None = None) -> str:
    """The first thing against a client's wish, as one sentence; empty if there is none."""
    found = against_wish(wanted, start, zone)
    if not found:
        return ""
    person = Practitioner.objects.filter(pk=wanted.practitioner_id or 0).first()
    day = when.day(start, zone or clinic_zone()) if start else ""
    return words(found[0], who=person.name if person else "", kind=wanted.kind.name, day=day)


# --- a row ------------------------------------------------------------------------------------------------------------


def _asked_about(rows: QuerySet[Appointment], zone: ZoneInfo) -> tuple[QuerySet[Appointment], dict[Off, Q]]:
    """The same rows, with one question to each row for each thing that is against it and that nobody has decided on."""
    columns = ("practitioner_id", "consultation_type_id", "starts_at", "ends_at", "its_day", "request_id")
    conditions = _conditions(*(OuterRef(column) for column in columns))
    conditions[Off.HOURS] = _outside_hours()
    conditions[Off.ZONE] = Q(zone_changed_at__isnull=False)
    undecided = {off: yes & ~Q(stands_although__contains=off.value) for off, yes in conditions.items()}
    columns_of_hours = {
        "its_day": TruncDate("starts_at", tzinfo=zone),
        "its_last_day": TruncDate("ends_at", tzinfo=zone),
        "its_weekday": ExtractIsoWeekDay("starts_at", tzinfo=zone) - 1,
        "its_start": TruncTime("starts_at", tzinfo=zone),
        "its_end": TruncTime("ends_at", tzinfo=zone),
    }
    return rows.annotate(**columns_of_hours), undecided


def _outside_hours() -> Q:
    """Whether a row lies outside the working hours of its day, as `is_inside` in bookings/availability.py says, by the wall
    clock: nobody works when it begins, or somewhere inside it hours end that no others go on from.

    It ends on its own day, or at the midnight that ends it; hours that end at 00:00 end at that midnight.
    """
    day = OuterRef("its_day")
    theirs = WorkingHours.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        practitioner=OuterRef("practitioner_id"),
        weekday=OuterRef("its_weekday"),
        valid_from__lte=day,
    )
    until_midnight = Q(ends=time.min)
    begun = theirs.filter(
        until_midnight | Q(ends__gt=OuterRef("its_start")), starts__lte=OuterRef("its_start")
    )
    overnight = Q(its_last_day__gt=F("its_day"))
    ended = theirs.filter(~until_midnight, ends__gt=OuterRef("its_start"))
    goes_on = WorkingHours.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef(OuterRef("its_day"))),
        until_midnight | Q(ends__gt=OuterRef("ends")),
        practitioner=OuterRef("practitioner"),
        weekday=OuterRef("weekday"),
        valid_from__lte=OuterRef(OuterRef("its_day")),
        starts__lte=OuterRef("ends"),
    )
    breaks = ended.filter(~Exists(goes_on))
    cut = Q(Exists(breaks.filter(ends__lt=OuterRef("its_end")))) & ~overnight
    return ~Q(Exists(begun)) | cut | (overnight & Q(Exists(breaks))) | (overnight & ~Q(its_end=time.min))


def judged(rows: QuerySet[Appointment], zone: ZoneInfo) -> QuerySet[Appointment]:
    """The same rows; each then knows what `found` reads off it."""
    found, conditions = _asked_about(rows, zone)
    return found.annotate(**{f"off_{off}": question for off, question in conditions.items()})


def found(rows: Iterable[Appointment]) -> dict[int, list[Off]]:
    """`against`, of rows that come from `judged`: no statement. Released ones are left out."""
    occupying = [row for row in rows if row.state != Appointment.State.RELEASED]
    by_key = {row.pk: [off for off in Off if getattr(row, f"off_{off}", False)] for row in occupying}
    return {key: against for key, against in by_key.items() if against}


def against(keys: Sequence[int], zone: ZoneInfo) -> dict[int, list[Off]]:
    """By key: what is against each of these held or booked rows (keys), undecided. Rows with nothing against them are left
    out. One statement, none without keys.
    """
    if not keys:
        return {}
    rows = AGAINST.rows(tuple(keys), (zone, len(keys)))
    by_key = {key: [off for off, yes in zip(Off, said, strict=True) if yes] for key, *said in rows}
    return {key: found for key, found in by_key.items() if found}


def of_rows(keys: tuple[int, ...], fixed: tuple[ZoneInfo, int]) -> QuerySet[Any, Any]:
    """For so many held or booked rows: the key of each, and an answer for each member of Off."""
    rows, conditions = _asked_about(Appointment.objects.filter(pk__in=keys), fixed[0])
    asked = {f"off_{off}": conditions[off] for off in Off}
    return rows.annotate(**asked).values_list("pk", *asked)


AGAINST = Prepared(of_rows)  # every mail that offers times asks it, and the client's page


def in_doubt(now: datetime, zone: ZoneInfo) -> QuerySet[Appointment]:
    """Future booked visits with something against them, until somebody moves, cancels or keeps them."""
    booked = Appointment.objects.booked().filter(starts_at__gt=now, request__status=Status.CONFIRMED)
    return _doubted(booked, zone)


def times_in_doubt(now: datetime, zone: ZoneInfo) -> QuerySet[Appointment]:
    """Future times that clients are offered or that are held for them, and that can no longer be booked."""
    held = Appointment.objects.held().filter(held_until__gt=now, starts_at__gt=now, request__status__in=LIVE)
    return _doubted(held, zone)


def _doubted(rows: QuerySet[Appointment], zone: ZoneInfo) -> QuerySet[Appointment]:
    found, conditions = _asked_about(rows, zone)
    return found.filter(reduce(or_, conditions.values()))


def sentence(appointment: Appointment, found: Sequence[Off], zone: ZoneInfo) -> str:
    """The first thing that is against an appointment, in words."""
    day = when.day(appointment.starts_at, zone)
    who, kind = appointment.practitioner.name, appointment.consultation_type.name
    return words(found[0], who=who, kind=kind, day=day)
