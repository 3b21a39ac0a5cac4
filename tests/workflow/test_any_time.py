"""Staff may book, offer and move to any time that is to come, once they have been told what is against it and agreed.

A client never gets such a time unless staff offered it. Nobody gets one that somebody else has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

import pytest

from bookings.models import Appointment, Closure, ConsultationRequest, ConsultationType, Event, TimeOff
from bookings.queries import off, slots
from bookings.queries.clinic import zone
from bookings.queries.slots import Wanted
from bookings.states import Status
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused, SlotTaken, SwitchedOff
from tests.factories import (
    CLIENT,
    NOW,
    at,
    consultation_type,
    in_state,
    practitioner,
    slot,
    staff,
    submission,
    submitted,
    undone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SATURDAY = at(5, 10)
EVENING = at(3, 19)
CLOSED_DAY = at(8, 10)
AWAY = at(9, 10)
# A time, and what is against it.
TIMES = [
    (SATURDAY, {"hours"}),
    (EVENING, {"hours"}),
    (CLOSED_DAY, {"closed"}),
    (AWAY, {"away"}),
]
EACH = pytest.mark.parametrize(("start", "codes"), TIMES, ids=["Saturday", "evening", "closed", "away"])


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


@pytest.fixture(autouse=True)
def closed_on_the_eighth_and_away_on_the_ninth() -> None:
    Closure.objects.create(first_day=date(2026, 12, 8), last_day=date(2026, 12, 8), name="Boiler")
    TimeOff.objects.create(practitioner=practitioner(), starts_at=at(9, 0), ends_at=at(10, 0))


# Every way in which staff give a time, called as a function of the time and what they agreed to.
def _confirm(dee: Actor, start: datetime, although: Collection[str] = ()) -> ConsultationRequest:
    return reply.confirm(submitted(start=None), Origin(dee, NOW), slot=slot(start), although=although)


def _offer(dee: Actor, start: datetime, although: Collection[str] = ()) -> ConsultationRequest:
    return reply.offer(submitted(start=None), Origin(dee, NOW), slots=[slot(start)], although=although)


def _move(dee: Actor, start: datetime, although: Collection[str] = ()) -> ConsultationRequest:
    return visit.reschedule(in_state(Status.CONFIRMED), Origin(dee, NOW), slot=slot(start), although=although)


def _book(dee: Actor, start: datetime, although: Collection[str] = ()) -> ConsultationRequest:
    wanted = submission(start=start, practitioner_id=practitioner().pk)
    return intake.book(wanted, Origin(dee, NOW), although=although)


Give = Callable[..., ConsultationRequest]
EVERY_WAY = pytest.mark.parametrize(
    "give", [_confirm, _offer, _move, _book], ids=lambda give: give.__name__[1:]
)


@EVERY_WAY
@EACH
def test_a_time_is_given_once_staff_have_agreed_and_the_event_says_to_what(
    give: Give, start: datetime, codes: set[str], dee: Actor
) -> None:
    for others in ((), {"notice", "grid", "gives"}):
        with undone(), pytest.raises(Refused):
            give(dee, start, although=others)
    cleo = give(dee, start, although=frozenset(codes))
    row = cleo.appointments.occupying().get()
    assert (row.starts_at, set(row.stands_although.split())) == (start, codes)
    event = Event.objects.filter(request=cleo).latest("version")
    assert event.facts["although"] == sorted(codes)
    assert not off.in_doubt(NOW, zone()).exists(), "giving it was the decision"


def test_the_event_keeps_what_applies_and_what_was_said_to_be_against_it(dee: Actor) -> None:
    agreed = frozenset({"hours", "notice", "away", "nonsense"})
    cleo = _confirm(dee, at(30, 18, month=11), although=agreed)
    event = Event.objects.filter(request=cleo).latest("version")
    assert event.facts["although"] == ["hours", "notice"]
    ordinary = _confirm(dee, at(4, 10))
    assert "although" not in Event.objects.filter(request=ordinary).latest("version").facts


def test_a_new_reason_that_came_meanwhile_is_not_booked_over(dee: Actor) -> None:
    Closure.objects.create(first_day=date(2026, 12, 5), last_day=date(2026, 12, 5), name="Snow")
    with pytest.raises(SwitchedOff) as refused:
        _confirm(dee, SATURDAY, although={"hours"})
    assert refused.value.offs == ("closed",)
    with pytest.raises(Refused, match="working hours"):
        _confirm(dee, SATURDAY, although={"closed"})
    assert _confirm(dee, SATURDAY, although={"closed", "hours"}).status == Status.CONFIRMED


@EVERY_WAY
def test_never_over_somebody_else_and_staff_read_whose_it_is(give: Give, dee: Actor) -> None:
    other = _confirm(dee, SATURDAY, although={"hours"})
    everything = frozenset({"hours", "visit", "hold", "buffer", "past", "closed"})
    with pytest.raises(SlotTaken) as taken:
        give(dee, SATURDAY + timedelta(minutes=20), although=everything)
    assert f"{other.reference} has Sat 5 Dec 10:00 to 10:30." in str(taken.value)


def test_minutes_kept_free_after_a_visit_count_as_taken_and_are_said(dee: Actor) -> None:
    ConsultationType.objects.update(buffer_after=15)
    other = _confirm(dee, SATURDAY, although={"hours"})
    with pytest.raises(SlotTaken) as taken:
        _confirm(dee, at(5, 10, 40), although={"hours", "buffer"})
    assert f"{other.reference} has Sat 5 Dec 10:00 to 10:30, and 15 minutes after it are kept free." in str(
        taken.value
    )
    assert _confirm(dee, at(5, 10, 45), although={"hours"}).status == Status.CONFIRMED


@EVERY_WAY
@pytest.mark.parametrize("start", [NOW, NOW - timedelta(minutes=5)])
def test_never_in_the_past(give: Give, start: datetime, dee: Actor) -> None:
    with pytest.raises(Refused, match="still to come|has passed"):
        give(dee, start, although=frozenset({"hours", "past"}))


# --- the client's doors -----------------------------------------------------------------------------------------------


@EACH
def test_a_client_takes_what_staff_offered(start: datetime, codes: set[str], dee: Actor) -> None:
    cleo = _offer(dee, start, although=codes)
    [held] = cleo.appointments.held()
    cleo = reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=held.pk)
    assert cleo.status == Status.CONFIRMED
    assert cleo.appointments.booked().get().starts_at == start
    assert not off.in_doubt(NOW, zone()).exists()


def test_but_not_once_something_else_came_to_be_against_it(dee: Actor) -> None:
    cleo = _offer(dee, SATURDAY, although={"hours"})
    Closure.objects.create(first_day=date(2026, 12, 5), last_day=date(2026, 12, 5), name="Snow")
    with pytest.raises(SwitchedOff, match="closed"):
        reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=cleo.appointments.held().get().pk)


@EACH
def test_staff_confirm_or_offer_again_what_they_offered_without_being_asked_twice(
    start: datetime, codes: set[str], dee: Actor
) -> None:
    cleo = _offer(dee, start, although=codes)
    cleo = reply.offer(cleo, Origin(dee, NOW), slots=[slot(start), slot(at(4, 10))])
    assert reply.confirm(cleo, Origin(dee, NOW), slot=slot(start)).status == Status.CONFIRMED


@EACH
def test_a_client_asks_for_no_such_time_and_moves_to_none(
    start: datetime, codes: set[str], dee: Actor
) -> None:
    wanted = submission(start=start, practitioner_id=practitioner().pk)
    with pytest.raises((Refused, SlotTaken)):
        intake.submit(wanted, Origin(CLIENT, NOW))
    visiting = _confirm(dee, at(14, 10))
    with pytest.raises((Refused, SlotTaken)):
        visit.reschedule(visiting, Origin(CLIENT, NOW), slot=slot(start), although=frozenset(codes))
    # A visit that staff put there themselves opens no door either.
    moved = _move(dee, start, although=codes)
    with pytest.raises((Refused, SlotTaken)):
        visit.reschedule(moved, Origin(CLIENT, NOW), slot=slot(start + timedelta(minutes=30)))


def test_an_offer_that_is_over_gives_the_client_nothing(dee: Actor) -> None:
    cleo = _offer(dee, SATURDAY, although={"hours"})
    [held] = cleo.appointments.held()
    cleo = reply.offer(cleo, Origin(dee, NOW), slots=[slot(at(4, 10))])
    with pytest.raises(Refused, match="no longer held"):
        reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=held.pk)
    assert not Appointment.objects.booked().exists()


# --- what follows from a time off the grid ----------------------------------------------------------------------------


def test_a_visit_off_the_grid_takes_every_time_that_it_meets_and_no_other(dee: Actor) -> None:
    _confirm(dee, at(4, 10, 7), although={"grid"})
    wanted = Wanted(kind=consultation_type(), practitioner_id=practitioner().pk)
    starts = {one.start for one in slots.slots(wanted, now=NOW, first_day=date(2026, 12, 4), days=1)}
    assert at(4, 9, 30) in starts and at(4, 10, 45) in starts
    assert not starts & {at(4, 9, 45), at(4, 10), at(4, 10, 15), at(4, 10, 30)}
