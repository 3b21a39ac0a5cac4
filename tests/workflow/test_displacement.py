"""Ana cannot keep Cleo's visit: it is freed and Cleo is offered other times. Silence never closes what we took from her."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from pytest_django import Settings

from bookings import clock
from bookings.messages import render
from bookings.messages.kinds import untrue
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Undo
from bookings.states import CallOutcome, Status
from bookings.workflow import calls, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.displacement import displace, take_up
from bookings.workflow.errors import Conflict, NotAllowed, Refused, SlotTaken
from bookings.workflow.undo import undo
from tests.factories import CLIENT, CLOCK, NOW, at, in_state, practitioner, slot, staff, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def displaced(dee: Actor, *days: int, cleo: ConsultationRequest | None = None) -> ConsultationRequest:
    """Cleo has Thursday 3 December at 10, and is offered these days of December at 10 instead."""
    cleo = cleo or in_state(Status.CONFIRMED)
    return displace(cleo, Origin(dee, NOW), slots=[slot(at(day, 10)) for day in days])


def times_of(cleo: ConsultationRequest) -> list[tuple[str, int]]:
    rows = Appointment.objects.occupying().filter(request=cleo).order_by("starts_at")
    return [(row.state, row.starts_at.day) for row in rows]


def owed(cleo: ConsultationRequest) -> list[str]:
    return list(cleo.messages.filter(state="queued").order_by("pk").values_list("kind", flat=True))


def told(cleo: ConsultationRequest) -> None:
    """What was owed so far has gone."""
    cleo.messages.filter(state="queued").update(state="sent", sent_at=NOW, attempts=1)


# --- the visit goes, times come ---------------------------------------------------------------------------------------


def test_the_visit_is_freed_and_three_times_are_held_on_its_terms(dee: Actor) -> None:
    before = in_state(Status.CONFIRMED)
    agreed = before.appointments.booked().get().terms
    ConsultationType.objects.update(fee=9900, cutoff_hours=48)
    cleo = displaced(dee, 4, 8, 9, cleo=before)
    assert (cleo.status, cleo.displaced_at, cleo.promise_due_at) == ("offered", NOW, None)
    assert times_of(cleo) == [("held", 4), ("held", 8), ("held", 9)]
    assert {row.terms for row in cleo.appointments.held()} == {agreed}
    assert {row.held_until for row in cleo.appointments.held()} == {cleo.offer_expires_at}
    assert owed(cleo) == ["displaced"], "no reminder of the old visit, no confirmation"
    reply.confirm(submitted(start=None), Origin(dee, NOW), slot=slot(at(3, 10)))  # anybody may have it now


def test_the_mail_says_it_and_takes_the_old_time_out_of_their_calendar(dee: Actor) -> None:
    before = in_state(Status.CONFIRMED)
    cleo = displaced(dee, 4, 8, cleo=before)
    message = cleo.messages.get(kind="displaced")
    assert untrue(message, cleo, NOW) is None
    mail = render.render(message, now=NOW)
    assert "We must move Thursday 3 December, 10am" in mail.subject
    assert "we cannot see you on Thursday 3 December at 10am" in mail.text
    assert "Friday 4 December at 10am" in mail.text and "Tuesday 8 December at 10am" in mail.text
    assert "ill" not in mail.text.split()
    [file] = [
        part
        for part in message_from_bytes(mail.raw, policy=default).walk()
        if part.get_content_type() == "text/calendar"
    ]
    words = file.get_content()
    assert "METHOD:CANCEL" in words and "20261203T100000" in words
    assert f"SEQUENCE:{before.calendar_sequence + 1}" in words


def test_without_a_time_to_offer_it_is_new_and_the_promise_runs(dee: Actor) -> None:
    cleo = displaced(dee)
    assert (cleo.status, cleo.offer_expires_at) == ("new", None)
    assert cleo.promise_due_at is not None
    assert times_of(cleo) == []
    mail = render.render(cleo.messages.get(kind="displaced"), now=NOW)
    assert "We are looking for another time for you" in mail.text and "Choose" not in mail.text


def test_what_is_refused_changes_nothing(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    taken = reply.confirm(submitted(start=None), Origin(dee, NOW), slot=slot(at(8, 10)))
    for slots, error in (
        ([slot(at(day, 10)) for day in (4, 7, 9, 10)], Refused),
        ([slot(at(8, 10))], SlotTaken),
        ([slot(at(5, 10))], Refused),  # a Saturday
        ([slot(NOW - timedelta(hours=1))], Refused),
    ):
        with pytest.raises(error):
            displace(cleo, Origin(dee, NOW), slots=slots)
    with pytest.raises(Refused, match="begun"):
        displace(cleo, Origin(dee, at(3, 11)), slots=[slot(at(8, 11))])
    assert times_of(cleo) == [("booked", 3)] and times_of(taken) == [("booked", 8)]
    displaced(dee, 9, cleo=cleo)
    with pytest.raises(Conflict):
        displace(cleo, Origin(dee, NOW, cleo.version), slots=[slot(at(9, 10))])
    with pytest.raises(NotAllowed):
        displace(cleo, Origin(dee, NOW), slots=[slot(at(9, 10))])


# --- what follows -----------------------------------------------------------------------------------------------------


def test_she_takes_one_and_all_is_as_with_any_visit(dee: Actor) -> None:
    cleo = displaced(dee, 4, 8)
    told(cleo)
    chosen = cleo.appointments.held().get(starts_at=at(8, 10))
    cleo = reply.accept(cleo, Origin(CLIENT, SOON), appointment_id=chosen.pk)
    assert (cleo.status, cleo.displaced_at, times_of(cleo)) == ("confirmed", None, [("booked", 8)])
    assert owed(cleo) == ["confirmed", "reminder_48h", "reminder_2h"]


def test_unanswered_it_comes_back_to_us_and_never_lapses(dee: Actor) -> None:
    cleo = displaced(dee, 4, 8)
    told(cleo)
    late = at(10, 9)
    with pytest.raises(Refused):
        take_up(cleo, Origin(CLOCK, NOW))
    assert clock.tick(late)["taken_up"] == 1
    cleo.refresh_from_db()
    assert (cleo.status, cleo.follow_up_on) == ("new", at(10, 9).date())
    assert cleo.promise_due_at is not None and cleo.promise_due_at > late
    assert times_of(cleo) == [] and owed(cleo) == []
    # The same with whatever is offered or asked next, on the terms that were agreed.
    ConsultationType.objects.update(fee=9900)
    cleo = reply.offer(cleo, Origin(dee, late), slots=[slot(at(15, 10))])
    assert cleo.appointments.held().get().fee == 4000
    assert clock.tick(at(20, 9))["taken_up"] == 1
    cleo.refresh_from_db()
    cleo = reply.ask(cleo, Origin(dee, at(21, 9)), question="May we ring you?")
    cleo.messages.filter(kind="answer_reminder").update(state="sent", sent_at=at(28, 9))
    tick = clock.tick(at(31, 9))
    assert (tick["taken_up"], tick["lapsed"]) == (1, 0)
    cleo.refresh_from_db()
    assert reply.decline(cleo, Origin(dee, at(31, 10)), reason="unreachable").displaced_at is None


def test_a_plain_offer_still_lapses_and_is_not_taken_up() -> None:
    cleo = in_state(Status.OFFERED)
    with pytest.raises(Refused):
        take_up(cleo, Origin(CLOCK, at(20, 9)))
    tick = clock.tick(at(20, 9))
    assert (tick["taken_up"], tick["lapsed"]) == (0, 1)


# --- before she has heard ---------------------------------------------------------------------------------------------


@pytest.fixture
def three_minutes(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3


@pytest.mark.usefixtures("three_minutes")
def test_other_times_or_a_booking_within_three_minutes_are_one_mail(dee: Actor) -> None:
    known = in_state(Status.CONFIRMED)
    told(known)
    Undo.objects.all().delete()
    cleo = reply.offer(displaced(dee, 4, cleo=known), Origin(dee, SOON), slots=[slot(at(9, 10))])
    assert owed(cleo) == ["displaced"]
    text = render.render(cleo.messages.get(kind="displaced", state="queued"), now=SOON).text
    assert "Thursday 3 December" in text and "Wednesday 9 December" in text and "4 December" not in text
    cleo = reply.confirm(cleo, Origin(dee, SOON), slot=slot(at(10, 10)))
    assert owed(cleo) == ["changed", "reminder_48h", "reminder_2h"]
    assert (
        "Instead of: Thursday 3 December" in render.render(cleo.messages.get(kind="changed"), now=SOON).text
    )


@pytest.mark.usefixtures("three_minutes")
def test_who_never_heard_of_the_visit_is_only_offered_times(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    assert owed(displaced(dee, 9, cleo=cleo)) == ["offered"]


@pytest.mark.usefixtures("three_minutes")
def test_declined_before_she_heard_she_still_hears_that_the_visit_is_gone(dee: Actor) -> None:
    known = in_state(Status.CONFIRMED)
    told(known)
    Undo.objects.all().delete()
    cleo = reply.decline(displaced(dee, 4, cleo=known), Origin(dee, SOON), reason="refer_gp")
    assert sorted(owed(cleo)) == ["cancelled", "declined"]


@pytest.mark.usefixtures("three_minutes")
def test_taken_back_the_visit_is_hers_unless_somebody_has_its_time(dee: Actor) -> None:
    known = in_state(Status.CONFIRMED)
    told(known)
    Undo.objects.all().delete()
    cleo = undo(displaced(dee, 4, 8, cleo=known), Origin(dee, SOON))
    assert (cleo.status, cleo.displaced_at, times_of(cleo), owed(cleo)) == (
        "confirmed",
        None,
        [("booked", 3)],
        [],
    )
    cleo = displace(cleo, Origin(dee, NOW), slots=[slot(at(8, 10))])
    reply.confirm(submitted(start=None), Origin(dee, NOW), slot=slot(at(3, 10)))
    with pytest.raises(Refused, match="cannot be held again"):
        undo(cleo, Origin(dee, SOON))


def test_a_client_without_an_address_is_a_call_to_make(dee: Actor) -> None:
    known = in_state(Status.CONFIRMED, phone="+441632960001")
    ConsultationRequest.objects.update(phone_only=True)
    known.refresh_from_db()
    cleo = displaced(dee, 4, cleo=known)
    assert cleo.messages.get(kind="displaced").state == "to_call"
    calls.call(cleo, Origin(dee, SOON), outcome=CallOutcome.SPOKE)
    assert cleo.messages.get(kind="displaced").state == "told"


def test_the_client_who_cancelled_first_wins(dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    practitioner("Bo Berg")
    visit.cancel(cleo, Origin(CLIENT, NOW, cleo.version))
    with pytest.raises(Conflict):
        displace(cleo, Origin(dee, NOW, cleo.version), slots=[slot(at(8, 10))])
    assert times_of(cleo) == []
