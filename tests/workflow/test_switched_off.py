"""What was switched off or closed cannot be booked from an open page or offer; a booked visit waits for a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from bookings.models import Closure, ConsultationRequest, ConsultationType, Practitioner, TimeOff
from bookings.queries import off
from bookings.queries.clinic import zone
from bookings.states import Status
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused, SlotTaken, SwitchedOff
from tests.factories import (
    CLIENT,
    NOW,
    at,
    concern,
    consultation_type,
    in_state,
    practitioner,
    profile,
    slot,
    staff,
    submission,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def ana_off() -> None:
    Practitioner.objects.filter(name="Ana Lind").update(is_active=False)


def kind_off() -> None:
    ConsultationType.objects.update(is_active=False)


def kind_given_up() -> None:
    practitioner().consultation_types.clear()


def concern_given_up() -> None:
    practitioner().concerns.set([concern("keloid")])


def day_closed() -> None:
    """The days of the visit (3rd) and of the offers (4th), and the 8th."""
    for day in (3, 4, 8):
        Closure.objects.create(first_day=date(2026, 12, day), last_day=date(2026, 12, day), name="Snow")


def ana_away() -> None:
    TimeOff.objects.create(practitioner=practitioner(), starts_at=at(3, 0), ends_at=at(9, 0))


Switch = Callable[[], None]
OFF: dict[Switch, str] = {
    ana_off: "Ana Lind is not available any more.",
    kind_off: "“First consultation” is not offered any more.",
    kind_given_up: "Ana Lind does not give “First consultation” any more.",
    concern_given_up: "Ana Lind does not see everything that this request is about.",
    day_closed: "The clinic is closed on",
    ana_away: "Ana Lind is away on",
}
EACH = pytest.mark.parametrize("switch", list(OFF), ids=lambda switch: switch.__name__)
# Staff judge concerns themselves.
NOT_THEIRS = pytest.mark.parametrize(
    "switch", [s for s in OFF if s is not concern_given_up], ids=lambda switch: switch.__name__
)


def unchanged(cleo: ConsultationRequest) -> bool:
    stored = ConsultationRequest.objects.get(pk=cleo.pk)
    return (stored.status, stored.version) == (cleo.status, cleo.version)


# --- offers, confirmations, moves, new requests -----------------------------------------------------------------------


@EACH
def test_an_offer_that_is_out_cannot_be_accepted_and_the_client_reads_why(switch: Switch) -> None:
    cleo = in_state(Status.OFFERED)
    offered = cleo.appointments.held().first()
    assert offered is not None
    switch()
    with pytest.raises(SwitchedOff) as refused:
        reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=offered.pk)
    assert OFF[switch] in str(refused.value)
    assert "You can ask for other times" in str(refused.value)
    assert unchanged(cleo)
    cleo = reply.ask_other_times(cleo, Origin(CLIENT, NOW), windows=[(0, "morning")])
    assert cleo.status == Status.NEW


@NOT_THEIRS
def test_staff_can_neither_confirm_nor_offer_it(switch: Switch, dee: Actor) -> None:
    cleo = submitted()
    switch()
    with pytest.raises(SwitchedOff, match=OFF[switch]):
        reply.confirm(cleo, Origin(dee, NOW))
    with pytest.raises(SwitchedOff, match=OFF[switch]):
        reply.offer(cleo, Origin(dee, NOW), slots=[slot(at(8, 10))])
    assert unchanged(cleo)


def test_staff_may_book_somebody_who_does_not_see_all_of_it_and_are_not_asked_about_it(dee: Actor) -> None:
    cleo = submitted(start=None)
    concern_given_up()
    cleo = reply.confirm(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    held = reply.confirm(submitted_before_ana_gave_up(), Origin(dee, NOW))
    assert held.status == Status.CONFIRMED
    assert not off.in_doubt(NOW, zone()).exists()


def submitted_before_ana_gave_up() -> ConsultationRequest:
    practitioner().concerns.clear()
    cleo = submitted(practitioner_id=practitioner().pk)
    concern_given_up()
    return cleo


@NOT_THEIRS
def test_a_visit_moves_to_nothing_that_is_switched_off(switch: Switch, dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    switch()
    with pytest.raises((SwitchedOff, SlotTaken)) as refused:
        visit.reschedule(cleo, Origin(CLIENT, NOW), slot=slot(at(8, 10)))
    assert OFF[switch] in str(refused.value)
    if switch is not kind_off:
        with pytest.raises(SwitchedOff, match=OFF[switch]):
            visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    assert unchanged(cleo)


def test_staff_may_move_a_visit_whose_kind_is_no_longer_offered(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    kind_off()
    cleo = visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(8, 10)))
    assert cleo.appointments.booked().get().starts_at == at(8, 10)
    assert not off.in_doubt(NOW, zone()).exists(), "moving it was the decision"


@EACH
@pytest.mark.parametrize("start", [at(8, 10), None], ids=["a time", "windows"])
def test_a_request_for_it_is_refused_in_words_and_not_as_taken(
    switch: Switch, start: datetime | None
) -> None:
    practitioner("Bo Reyes")
    submitted(start=None)
    wanted = submission(start=start, practitioner_id=practitioner().pk, windows=((0, "morning"),))
    switch()
    if start is None and switch in (day_closed, ana_away):
        assert intake.submit(wanted, Origin(CLIENT, NOW)).status == Status.NEW
        return
    with pytest.raises(SwitchedOff) as refused:
        intake.submit(wanted, Origin(CLIENT, NOW))
    assert OFF[switch] in str(refused.value)
    assert ConsultationRequest.objects.count() == 1


def test_whoever_trips_a_bot_guard_is_told_nothing() -> None:
    wanted = submission(start=None, windows=((0, "morning"),))
    kind_off()
    assert intake.submit(wanted, Origin(CLIENT, NOW), suspicion="honeypot").status == Status.SUSPECTED


# --- booked visits ----------------------------------------------------------------------------------------------------


@EACH
def test_a_booked_visit_waits_for_a_decision_until_it_is_kept(switch: Switch, dee: Actor) -> None:
    cleo, other = in_state(Status.CONFIRMED), in_state(Status.CONFIRMED, start=at(21, 14))
    assert not off.in_doubt(NOW, zone()).exists()
    other.appointments.update(practitioner=practitioner("Bo Reyes", kind=consultation_type(name="Other")))
    other.appointments.update(consultation_type=consultation_type(name="Other"))
    switch()
    if switch is kind_off:
        ConsultationType.objects.filter(name="Other").update(is_active=True)
    assert [a.request for a in off.in_doubt(NOW, zone())] == [cleo]
    queued = cleo.messages.count()
    cleo = visit.let_stand(cleo, Origin(dee, NOW))
    assert not off.in_doubt(NOW, zone()).exists()
    assert cleo.status == Status.CONFIRMED
    assert cleo.messages.count() == queued, "nobody is mailed"
    with pytest.raises(Refused, match="There is nothing wrong with"):
        visit.let_stand(cleo, Origin(dee, NOW))


def test_what_is_switched_off_later_asks_again(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    ana_off()
    visit.let_stand(cleo, Origin(dee, NOW))
    day_closed()
    [waiting] = off.in_doubt(NOW, zone())
    assert off.against([waiting.pk], zone()) == {waiting.pk: [off.Off.CLOSED]}


def test_a_visit_that_was_moved_or_cancelled_or_has_begun_waits_no_longer(dee: Actor) -> None:
    moved, cancelled, begun = (in_state(Status.CONFIRMED, start=at(3, hour)) for hour in (10, 11, 12))
    practitioner("Bo Reyes")
    ana_off()
    assert off.in_doubt(NOW, zone()).count() == 3
    visit.reschedule(moved, Origin(dee, NOW), slot=slot(at(8, 10), by=practitioner("Bo Reyes")))
    visit.cancel(cancelled, Origin(dee, NOW))
    assert [a.request for a in off.in_doubt(NOW, zone())] == [begun]
    assert not off.in_doubt(at(3, 12), zone()).exists()


def test_the_day_is_the_clinics_own() -> None:
    """At 23:30 on the 3rd in New York it is the 4th in UTC."""
    cleo = in_state(Status.CONFIRMED)
    profile(time_zone="America/New_York")
    cleo.appointments.update(
        starts_at=at(4, 4, 30),
        ends_at=at(4, 5),
        blocks_from=at(4, 4, 30),
        blocks_until=at(4, 5),
        stands_although="hours",
    )
    Closure.objects.create(first_day=date(2026, 12, 4), last_day=date(2026, 12, 4), name="Snow")
    assert not off.in_doubt(NOW, zone()).exists()
    Closure.objects.update(first_day=date(2026, 12, 3), last_day=date(2026, 12, 3))
    assert off.in_doubt(NOW, zone()).exists()
