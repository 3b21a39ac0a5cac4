"""Booked visits: which are still to come, and which times they may move to. And which times a request wants."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from bookings.models import Appointment, ConsultationRequest, ConsultationType, Practitioner
from bookings.queries import slots
from bookings.queries.off import Off
from bookings.queries.slots import Wanted
from clinic.foundation import when
from clinic.foundation.prepared import Prepared
from content.models import VisitFee


def count_upcoming() -> int:
    """How many booked visits are still to come. The clinic's time zone is not changed silently while there are any."""
    return Appointment.objects.booked().filter(starts_at__gt=timezone.now()).count()


def booked_last(consultation: ConsultationRequest) -> Appointment | None:
    """The visit that was booked, the latest if there were several, with its practitioner and its kind. One statement."""
    found: Appointment | None = next(BOOKED.models((consultation.pk,)), None)
    if found is not None:
        found.request = consultation
    return found


def booked_of(given: tuple[int], _: None) -> QuerySet[Appointment]:
    booked = Appointment.objects.booked().filter(request=given[0]).order_by("-starts_at")
    return booked.select_related("practitioner", "consultation_type")[:1]


BOOKED = Prepared(booked_of)  # everything about plans asks it


def first_visit_fees() -> list[VisitFee]:
    """Every kind of consultation that clients can ask for, with its fee of today. One statement."""
    kinds = ConsultationType.objects.filter(is_active=True, purpose=ConsultationType.Purpose.CONSULTATION)
    in_person = ConsultationType.Mode.IN_PERSON
    return [VisitFee(kind.name, kind.fee, kind.mode == in_person, kind.paid) for kind in kinds]


def clock_drift(visit: Appointment, zone: ZoneInfo) -> timedelta:
    """How far the visit has to move for the clinic's clock to show what was agreed. Zero unless there is new zone data.

    A visit that was agreed in another zone keeps its moment: whoever changed the clinic's zone ticked that.
    """
    if visit.agreed_zone != zone.key:
        return timedelta(0)
    if not visit.agreed_clock or visit.agreed_clock == when.local(visit.starts_at, zone).isoformat():
        return timedelta(0)
    return when.same_clock(datetime.fromisoformat(visit.agreed_clock), zone) - visit.starts_at


def wanted_by(consultation: ConsultationRequest, practitioner_id: int | None = None) -> Wanted:
    """Which times an open request wants: of its kind, with whoever sees what it is about."""
    codes = (concern.code for concern in consultation.concerns.all())
    return Wanted(kind=consultation.consultation_type, practitioner_id=practitioner_id, concerns=tuple(codes))


def to_move(visit: Appointment, practitioner_id: int | None = None, *, by_staff: bool = False) -> Wanted:
    """Which times a booked visit may move to: of the same length, with whoever sees what it is about.

    The concerns do not bind once staff have knowingly booked somebody who does not see all of them: then the client may
    stay with them. Staff may also move a visit of a kind that is no longer offered.
    """
    wanted = wanted_by(visit.request)
    sees = slots.sees(wanted.concerns)
    known = Off.CONCERN in visit.stands_although.split()
    free_of_them = known and not Practitioner.objects.filter(sees, pk=visit.practitioner_id).exists()
    return Wanted(
        kind=visit.consultation_type,
        practitioner_id=practitioner_id,
        concerns=() if free_of_them else wanted.concerns,
        minutes=visit.minutes,
        retired=by_staff,
    )
