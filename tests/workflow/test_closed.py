"""Nobody is booked while the practitioner is away, whoever presses the button and however old their page is."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bookings.models import Closure, ConsultationRequest, TimeOff, WorkingHours
from bookings.states import Status
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from tests.factories import CLIENT, NOW, at, in_state, practitioner, slot, staff, submission, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def close(day: int) -> None:
    Closure.objects.create(first_day=date(2026, 12, day), last_day=date(2026, 12, day), name="Boiler")


def test_staff_cannot_book_into_a_closed_day(dee: Actor) -> None:
    cleo, other = submitted(start=at(3, 10)), in_state(Status.CONFIRMED, start=at(3, 14))
    close(8)
    with pytest.raises(Refused, match="closed"):
        reply.confirm(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    with pytest.raises(Refused, match="closed"):
        reply.offer(cleo, Origin(dee, NOW), slots=[slot(at(7, 10)), slot(at(8, 10))])
    with pytest.raises(Refused, match="closed"):
        visit.reschedule(other, Origin(dee, NOW), slot=slot(at(8, 10)))
    with pytest.raises(Refused, match="closed"):
        intake.book(submission(start=at(8, 10), practitioner_id=practitioner().pk), Origin(dee, NOW))
    assert ConsultationRequest.objects.count() == 2


def test_the_day_before_and_the_day_after_a_closure_are_open(dee: Actor) -> None:
    consultations = [submitted(start=None), submitted(start=None)]
    close(8)
    for consultation, day in zip(consultations, (7, 9), strict=True):
        assert (
            reply.confirm(consultation, Origin(dee, NOW), slot=slot(at(day, 10))).status == Status.CONFIRMED
        )


@pytest.mark.parametrize(
    "start", [at(5, 10), at(3, 3), at(3, 16, 45)], ids=["Saturday", "night", "past the end"]
)
def test_nor_outside_working_hours(start: datetime, dee: Actor) -> None:
    cleo = submitted(start=None)
    with pytest.raises(Refused, match="working hours"):
        reply.confirm(cleo, Origin(dee, NOW), slot=slot(start))


def test_nor_into_time_off(dee: Actor) -> None:
    cleo = submitted(start=at(3, 10))
    TimeOff.objects.create(practitioner=practitioner(), starts_at=at(3, 9), ends_at=at(3, 12))
    with pytest.raises(Refused):
        reply.confirm(cleo, Origin(dee, NOW))
    cleo.refresh_from_db()
    assert cleo.status == Status.NEW


def test_an_offered_time_cannot_be_accepted_once_the_day_is_closed() -> None:
    cleo = in_state(Status.OFFERED)
    chosen = cleo.appointments.held()[0]
    close(4)
    with pytest.raises(Refused):
        reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=chosen.pk)
    cleo.refresh_from_db()
    assert cleo.status == Status.OFFERED


def test_staff_need_no_notice_and_no_step(dee: Actor) -> None:
    cleo = submitted(start=None)
    assert (
        reply.confirm(cleo, Origin(dee, NOW), slot=slot(at(30, 10, 7, month=11))).status == Status.CONFIRMED
    )


def test_hours_that_have_ended_do_not_count(dee: Actor) -> None:
    cleo = submitted(start=None)
    WorkingHours.objects.update(valid_until=date(2026, 12, 2))
    with pytest.raises(Refused):
        reply.confirm(cleo, Origin(dee, NOW), slot=slot(at(3, 10)))


def test_each_offered_time_is_held_until_it_begins_and_the_offer_until_its_last(dee: Actor) -> None:
    soon, later = slot(at(30, 15, month=11)), slot(at(4, 10))
    cleo = reply.offer(submitted(start=None), Origin(dee, NOW), slots=[soon, later])
    assert [a.held_until for a in cleo.appointments.held()] == [soon.start, cleo.offer_expires_at]
    assert cleo.offer_expires_at == at(1, 17)
