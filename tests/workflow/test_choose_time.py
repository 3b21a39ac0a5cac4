"""While nobody has answered, a client may wish for another time: it is held instead of the one before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Appointment, ConsultationRequest
from bookings.workflow import intake, reply, wish
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused, SlotTaken
from tests.factories import CLIENT, NOW, at, rules, slot, staff, submitted, undone

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def held(cleo: ConsultationRequest) -> Appointment:
    return Appointment.objects.held().get(request=cleo)


def test_another_time_is_held_instead_and_the_promise_is_only_ever_sooner() -> None:
    cleo = intake.prove(submitted(start=at(8, 10)), Origin(CLIENT, NOW))
    due = cleo.promise_due_at
    cleo = wish.choose_time(cleo, Origin(CLIENT, NOW), slot=slot(at(9, 11)))
    assert (cleo.status, cleo.wished_start, cleo.promise_due_at) == ("new", at(9, 11), due)
    assert held(cleo).starts_at == at(9, 11)
    assert held(cleo).held_until == cleo.hold_until
    assert due is not None and cleo.hold_until is not None and cleo.hold_until > due
    near = wish.choose_time(cleo, Origin(CLIENT, NOW), slot=slot(at(1, 11)))
    assert near.promise_due_at is not None and near.promise_due_at < min(due, at(1, 11))
    assert near.hold_until == at(1, 11) == held(near).starts_at
    far = wish.choose_time(near, Origin(CLIENT, NOW), slot=slot(at(9, 11)))
    assert far.promise_due_at == near.promise_due_at


def test_a_time_that_overlaps_the_one_before_can_be_chosen_and_a_taken_one_leaves_all_as_it_was() -> None:
    cleo = intake.prove(submitted(start=at(8, 10)), Origin(CLIENT, NOW))
    cleo = wish.choose_time(cleo, Origin(CLIENT, NOW), slot=slot(at(8, 10, 15)))
    assert held(cleo).starts_at == at(8, 10, 15)
    submitted(start=at(9, 10), email="other@example.org")
    with pytest.raises(SlotTaken):
        wish.choose_time(cleo, Origin(CLIENT, NOW), slot=slot(at(9, 10)))
    cleo.refresh_from_db()
    assert (cleo.wished_start, held(cleo).starts_at) == (at(8, 10, 15), at(8, 10, 15))


def test_what_is_asked_meanwhile_stays_asked_and_too_many_holds_stay_two() -> None:
    rules(holds_per_address=1)
    cleo = intake.prove(submitted(start=at(8, 10)), Origin(CLIENT, NOW))
    cleo = reply.ask(cleo, Origin(Actor.staff(staff()), NOW), question="Do you come by car?")
    with undone():
        waiting = wish.choose_time(cleo, Origin(CLIENT, NOW), slot=slot(at(9, 11)))
        assert (waiting.status, waiting.promise_due_at) == ("waiting", None)
        assert held(waiting).starts_at == at(9, 11)
    ConsultationRequest.objects.filter(pk=cleo.pk).update(displaced_at=NOW)
    cleo.refresh_from_db()
    with pytest.raises(Refused):
        wish.choose_time(cleo, Origin(CLIENT, NOW + timedelta(minutes=1)), slot=slot(at(9, 11)))
    second = submitted(start=at(10, 10), email=cleo.email)  # its mailbox holds one already
    second = wish.choose_time(
        intake.prove(second, Origin(CLIENT, NOW)), Origin(CLIENT, NOW), slot=slot(at(11, 10))
    )
    assert (second.wished_start, second.hold_until) == (at(11, 10), None)
    assert not Appointment.objects.held().filter(request=second).exists()
