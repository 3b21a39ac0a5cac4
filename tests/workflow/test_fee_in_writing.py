"""The fee in writing: dated texts that staff offer and book with, where the clinic wants that. What was agreed stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError
from pytest_django import Settings

from bookings import symptoms
from bookings.messages import render
from bookings.models import ConsultationRequest, FeeText
from bookings.states import Status
from bookings.workflow import displacement, intake, reply, undo, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.django_db

OLD = "You pay £40 at the clinic.\n\nIf you cancel later than a day before, you pay half."
NEW = "You pay £55 at the clinic."
HEADING = "What we agree about the fee"


@pytest.fixture
def dee() -> Origin:
    return Origin(Actor.staff(make.staff()), make.NOW)


def wanted(*, text: str = OLD, since: date = date(2026, 11, 1)) -> FeeText | None:
    """The clinic wants the fee in writing; this text holds, if there is any."""
    make.rules(fee_in_writing=True)
    return FeeText.objects.create(valid_from=since, text=text) if text else None


def booked(cleo: ConsultationRequest) -> FeeText | None:
    return cleo.appointments.booked().get().fee_text


def mail(cleo: ConsultationRequest, kind: str) -> str:
    return render.compose(cleo.messages.filter(kind=kind).latest("id"), now=make.NOW, has_note=False).text


# --- what is agreed -------------------------------------------------------------------------------------------------


def test_an_offer_carries_the_text_of_its_day_and_accepting_keeps_that_one(dee: Origin) -> None:
    old = wanted()
    cleo = make.in_state(Status.OFFERED)
    assert {row.fee_text for row in cleo.appointments.held()} == {old}
    assert f"{HEADING}:\n\nYou pay £40 at the clinic.\n\nIf you cancel later" in mail(cleo, "offered")
    browser = walk.signed_in(cleo)
    assert f"{HEADING} You pay £40 at the clinic." in walk.text(browser.get("/consultations/mine/"))

    FeeText.objects.create(valid_from=make.NOW.date(), text=NEW)
    cleo = reply.accept(cleo, Origin(make.CLIENT, make.NOW), appointment_id=cleo.appointments.held()[0].pk)
    assert booked(cleo) == old
    assert "You pay £40" in mail(cleo, "confirmed") and "£55" not in mail(cleo, "confirmed")
    assert "You pay £40 at the clinic." in walk.text(browser.get("/consultations/mine/"))


@pytest.mark.once
def test_confirming_and_booking_carry_the_text_of_the_day(dee: Origin) -> None:
    wanted()
    new = FeeText.objects.create(valid_from=make.NOW.date(), text=NEW)
    FeeText.objects.create(valid_from=date(2026, 12, 1), text="From tomorrow on.")
    asked = make.submitted()
    assert asked.appointments.get().fee_text is None  # what they asked for is no agreement yet
    assert booked(reply.confirm(asked, dee)) == new
    other = make.submitted(start=None)
    assert booked(reply.confirm(other, dee, slot=make.slot(make.at(4, 10)))) == new
    phoned = make.submission(start=make.at(7, 10), practitioner_id=make.practitioner().pk)
    assert booked(intake.book(phoned, dee)) == new
    assert intake.book(phoned, dee).appointments.count() == 1


@pytest.mark.once
def test_a_later_text_changes_nothing_that_was_agreed(dee: Origin) -> None:
    old = wanted()
    cleo = make.in_state(Status.CONFIRMED)
    FeeText.objects.create(valid_from=make.NOW.date(), text=NEW)
    cleo = visit.reschedule(cleo, dee, slot=make.slot(make.at(8, 11)))
    assert booked(cleo) == old and "You pay £40" in mail(cleo, "changed")
    cleo = displacement.displace(cleo, dee, slots=[make.slot(make.at(9, 11))])
    assert cleo.appointments.held().get().fee_text == old
    cleo = reply.offer(cleo, dee, slots=[make.slot(make.at(10, 11))])
    assert cleo.appointments.held().get().fee_text == old
    assert booked(reply.confirm(cleo, dee, slot=make.slot(make.at(11, 11)))) == old


@pytest.mark.once
def test_taking_a_confirmation_back_takes_its_text_back(dee: Origin, settings: Settings) -> None:
    settings.UNDO_MINUTES = 3
    wanted()
    cleo = reply.confirm(make.submitted(), dee)
    assert undo.undo(cleo, dee).appointments.held().get().fee_text is None


# --- what is refused ------------------------------------------------------------------------------------------------


def test_without_a_text_staff_offer_confirm_and_book_nothing_and_a_client_may_accept(dee: Origin) -> None:
    cleo, di = make.in_state(Status.OFFERED), make.submitted(start=make.at(3, 12))
    wanted(text="")
    FeeText.objects.create(valid_from=date(2026, 12, 1), text=NEW)  # tomorrow is not today
    phoned = make.submission(start=make.at(7, 10), practitioner_id=make.practitioner().pk)
    calls: list[Callable[[], object]] = [
        lambda: reply.offer(di, dee, slots=[make.slot(make.at(7, 10))]),
        lambda: reply.confirm(di, dee),
        lambda: reply.confirm(di, dee, slot=make.slot(make.at(7, 10))),
        lambda: reply.confirm(cleo, dee, slot=make.slot(make.at(4, 10))),
        lambda: intake.book(phoned, dee),
    ]
    for call in calls:
        with pytest.raises(Refused, match="no fee text holds today") as refused:
            call()
        assert refused.value.code == "no_fee_text"
    assert ConsultationRequest.objects.get(pk=di.pk).version == di.version
    assert list(symptoms.fee_in_writing(make.NOW))

    cleo = reply.accept(cleo, Origin(make.CLIENT, make.NOW), appointment_id=cleo.appointments.held()[0].pk)
    assert booked(cleo) is None  # on the terms that it was offered on


@pytest.mark.once
def test_the_day_is_the_clinics_own(dee: Origin) -> None:
    make.profile(time_zone="Pacific/Auckland")
    wanted(since=date(2026, 12, 1))
    late = Origin(dee.actor, make.at(30, 12, month=11))  # 1 December there
    assert list(symptoms.fee_in_writing(make.NOW)) and not list(symptoms.fee_in_writing(late.now))
    make.rules(fee_in_writing=False)
    assert not list(symptoms.fee_in_writing(make.NOW))


def test_a_text_that_somebody_agreed_to_cannot_be_deleted_and_a_day_has_one() -> None:
    wanted()
    make.in_state(Status.CONFIRMED)
    with pytest.raises(ProtectedError):
        FeeText.objects.get().delete()
    with pytest.raises(IntegrityError):
        wanted()
