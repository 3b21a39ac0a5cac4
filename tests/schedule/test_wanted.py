"""One value says which times somebody can use, and one function who "any practitioner" is: every door gives one answer."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from bookings.models import ConsultationRequest, Practitioner
from bookings.queries import slots as free
from bookings.queries.slots import Wanted
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import SlotTaken
from tests.client import walk
from tests.desk.pages import html, page_of
from tests.factories import (
    CLIENT,
    NOW,
    at,
    concern,
    consultation_type,
    practitioner,
    slot,
    staff,
    submission,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ana_is_busy() -> Practitioner:
    """Ana has three visits in the week of 7 December, Bo none: "any practitioner" is Bo. Returns Bo."""
    walk.clinic()
    dee = Actor.staff(staff())
    for hour in (13, 14, 15):
        consultation = submitted(start=None)
        reply.confirm(consultation, Origin(dee, NOW), slot=slot(at(7, hour)))
    return practitioner("Bo Reyes")


def booked_for_cleo() -> ConsultationRequest:
    consultation = submitted(start=None)
    return reply.confirm(consultation, Origin(Actor.staff(staff()), NOW), slot=slot(at(3, 10)))


# --- who "any practitioner" is ----------------------------------------------------------------------------------------


def test_a_request_is_held_with_whoever_has_least_to_do(ana_is_busy: Practitioner) -> None:
    consultation = intake.submit(submission(start=at(8, 10)), Origin(CLIENT, NOW))
    assert consultation.appointments.get().practitioner == ana_is_busy


def test_a_move_to_anybody_goes_to_the_same_person(ana_is_busy: Practitioner) -> None:
    consultation = booked_for_cleo()
    with time_machine.travel(NOW, tick=False):
        browser = walk.signed_in(consultation)
        data = {"slot": "any@2026-12-08T10:00Z", "version": consultation.version}
        assert browser.post("/consultations/mine/reschedule/", data).status_code == 303
    assert consultation.appointments.booked().get().practitioner == ana_is_busy


def test_the_desk_confirms_a_wish_for_anybody_with_the_same_person(ana_is_busy: Practitioner) -> None:
    consultation = intake.submit(submission(start=at(8, 10)), Origin(CLIENT, NOW))
    consultation.appointments.update(state="released")
    with time_machine.travel(NOW, tick=False):
        browser = Client()
        browser.force_login(staff())
        page = html(browser.get(page_of(consultation)))
    assert f'name="wish" value="{ana_is_busy.pk}@2026-12-08T10:00Z"' in page
    consultation = reply.confirm(consultation, Origin(Actor.staff(staff()), NOW))
    assert consultation.appointments.booked().get().practitioner == ana_is_busy


# --- which times are near ---------------------------------------------------------------------------------------------


def test_nearest_times_are_with_somebody_who_sees_what_it_is_about() -> None:
    """Bo does not see rolling scars: nothing of his is offered to somebody who asks about them."""
    practitioner("Bo Reyes").concerns.set([concern("keloid")])
    submitted(start=at(3, 10), practitioner_id=practitioner().pk)
    submitted(start=at(3, 10, 30), practitioner_id=practitioner().pk)
    with pytest.raises(SlotTaken) as gone:
        intake.submit(submission(start=at(3, 10)), Origin(CLIENT, NOW))
    assert {near.practitioner_id for near in gone.value.nearest} == {practitioner().pk}


def test_nearest_times_are_with_the_person_who_was_chosen() -> None:
    submitted(start=at(3, 10), practitioner_id=practitioner().pk)
    with pytest.raises(SlotTaken) as gone:
        intake.submit(submission(start=at(3, 10), practitioner_id=practitioner().pk), Origin(CLIENT, NOW))
    assert {near.practitioner_id for near in gone.value.nearest} == {practitioner().pk}


def test_nearest_times_of_a_move_are_as_long_as_the_visit() -> None:
    consultation = booked_for_cleo()
    submitted(start=at(8, 10), practitioner_id=practitioner().pk)
    kind = consultation_type()
    kind.minutes = 60
    kind.save()
    with pytest.raises(SlotTaken) as gone:
        visit.reschedule(consultation, Origin(CLIENT, NOW), slot=slot(at(8, 10)))
    assert {near.end - near.start for near in gone.value.nearest} == {at(3, 10, 30) - at(3, 10)}


@pytest.mark.parametrize("asked", ["ana", "any"])
def test_after_just_been_taken_each_nearest_time_can_be_taken(asked: str) -> None:
    """The client wanted to move to 10:00 with Ana (or anybody), which has just gone."""
    consultation, ana = booked_for_cleo(), practitioner()
    practitioner("Bo Reyes").concerns.set([concern("keloid")])
    submitted(start=at(8, 10), practitioner_id=ana.pk)
    who = str(ana.pk) if asked == "ana" else "any"
    with time_machine.travel(NOW, tick=False):
        browser = walk.signed_in(consultation)
        data = {"slot": f"{who}@2026-12-08T10:00Z", "version": consultation.version}
        page = browser.post("/consultations/mine/reschedule/?practitioner=any", data)
        assert page.status_code == 409
        links = [a.get("href") or "" for a in walk.tree(page).findall(".//ul[@class='soon']//a")]
        near = [parse_qs(urlsplit(link).query)["take"][0] for link in links]
        assert len(near) == 3
        for value in near:
            consultation.refresh_from_db()
            data = {"slot": value, "version": consultation.version}
            assert browser.post("/consultations/mine/reschedule/", data).status_code == 303, value


def test_a_concern_that_is_no_row_fits_everybody() -> None:
    practitioner().concerns.set([concern("keloid")])
    practitioner("Bo Reyes").concerns.set([concern("keloid")])
    kind = consultation_type()
    assert free.practitioners(Wanted(kind=kind, concerns=("not_sure",))) == free.practitioners(
        Wanted(kind=kind)
    )
    assert free.practitioners(Wanted(kind=kind, concerns=("not_sure", "rolling"))) == []
