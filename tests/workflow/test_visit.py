"""A confirmed visit is moved or cancelled; the calendar and the reminders follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import ConsultationRequest, Message
from bookings.states import Status
from bookings.workflow import visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused, SlotTaken
from tests.factories import CLIENT, NOW, at, in_state, slot, staff, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def waiting(cleo: ConsultationRequest) -> dict[str, object]:
    return dict(Message.objects.filter(request=cleo, state="queued").values_list("kind", "not_before"))


def test_moving_frees_the_old_time_and_moves_the_reminders() -> None:
    cleo = in_state(Status.CONFIRMED)  # Thursday 3 December, 10:00
    cleo = visit.reschedule(cleo, Origin(CLIENT, NOW), slot=slot(at(8, 11)))
    assert [a.starts_at for a in cleo.appointments.occupying()] == [at(8, 11)]
    assert cleo.calendar_sequence == 2
    assert waiting(cleo) == {
        "changed": NOW,
        "reminder_48h": at(6, 11),
        "reminder_2h": at(8, 9),
    }
    submitted(start=at(3, 10))  # somebody else takes the old time


def test_a_visit_can_be_moved_by_a_quarter_of_an_hour() -> None:
    """The new time overlaps the old one of the same visit."""
    cleo = visit.reschedule(in_state(Status.CONFIRMED), Origin(CLIENT, NOW), slot=slot(at(3, 10, 15)))
    assert cleo.appointments.booked().get().starts_at == at(3, 10, 15)


def test_moving_to_a_taken_time_leaves_the_visit_where_it_was() -> None:
    cleo = in_state(Status.CONFIRMED)
    submitted(start=at(8, 11))
    with pytest.raises(SlotTaken):
        visit.reschedule(cleo, Origin(CLIENT, NOW), slot=slot(at(8, 11)))
    cleo.refresh_from_db()
    assert cleo.appointments.booked().get().starts_at == at(3, 10)
    assert cleo.calendar_sequence == 1


def test_after_the_cut_off_the_client_has_to_call_and_staff_still_can(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    late = at(2, 10) + timedelta(seconds=1)
    with pytest.raises(Refused, match="too late"):
        visit.reschedule(cleo, Origin(CLIENT, late), slot=slot(at(8, 11)))
    with pytest.raises(Refused, match="too late"):
        visit.cancel(cleo, Origin(CLIENT, late))
    cleo = visit.reschedule(cleo, Origin(dee, late), slot=slot(at(8, 11)))
    assert cleo.appointments.booked().get().starts_at == at(8, 11)


def test_clients_move_to_offered_times_only() -> None:
    cleo = in_state(Status.CONFIRMED)
    with pytest.raises(SlotTaken):
        visit.reschedule(cleo, Origin(CLIENT, NOW), slot=slot(at(8, 20)))


def test_cancelling_drops_the_reminders_and_tells_the_calendar() -> None:
    cleo = visit.cancel(in_state(Status.CONFIRMED), Origin(CLIENT, NOW), text="I am moving away.")
    assert not cleo.appointments.occupying().exists()
    assert list(waiting(cleo)) == ["cancelled"]
    message = cleo.messages.get(kind="cancelled")
    assert message.facts["sequence"] == cleo.calendar_sequence == 2
    assert message.note is None, "the client's own words do not travel by mail"
    assert cleo.notes.get(kind="reason").body == "I am moving away."
