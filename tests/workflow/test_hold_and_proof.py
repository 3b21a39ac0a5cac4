"""A chosen time is held for half an hour; opening the link keeps it; the wish outlives the hold."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from bookings import clock
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import slots as free
from bookings.queries.slots import Wanted
from bookings.states import Status
from bookings.workflow import erasure, intake, reply
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import SlotTaken
from tests.factories import (
    CLIENT,
    NOW,
    at,
    consultation_type,
    practitioner,
    rules,
    staff,
    submission,
    submitted,
)

pytestmark = pytest.mark.django_db


def held(cleo: ConsultationRequest) -> Appointment:
    return cleo.appointments.held().get()


def test_a_chosen_time_is_held_for_thirty_minutes() -> None:
    cleo = submitted(start=at(3, 10))
    assert held(cleo).starts_at == at(3, 10)
    assert held(cleo).held_until == cleo.hold_until == NOW + timedelta(minutes=30)
    assert cleo.events.get().facts["start"] == at(3, 10).isoformat()


def test_nobody_else_can_have_it_meanwhile() -> None:
    submitted(start=at(3, 10))
    with pytest.raises(SlotTaken) as caught:
        submitted(start=at(3, 10))
    assert [slot.start for slot in caught.value.nearest] == [at(3, 9, 15), at(3, 9, 30), at(3, 10, 30)]
    assert ConsultationRequest.objects.count() == 1, "nothing of the second was stored"


def test_opening_the_link_keeps_the_time_until_a_working_day_after_the_promise() -> None:
    cleo = submitted(start=at(4, 16))
    cleo = intake.prove(cleo, Origin(CLIENT, NOW + timedelta(minutes=10)))
    # Promised by Tuesday 10:00 (eight open hours after Monday 9:00 is Monday 17:00); a working day more is Tuesday 17:00.
    assert cleo.promise_due_at == at(30, 17, month=11)
    assert held(cleo).held_until == cleo.hold_until == at(1, 17)
    assert cleo.email_proved_at == NOW + timedelta(minutes=10)


def test_a_time_that_is_near_is_held_until_after_the_answer_that_was_promised() -> None:
    """Minimum notice hides it from other clients. The desk may still give it to a caller, so the hold goes on."""
    cleo = submitted(start=at(1, 11), now=NOW)
    assert held(cleo).held_until == NOW + timedelta(minutes=30)
    cleo = intake.prove(cleo, Origin(CLIENT, NOW + timedelta(minutes=10)))
    # Ten open hours until then: five for us, five for them.
    assert cleo.promise_due_at == at(30, 14, month=11)
    assert cleo.hold_until == at(1, 11)


def test_a_time_that_is_far_shortens_no_promise() -> None:
    assert submitted(start=at(2, 9)).promise_due_at == submitted(start=None).promise_due_at


def test_a_hold_that_ran_out_blocks_nobody_and_the_wish_stays() -> None:
    first = submitted(start=at(3, 10))
    later = NOW + timedelta(minutes=31)
    second = submitted(start=at(3, 10), now=later)
    assert held(second).starts_at == at(3, 10)
    assert not first.appointments.occupying().exists()

    assert clock.tick(later)["released"] == 1
    first.refresh_from_db()
    assert (first.status, first.wished_start, first.hold_until) == (Status.NEW, at(3, 10), None)
    assert first.events.latest("version").verb == "release_time"
    assert clock.tick(later)["released"] == 0, "once"


def test_one_address_holds_two_times_at_most_and_no_request_is_lost() -> None:
    consultations = [submitted(start=at(3, hour), email="cleo@example.org") for hour in (10, 11, 12)]
    assert [consultation.appointments.held().count() for consultation in consultations] == [1, 1, 0]
    assert consultations[2].wished_start == at(3, 12)


@pytest.mark.parametrize(
    "emails",
    [
        ("cleo@example.org", "cleo+1@example.org", "Cleo+b@Example.org"),
        ("cl.eo@gmail.com", "c.leo+x@gmail.com", "cleo@googlemail.com"),
    ],
)
def test_addresses_of_one_mailbox_hold_like_one(emails: tuple[str, ...]) -> None:
    consultations = [submitted(start=at(3, 10 + n), email=email) for n, email in enumerate(emails)]
    assert [consultation.appointments.held().count() for consultation in consultations] == [1, 1, 0]
    for consultation in consultations:
        intake.prove(consultation, Origin(CLIENT, NOW))
    # Opening all three links does not make it three.
    assert ConsultationRequest.objects.filter(hold_until__gt=NOW).count() == 2


def test_addresses_that_only_look_alike_hold_each_for_itself() -> None:
    emails = ("cleo@müller.example", "cleo@muller.example", "c.leo@muller.example", "cleo@straße.example",
              "cleo@strasse.example")  # fmt: skip
    rules(holds_per_address=1)
    consultations = [submitted(start=at(3, 10 + n), email=email) for n, email in enumerate(emails)]
    assert [consultation.appointments.held().count() for consultation in consultations] == [1] * 5


def test_requests_from_before_know_whose_they_are_and_back() -> None:
    """The migration, run on rows from before it."""
    kept = [submitted(start=at(3, 10), email="Cleo+1@example.org"), submitted(start=at(3, 11))]
    erased = submitted(start=at(3, 12))
    erasure.erase(erased, Origin(CLIENT, NOW))
    known = dict(ConsultationRequest.objects.values_list("pk", "mailbox"))
    assert known[kept[0].pk] == "cleo@example.org"
    assert known[erased.pk] == ""
    ConsultationRequest.objects.update(mailbox="")
    migration = import_module("bookings.migrations.0005_requests_know_their_mailbox")
    migration.fill(apps, None)
    assert dict(ConsultationRequest.objects.values_list("pk", "mailbox")) == known
    # Until then an international domain could only arrive as ASCII. Its mails still go out.
    ascii_form = "cleo@xn--mller-kva.example"
    ConsultationRequest.objects.filter(pk=kept[1].pk).update(email=ascii_form)
    kept[1].messages.update(to=ascii_form)
    migration.fill(apps, None)
    kept[1].refresh_from_db()
    assert (kept[1].email, kept[1].email_search) == ("cleo@müller.example",) * 2
    assert set(kept[1].messages.values_list("to", flat=True)) == {"cleo@müller.example"}
    assert all(operation.reversible for operation in migration.Migration.operations)


def test_any_practitioner_means_the_one_with_the_fewest_visits_that_week() -> None:
    kind = consultation_type()
    ana, bo = practitioner("Ana Lind"), practitioner("Bo Quist")
    rules(holds_per_address=9)
    first = submitted(start=at(3, 10))
    second = submitted(start=at(3, 10))
    third = submitted(start=at(3, 11), practitioner_id=ana.pk)
    fourth = submitted(start=at(4, 9))
    assert [held(consultation).practitioner for consultation in (first, second, third, fourth)] == [
        ana,
        bo,
        ana,
        bo,
    ]
    assert free.free_at(Wanted(kind=kind), at(3, 10), now=NOW) == []


def test_only_somebody_who_sees_the_concern_is_chosen() -> None:
    ana = practitioner("Ana Lind")
    submitted()
    bo = practitioner("Bo Quist")
    from_content = ana.concerns.model.objects.create(code="keloid", name="Scars that grow", group="raised")
    ana.concerns.add(ana.concerns.model.objects.get(code="rolling"))
    assert from_content not in ana.concerns.all()
    cleo = submitted(start=at(4, 10), answers={"concerns": ["keloid"], "applies": ["raised_scars"]})
    assert held(cleo).practitioner == bo
    assert cleo.needs_clinician


def test_a_time_outside_the_rules_is_not_taken_from_anybody_who_types_it() -> None:
    submitted()
    for start in (at(3, 8), at(3, 10, 7), at(5, 10), at(30, 10, month=11), at(30, 10) + timedelta(days=90)):
        with pytest.raises(SlotTaken):
            intake.submit(submission(start=start), Origin(CLIENT, NOW))


def test_staff_can_still_confirm_the_wish_after_the_hold() -> None:
    cleo = submitted(start=at(3, 10))
    later = NOW + timedelta(hours=3)
    clock.tick(later)
    cleo.refresh_from_db()
    cleo = reply.confirm(cleo, Origin(Actor.staff(staff()), later))
    assert cleo.appointments.booked().get().starts_at == at(3, 10)
