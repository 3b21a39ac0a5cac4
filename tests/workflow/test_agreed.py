"""What was agreed stays: editing a type, its fee or the clinic's currency changes nothing that people already have."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bookings.messages import calendar_file, render, visits
from bookings.models import Appointment, ConsultationRequest, ConsultationType
from bookings.states import Status
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from content.models import ClinicProfile
from tests.client import walk
from tests.factories import (
    CLIENT,
    NOW,
    at,
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


def dearer_by_video() -> None:
    """What an owner may do to a type one morning."""
    ConsultationType.objects.update(
        fee=9900, mode="video", cutoff_hours=400, minutes=50, buffer_before=10, buffer_after=10
    )


def words(cleo: ConsultationRequest, kind: str, now: datetime = NOW) -> str:
    return render.compose(cleo.messages.filter(kind=kind).latest("id"), now=now, has_note=False).text


def calendar(cleo: ConsultationRequest) -> str:
    cleo = ConsultationRequest.objects.get(pk=cleo.pk)
    file = calendar_file.download(cleo, ClinicProfile.current(), now=NOW)
    assert file is not None
    return file.decode().replace("\r\n ", "")


# --- a booked visit ---------------------------------------------------------------------------------------------------


def test_mails_and_the_calendar_say_what_was_agreed() -> None:
    cleo = in_state(Status.CONFIRMED)  # Thursday 3 December, 10:00, £40, in person, one day's cut-off
    before = calendar(cleo)
    dearer_by_video()
    assert calendar(cleo) == before
    assert "LOCATION:4 Alder Row" in before
    confirmed = words(cleo, "confirmed")
    assert "- Where: 4 Alder Row, Larch Quay" in confirmed
    assert "- What: First consultation, 30 minutes" in confirmed
    assert "- Cost: £40" in confirmed
    assert "online until Wednesday 2 December at 10am" in confirmed
    reminder = words(cleo, "reminder_48h", at(1, 10, 5))
    assert "4 Alder Row" in reminder
    assert "online until Wednesday 2 December at 10am" in reminder


def test_the_cut_off_is_the_one_that_was_agreed() -> None:
    cleo = in_state(Status.CONFIRMED)
    dearer_by_video()
    assert cleo.appointments.booked().get().terms.cutoff(at(3, 10)) == at(2, 10)
    with pytest.raises(Refused, match="too late"):
        visit.cancel(cleo, Origin(CLIENT, at(2, 10) + timedelta(seconds=1)))
    assert visit.cancel(cleo, Origin(CLIENT, at(2, 10))).status == Status.CANCELLED


def test_a_cancelled_visit_leaves_the_calendar_from_where_it_was() -> None:
    cleo = in_state(Status.CONFIRMED)
    dearer_by_video()
    cleo = visit.cancel(cleo, Origin(CLIENT, NOW))
    message = cleo.messages.get(kind="cancelled")
    [there] = visits.of_message(cleo, message, "GBP")
    assert there.is_in_person


def test_another_currency_makes_no_other_price() -> None:
    cleo = in_state(Status.CONFIRMED)
    profile(currency="EUR")
    assert "- Cost: £40" in words(cleo, "confirmed")


def test_the_clients_page_says_what_was_agreed() -> None:
    cleo = in_state(Status.CONFIRMED)
    dearer_by_video()
    page = walk.text(walk.signed_in(cleo).get("/consultations/mine/"))
    assert "With Ana Lind, in person, 30 minutes" in page
    assert "4 Alder Row" in page
    assert "It costs £40" in page


# --- a move -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Cleo", "Dee"])
def test_a_visit_that_moves_keeps_its_length_fee_way_and_cut_off(who: str, dee: Actor) -> None:
    cleo = in_state(Status.CONFIRMED)
    old = cleo.appointments.booked().get()
    dearer_by_video()
    cleo = visit.reschedule(cleo, Origin(CLIENT if who == "Cleo" else dee, NOW), slot=slot(at(8, 11)))
    new = cleo.appointments.booked().get()
    assert (new.starts_at, new.ends_at) == (at(8, 11), at(8, 11, 30))
    assert (new.fee, new.currency, new.mode, new.cutoff_hours) == (4000, "GBP", "in_person", 24)
    assert new.pk != old.pk
    # Nobody has agreed on the clinic's own buffers: today's apply.
    assert (new.blocks_from, new.blocks_until) == (at(8, 10, 50), at(8, 11, 40))
    assert "- Cost: £40" in words(cleo, "changed")


# --- from an offer or a hold to a visit -------------------------------------------------------------------------------


def test_an_offer_is_accepted_on_the_terms_it_was_made_on() -> None:
    cleo = in_state(Status.OFFERED)
    dearer_by_video()
    offered = cleo.appointments.held().first()
    assert offered is not None
    cleo = reply.accept(cleo, Origin(CLIENT, NOW), appointment_id=offered.pk)
    assert "- Cost: £40" in words(cleo, "confirmed")
    assert "- What: First consultation, 30 minutes" in words(cleo, "confirmed")


def test_a_held_time_is_confirmed_on_the_terms_it_was_chosen_on(dee: Actor) -> None:
    cleo = submitted()
    dearer_by_video()
    cleo = reply.confirm(cleo, Origin(dee, NOW))
    assert "- Cost: £40" in words(cleo, "confirmed")


def test_a_new_time_takes_the_terms_of_now(dee: Actor) -> None:
    """Nothing was held, so nothing was agreed: the mail says what holds, and the client may still say no."""
    cleo = submitted(start=None)
    dearer_by_video()
    cleo = reply.confirm(cleo, Origin(dee, NOW), slot=slot(at(8, 11), minutes=50))
    text = words(cleo, "confirmed")
    assert ("- Cost: £99" in text, "- Where: By video" in text) == (True, True)
    booked = intake.book(
        submission(start=at(9, 11), practitioner_id=practitioner().pk), Origin(dee, NOW)
    ).appointments.get()
    assert (booked.fee, booked.mode, booked.minutes) == (9900, "video", 50)


# --- whatever is edited -----------------------------------------------------------------------------------------------

_EDITS: dict[str, some.SearchStrategy[Any]] = {
    "mode": some.sampled_from(["in_person", "video", "phone"]),
    "minutes": some.integers(5, 480),
    "buffer_before": some.integers(0, 240),
    "buffer_after": some.integers(0, 240),
    "fee": some.integers(0, 1_000_000),
    "cutoff_hours": some.integers(0, 2000),
    "is_active": some.booleans(),
    "order": some.integers(0, 99),
}


@settings(max_examples=25)
@given(edit=some.fixed_dictionaries({}, optional=_EDITS))
def test_no_edit_of_a_type_reaches_a_booked_visit(edit: dict[str, Any]) -> None:
    cleo = ConsultationRequest.objects.first() or in_state(Status.CONFIRMED)
    before = _all_of(cleo)
    ConsultationType.objects.filter(pk=consultation_type().pk).update(**edit)
    try:
        assert _all_of(cleo) == before
    finally:
        kind = ConsultationType.objects.get()
        ConsultationType(pk=kind.pk, name="First consultation", minutes=30, fee=4000).save()


def _all_of(cleo: ConsultationRequest) -> tuple[object, ...]:
    booked = Appointment.objects.booked().get()
    columns = [getattr(booked, field.attname) for field in Appointment._meta.concrete_fields]
    until = booked.terms.cutoff(booked.starts_at)
    return *columns, until, calendar(cleo), words(cleo, "confirmed"), words(cleo, "reminder_2h")
