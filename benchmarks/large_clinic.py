"""A larger clinic than the demonstration's: ten practitioners who are half booked, and one of them for sixty days wholly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from bookings.models import (
    Appointment,
    BookingRules,
    ConsultationRequest,
    ConsultationType,
    Practitioner,
    WorkingHours,
)

PRACTITIONERS, DAYS, HORIZON_DAYS = 10, 60, 120
FIRST_HOUR, LAST_HOUR = 8, 18  # of the clock in winter, when the clinic's is UTC


def arrange() -> int:
    """Make it of the demonstration clinic that is connected; return the id of the practitioner who has no time."""
    BookingRules.objects.update(horizon_days=HORIZON_DAYS)
    kind = ConsultationType.objects.get(name="First consultation")
    people = [
        Practitioner.objects.create(name=f"Practitioner {number}") for number in range(PRACTITIONERS - 2)
    ]
    for person in people:
        person.consultation_types.add(kind)
    WorkingHours.objects.bulk_create(
        WorkingHours(
            practitioner=person, weekday=day, starts=time(9), ends=time(17), valid_from=date(2026, 1, 1)
        )
        for person in people
        for day in range(5)
    )
    for person in people[1:]:
        _take(person, kind, every=2)
    _take(people[0], kind, every=1)
    return people[0].pk


def _take(person: Practitioner, kind: ConsultationType, *, every: int) -> None:
    """Let every hour of the next sixty days be taken, or every second: visits of somebody whose other visits are over."""
    now = timezone.now()
    first = datetime.combine(now.date(), time(), UTC)
    starts = [
        first + timedelta(days=day, hours=hour)
        for day in range(DAYS + 1)
        for hour in range(FIRST_HOUR, LAST_HOUR, every)
    ]
    requests = ConsultationRequest.objects.bulk_create(
        ConsultationRequest(
            reference=uuid4().hex[:8],
            status="confirmed",
            created_at=now,
            consultation_type=kind,
            name="Cleo Marsh",
            email="cleo@example.org",
            name_search=" cleo marsh",
            email_search="cleo@example.org",
        )
        for _ in starts
    )
    Appointment.objects.bulk_create(
        Appointment(
            request=consultation,
            practitioner=person,
            consultation_type=kind,
            starts_at=start,
            ends_at=start + timedelta(minutes=45),
            blocks_from=start,
            blocks_until=start + timedelta(hours=1),
            state=Appointment.State.BOOKED,
            created_at=now,
        )
        for consultation, start in zip(requests, starts, strict=True)
    )
