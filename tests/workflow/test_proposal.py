"""Another time is proposed for a booked visit: both are held until Cleo takes it, keeps hers, or says nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import clock
from bookings.messages.kinds import untrue
from bookings.models import Appointment, ConsultationRequest, Practitioner, TimeOff
from bookings.states import Who
from bookings.workflow import attendance, desk, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, NotAllowed, Refused, SlotTaken, SwitchedOff
from bookings.workflow.proposal import accept_move, keep, propose_move
from tests.factories import CLIENT, CLOCK, NOW, at, in_state, practitioner, slot, staff, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Two working days of eight hours from Monday at 9.
END = at(1, 17)


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def proposed(dee: Actor, note: str = "") -> ConsultationRequest:
    """Cleo has Thursday 3 December at 10, and is asked for Tuesday 8 December at 10."""
    cleo = in_state("confirmed")
    return propose_move(cleo, Origin(dee, NOW), slot=slot(at(8, 10)), note=note)


def times_of(cleo: ConsultationRequest) -> list[tuple[str, int]]:
    rows = Appointment.objects.occupying().filter(request=cleo).order_by("starts_at")
    return [(row.state, row.starts_at.day) for row in rows]


def owed(cleo: ConsultationRequest) -> list[str]:
    return list(cleo.messages.filter(state="queued").order_by("pk").values_list("kind", flat=True))


# --- proposed ---------------------------------------------------------------------------------------------------------


def test_both_times_are_held_and_nothing_else_changes(dee: Actor) -> None:
    before = in_state("confirmed")
    cleo = propose_move(before, Origin(dee, NOW), slot=slot(at(8, 10)))
    assert times_of(cleo) == [("booked", 3), ("held", 8)]
    assert cleo.calendar_sequence == before.calendar_sequence
    held = cleo.appointments.held().get()
    assert (held.is_offer, held.terms) == (True, cleo.appointments.booked().get().terms)
    assert owed(cleo) == ["confirmed", "reminder_48h", "reminder_2h", "move_proposed"]
    event = cleo.events.latest("version")
    assert event.facts["start"] == at(8, 10).isoformat()
    with pytest.raises(SlotTaken):
        reply.confirm(submitted(start=None), Origin(dee, NOW), slot=slot(at(8, 10)))


def test_it_ends_like_an_offer_and_never_after_the_visit_begins(dee: Actor) -> None:
    held = proposed(dee).appointments.held().get()
    assert held.held_until == END
    late = in_state("confirmed", start=at(4, 10))
    propose_move(late, Origin(dee, at(4, 9)), slot=slot(at(9, 10)))
    assert late.appointments.held().get().held_until == at(4, 10)


def test_another_proposal_takes_the_place_of_the_first(dee: Actor) -> None:
    cleo = propose_move(proposed(dee), Origin(dee, NOW), slot=slot(at(9, 10)))
    assert times_of(cleo) == [("booked", 3), ("held", 9)]
    assert owed(cleo).count("move_proposed") == 1


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_a_time_that_overlaps_the_visit_itself_is_refused(dee: Actor, minutes: int) -> None:
    cleo = in_state("confirmed")
    with pytest.raises(Refused, match="overlaps the visit as it is"):
        propose_move(cleo, Origin(dee, NOW), slot=slot(at(3, 10) + timedelta(minutes=minutes)))
    assert times_of(cleo) == [("booked", 3)]


def test_the_same_moment_with_somebody_else_can_be_proposed(dee: Actor) -> None:
    cleo, bo = in_state("confirmed"), practitioner("Bo Quist")
    propose_move(cleo, Origin(dee, NOW), slot=slot(at(3, 10), by=bo))
    assert times_of(cleo) == [("booked", 3), ("held", 3)]


def test_a_time_that_somebody_has_and_one_that_is_past(dee: Actor) -> None:
    cleo = in_state("confirmed")
    reply.confirm(submitted(start=None), Origin(dee, NOW), slot=slot(at(8, 10)))
    with pytest.raises(SlotTaken):
        propose_move(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    with pytest.raises(Refused, match="still to come"):
        propose_move(cleo, Origin(dee, at(3, 11)), slot=slot(at(8, 10)))


def test_a_client_cannot_propose(dee: Actor) -> None:
    with pytest.raises(NotAllowed):
        propose_move(in_state("confirmed"), Origin(CLIENT, NOW), slot=slot(at(8, 10)))


# --- answered ---------------------------------------------------------------------------------------------------------


def test_taken_the_visit_moves_with_one_mail_and_a_newer_calendar_file(dee: Actor) -> None:
    before = proposed(dee)
    cleo = accept_move(before, Origin(CLIENT, NOW))
    assert times_of(cleo) == [("booked", 8)]
    assert cleo.calendar_sequence == before.calendar_sequence + 1
    assert owed(cleo) == ["changed", "reminder_48h", "reminder_2h"]
    mail = cleo.messages.get(kind="changed")
    assert (mail.not_before, mail.facts["old_start"]) == (NOW, at(3, 10).isoformat())


def test_it_can_be_taken_after_the_cut_off_of_the_visit(dee: Actor) -> None:
    cleo = in_state("confirmed", start=at(1, 10))
    cleo = propose_move(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    assert not cleo.appointments.booked().get().can_be_changed_by_client(at(1, 9))
    assert times_of(accept_move(cleo, Origin(CLIENT, at(1, 9)))) == [("booked", 8)]


def test_kept_the_proposal_is_free_and_the_desk_comes_back_to_it(dee: Actor) -> None:
    cleo = keep(proposed(dee), Origin(CLIENT, NOW))
    assert times_of(cleo) == [("booked", 3)]
    assert owed(cleo) == ["confirmed", "reminder_48h", "reminder_2h"]
    assert cleo.follow_up_on == NOW.date()


def test_withdrawn_by_staff_nobody_has_to_come_back(dee: Actor) -> None:
    cleo = keep(proposed(dee), Origin(dee, NOW))
    assert times_of(cleo) == [("booked", 3)]
    assert cleo.follow_up_on is None


def test_unanswered_the_clock_frees_it_and_nothing_else_changes(dee: Actor) -> None:
    cleo = proposed(dee)
    clock.tick(END - timedelta(seconds=1))
    assert times_of(cleo) == [("booked", 3), ("held", 8)]
    clock.tick(END)
    cleo.refresh_from_db()
    assert times_of(cleo) == [("booked", 3)]
    last = cleo.events.latest("version")
    assert (cleo.status, last.verb, last.actor_kind, last.reason) == (
        "confirmed",
        "keep",
        Who.CLOCK,
        "no_answer",
    )
    assert cleo.follow_up_on == END.date()


def test_the_clock_does_not_come_early(dee: Actor) -> None:
    with pytest.raises(Refused, match="not over yet"):
        keep(proposed(dee), Origin(CLOCK, END - timedelta(seconds=1)))


def test_when_the_hold_is_over_it_cannot_be_taken(dee: Actor) -> None:
    cleo = proposed(dee)
    with pytest.raises(Refused, match="no longer held"):
        accept_move(cleo, Origin(CLIENT, END))
    assert times_of(cleo) == [("booked", 3), ("held", 8)], "the clock frees it"


def test_without_a_proposal_there_is_nothing_to_take_or_keep() -> None:
    cleo = in_state("confirmed")
    for verb in (accept_move, keep):
        with pytest.raises(Refused):
            verb(cleo, Origin(CLIENT, NOW))
    assert times_of(cleo) == [("booked", 3)]


def test_only_one_of_two_answers_counts(dee: Actor) -> None:
    cleo = proposed(dee)
    keep(cleo, Origin(CLIENT, NOW, cleo.version))
    with pytest.raises(Conflict):
        accept_move(cleo, Origin(CLIENT, NOW, cleo.version))


def test_a_time_that_was_switched_off_meanwhile_cannot_be_taken(dee: Actor) -> None:
    cleo = proposed(dee)
    message = cleo.messages.get(kind="move_proposed")
    assert untrue(message, cleo, NOW) is None
    TimeOff.objects.create(practitioner=Practitioner.objects.get(), starts_at=at(8, 9), ends_at=at(8, 17))
    with pytest.raises(SwitchedOff, match="Your consultation stays as it is"):
        accept_move(cleo, Origin(CLIENT, NOW))
    assert times_of(cleo) == [("booked", 3), ("held", 8)]
    assert untrue(message, cleo, NOW) == "What was proposed was switched off or closed."


# --- what else frees it -----------------------------------------------------------------------------------------------


def test_a_move_a_cancellation_and_the_visit_itself_free_it(dee: Actor) -> None:
    moved = visit.reschedule(proposed(dee), Origin(CLIENT, NOW), slot=slot(at(9, 10)))
    assert times_of(moved) == [("booked", 9)]
    assert "move_proposed" not in owed(moved)


def test_a_cancellation_frees_both(dee: Actor) -> None:
    cleo = visit.cancel(proposed(dee), Origin(dee, NOW), reason="clinical")
    assert times_of(cleo) == []
    assert owed(cleo) == ["cancelled"]


def test_a_visit_that_begins_frees_it(dee: Actor) -> None:
    cleo = attendance.attend(proposed(dee), Origin(dee, at(3, 10)))
    assert times_of(cleo) == [("booked", 3)]


def test_what_has_nothing_to_do_with_it_leaves_it(dee: Actor) -> None:
    cleo = desk.note(proposed(dee), Origin(dee, NOW), text="Rang.")
    assert times_of(cleo) == [("booked", 3), ("held", 8)]
