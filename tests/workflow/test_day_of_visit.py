"""On the day of a visit the desk says where the client is and what became of it, and takes back what was a mistake."""

from __future__ import annotations

from datetime import datetime

import pytest

from bookings.models import Appointment, ConsultationRequest, Message
from bookings.queries import marks
from bookings.states import Status
from bookings.workflow import attendance
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import NotAllowed, Refused
from tests.factories import LONDON, NOW, at, in_state, staff

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


@pytest.fixture
def mia() -> Actor:
    """A manager."""
    return Actor.staff(staff("Mia Stone", "bookings.correct_late"))


def visit_of(cleo: ConsultationRequest) -> Appointment:
    return cleo.appointments.booked().get()


def test_she_is_late_then_here_and_nobody_is_mailed(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)  # Thursday 3 December, 10:00
    mails = Message.objects.count()
    cleo = attendance.late(cleo, Origin(dee, at(3, 8, 50)), minutes=10, word="She comes by bus.")
    row, note = visit_of(cleo), cleo.notes.get()
    assert (row.late_at, row.late_minutes) == (at(3, 8, 50), 10)
    assert (note.body, note.kind, note.about_health) == ("She comes by bus.", "internal", False)
    assert "bus" not in str(cleo.events.latest("version").facts)
    cleo = attendance.late(cleo, Origin(dee, at(3, 9, 55)))
    assert visit_of(cleo).late_minutes is None, "what was said last holds"
    cleo = attendance.arrive(cleo, Origin(dee, at(3, 10, 5)))
    assert (cleo.status, visit_of(cleo).arrived_at) == (Status.CONFIRMED, at(3, 10, 5))
    assert Message.objects.count() == mails
    for verb in (attendance.arrive, attendance.late):
        with pytest.raises(Refused, match="here already"):
            verb(cleo, Origin(dee, at(3, 10, 6)))


def test_what_was_marked_last_is_taken_back(dee: Actor) -> None:
    cleo = attendance.late(in_state(Status.CONFIRMED), Origin(dee, at(3, 9)), minutes=20)
    cleo = attendance.arrive(cleo, Origin(dee, at(3, 10)))
    cleo = attendance.expect(cleo, Origin(dee, at(3, 10, 1)))
    assert (visit_of(cleo).arrived_at, visit_of(cleo).late_minutes) == (None, 20)
    cleo = attendance.expect(cleo, Origin(dee, at(3, 10, 2)))
    assert (visit_of(cleo).late_at, visit_of(cleo).late_minutes) == (None, None)
    with pytest.raises(Refused, match="expected already"):
        attendance.expect(cleo, Origin(dee, at(3, 10, 3)))


def test_only_on_the_day_and_nobody_is_late_for_what_is_over(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    for verb in (attendance.arrive, attendance.late):
        for moment in (at(2, 23, 59), at(4, 0)):
            with pytest.raises(Refused, match="on the day"):
                verb(cleo, Origin(dee, moment))
    with pytest.raises(Refused, match="over"):
        attendance.late(cleo, Origin(dee, at(3, 10, 30)))
    for minutes in (0, -5, 241):
        with pytest.raises(Refused, match="1 to 240"):
            attendance.late(cleo, Origin(dee, at(3, 9)), minutes=minutes)
    Appointment.objects.update(mode="phone")
    with pytest.raises(Refused, match="We ring them"):
        attendance.arrive(cleo, Origin(dee, at(3, 9)))


def test_attended_from_a_quarter_of_an_hour_before(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    with pytest.raises(Refused):
        attendance.attend(cleo, Origin(dee, at(3, 9, 44)))
    assert attendance.attend(cleo, Origin(dee, at(3, 9, 45))).status == Status.ATTENDED


@pytest.mark.parametrize("verb", [attendance.correct, attendance.unmark])
def test_a_mistake_is_put_right_the_same_day_and_later_by_a_manager(
    dee: Actor, mia: Actor, verb: object
) -> None:
    assert callable(verb)
    cleo, meant = in_state(Status.NO_SHOW), "attended" if verb is attendance.correct else "confirmed"
    with pytest.raises(Refused, match="only a manager"):
        verb(cleo, Origin(dee, at(4, 9)))
    assert verb(cleo, Origin(mia, at(4, 9))).status == meant
    other = in_state(Status.NO_SHOW, start=at(3, 11))
    assert verb(other, Origin(dee, at(3, 23))).status == meant


def test_whoever_marked_it_on_a_later_day_takes_that_back_on_that_day(dee: Actor, mia: Actor) -> None:
    cleo = attendance.miss(in_state(Status.CONFIRMED), Origin(dee, at(4, 9)))
    with pytest.raises(Refused, match="whoever marked it"):
        attendance.unmark(cleo, Origin(Actor.staff(staff("Sam Roe")), at(4, 9, 1)))
    with pytest.raises(Refused, match="on the day on which they did"):
        attendance.unmark(cleo, Origin(dee, at(5, 0, 1)))
    cleo = attendance.correct(cleo, Origin(dee, at(4, 9, 2)))
    cleo = attendance.unmark(cleo, Origin(dee, at(4, 9, 3)))
    assert cleo.status == Status.CONFIRMED
    cleo = attendance.attend(cleo, Origin(dee, at(4, 9, 4)))
    cleo = attendance.correct(cleo, Origin(mia, at(4, 10)))
    with pytest.raises(Refused, match="only a manager"):
        attendance.unmark(cleo, Origin(dee, at(4, 10, 1)))


def test_a_visit_marked_by_mistake_is_as_it_was_before(dee: Actor) -> None:
    """Booked, not closed, still here, and marked again if it comes to that. Reminders that were too late stay away."""
    cleo = attendance.arrive(in_state(Status.CONFIRMED), Origin(dee, at(3, 9, 50)))
    owed = cleo.messages.exclude(state="dropped").count()
    cleo = attendance.attend(cleo, Origin(dee, at(3, 9, 55)))
    cleo = attendance.unmark(cleo, Origin(dee, at(3, 9, 56)))
    assert (cleo.status, cleo.closed_at, visit_of(cleo).arrived_at) == ("confirmed", None, at(3, 9, 50))
    assert cleo.messages.filter(kind__startswith="reminder").exclude(state="dropped").count() == 0
    assert cleo.messages.exclude(state="dropped").count() == owed - 2
    with pytest.raises(NotAllowed):
        attendance.unmark(cleo, Origin(dee, at(3, 9, 57)))
    assert attendance.miss(cleo, Origin(dee, at(3, 10))).status == Status.NO_SHOW


def test_buttons_are_drawn_for_what_may_be_marked_now_and_for_nothing_else(dee: Actor) -> None:
    """The rule that the verbs ask is the one that the pages ask."""
    cleo = in_state(Status.CONFIRMED)

    def drawn(now: datetime, *, corrects: bool = False, status: str = "confirmed") -> str:
        row = visit_of(cleo)
        return " ".join(marks.possible(status, row, now, LONDON, corrects=corrects))

    assert drawn(NOW) == ""
    assert drawn(at(3, 9)) == "arrive late"
    assert drawn(at(3, 9, 45)) == "arrive attend miss late"
    assert drawn(at(3, 11)) == "arrive attend miss"
    assert drawn(at(4, 9)) == "attend miss"
    assert drawn(at(3, 11), status="attended") == drawn(at(9, 9), status="no_show", corrects=True)
    assert drawn(at(3, 11), status="attended") == "correct unmark"
    assert drawn(at(4, 9), status="attended") == ""
    attendance.arrive(cleo, Origin(dee, at(3, 9)))
    assert drawn(at(3, 9, 45)) == "attend miss expect"
