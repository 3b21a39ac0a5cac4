"""Treatment sessions: the desk alone books them, by the rules of their kind; past a rule it takes a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from bookings.against import Against, SessionRules, of_sessions
from bookings.client.times.search import query_of
from bookings.client.times.table import table_of
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Note
from bookings.queries.clinic import clinic
from bookings.states import Status
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused, SwitchedOff
from tests import factories as make

pytestmark = pytest.mark.once

TODAY = make.NOW.date()


@pytest.mark.parametrize(
    ("rules", "consultations", "sessions", "found"),
    [
        (SessionRules(), [], [0], []),
        (SessionRules(within=30), [], [], [Against.CONSULTATION]),
        (SessionRules(within=30), [-30], [], []),
        (SessionRules(within=30), [-31], [], [Against.CONSULTATION]),
        (SessionRules(within=30), [1], [], [Against.CONSULTATION]),  # to come
        (SessionRules(cooling_off=14), [-14], [], []),
        (SessionRules(cooling_off=14), [-13], [], [Against.COOLING]),
        (SessionRules(cooling_off=14), [-20, -1], [], []),  # another look does not begin it anew
        (SessionRules(within=15, cooling_off=14), [-20, -1], [], [Against.COOLING]),
        (SessionRules(cooling_off=14), [], [], []),
        (SessionRules(interval=28), [], [-27], [Against.INTERVAL]),
        (SessionRules(interval=28), [], [27], [Against.INTERVAL]),
        (SessionRules(interval=28), [], [-28, 28], []),
        (SessionRules(30, 14, 28), [], [-1], [Against.CONSULTATION, Against.INTERVAL]),
    ],
)
def test_each_rule_counts_in_days(
    rules: SessionRules, consultations: list[int], sessions: list[int], found: list[Against]
) -> None:
    def days(numbers: list[int]) -> list[Any]:
        return [TODAY + timedelta(days=number) for number in numbers]

    assert of_sessions(TODAY, rules, days(consultations), days(sessions)) == found


# --- by the verbs -----------------------------------------------------------------------------------------------------


@pytest.fixture
def session(db: None) -> ConsultationType:
    """An hour with Ana: a consultation in the 180 days before, two weeks to think, four weeks between two."""
    kind = make.consultation_type(
        name="Treatment session",
        purpose="session",
        minutes=60,
        consultation_within_days=180,
        cooling_off_days=14,
        interval_days=28,
    )
    make.profile()
    make.practitioner().consultation_types.add(kind)
    return kind


@pytest.fixture
def cleo(session: ConsultationType) -> ConsultationRequest:
    """Cleo's consultation is on Thursday 3 December, and she comes."""
    found = make.in_state(Status.ATTENDED, name="Cleo Marsh", email="cleo@example.org")
    return found


def dee(now: datetime = make.NOW, because: str = "") -> Origin:
    return Origin(Actor.staff(make.staff()), now, because=because)


def book(
    kind: ConsultationType,
    start: datetime,
    *although: str,
    because: str = "",
    email: str = "cleo@example.org",
) -> ConsultationRequest:
    wanted = make.submission(
        name="Cleo Marsh",
        email=email,
        consultation_type_id=kind.pk,
        practitioner_id=make.practitioner().pk,
        start=start,
    )
    return intake.book(wanted, dee(because=because), although=although)


def test_two_weeks_after_the_consultation_it_is_booked(
    cleo: ConsultationRequest, session: ConsultationType
) -> None:
    with pytest.raises(
        Refused, match="comes 14 days after the consultation or later. That was on Thursday 3 December"
    ):
        book(session, make.at(16, 10))
    assert book(session, make.at(17, 10)).status == Status.CONFIRMED


def test_without_a_consultation_it_takes_a_reason_that_is_kept(session: ConsultationType) -> None:
    with pytest.raises(Refused, match="needs a consultation in the 180 days before it") as refused:
        book(session, make.at(17, 10))
    assert refused.value.code == "rule"
    with pytest.raises(Refused, match="Type why") as refused:
        book(session, make.at(17, 10), "consultation", because=" ")
    assert refused.value.code == "because" and not Appointment.objects.exists()
    made = book(session, make.at(17, 10), "consultation", because="Seen at our other clinic last week.")
    assert [note.words for note in made.notes.filter(kind=Note.Kind.INTERNAL)] == [
        "Seen at our other clinic last week."
    ]
    assert made.events.get().facts["although"] == ["consultation"]
    assert made.appointments.get().stands_although == "consultation"


def test_four_weeks_lie_between_two_sessions_before_and_after(
    cleo: ConsultationRequest, session: ConsultationType
) -> None:
    first = book(session, make.at(17, 10))
    with pytest.raises(
        Refused, match="28 days must lie between two .* The other one is on Thursday 17 December"
    ):
        book(session, make.at(29, 10))
    # A move counts from the others, not from itself.
    moved = visit.reschedule(first, dee(), slot=make.slot(make.at(18, 10), minutes=60))
    assert moved.appointments.booked().get().starts_at == make.at(18, 10)
    with pytest.raises(Refused, match="comes 14 days after"):
        visit.reschedule(moved, dee(), slot=make.slot(make.at(10, 10), minutes=60))


def test_another_person_of_the_house_has_rules_of_their_own(
    cleo: ConsultationRequest, session: ConsultationType
) -> None:
    """Whose visits they are: the mailbox, or the phone with the name."""
    with pytest.raises(Refused, match="none is on record"):
        book(session, make.at(17, 10), email="bo@example.org")
    cleo.phone_search = "+441632960777"
    cleo.save(update_fields=["phone_search"])
    wanted = make.submission(
        name="Cleo Marsh",
        email="new@example.org",
        phone="+441632960777",
        consultation_type_id=session.pk,
        practitioner_id=make.practitioner().pk,
        start=make.at(17, 10),
    )
    assert intake.book(wanted, dee()).status == Status.CONFIRMED


def test_an_offer_says_why_once_and_the_client_takes_it(session: ConsultationType) -> None:
    wanted = make.submission(consultation_type_id=session.pk, start=None)
    asked = intake.submit(wanted, dee())
    slots = [make.slot(make.at(8, 10), minutes=60)]
    with pytest.raises(Refused, match="needs a consultation"):
        reply.offer(asked, dee(), slots=slots)
    offered = reply.offer(asked, dee(because="A GP wrote to us."), slots=slots, although={"consultation"})
    assert offered.notes.filter(kind=Note.Kind.INTERNAL).count() == 1
    held = offered.appointments.get(is_offer=True)
    taken = reply.accept(offered, Origin(make.CLIENT, make.NOW), appointment_id=held.pk)
    assert taken.status == Status.CONFIRMED
    assert taken.notes.filter(kind=Note.Kind.INTERNAL).count() == 1


def test_a_client_neither_asks_for_one_nor_moves_past_a_rule(
    cleo: ConsultationRequest, session: ConsultationType
) -> None:
    with pytest.raises(SwitchedOff):
        intake.submit(make.submission(consultation_type_id=session.pk), Origin(make.CLIENT, make.NOW))
    booked = book(session, make.at(18, 10))
    client = Origin(make.CLIENT, make.NOW)
    with pytest.raises(Refused, match="or call us"):
        visit.reschedule(booked, client, slot=make.slot(make.at(15, 10), minutes=60))
    assert (
        visit.reschedule(booked, client, slot=make.slot(make.at(21, 10), minutes=60)).status
        == Status.CONFIRMED
    )
    # What the client is shown is what the verb takes.
    place, moved = clinic(make.NOW), booked.appointments.booked().select_related("consultation_type").get()
    moved.request = booked
    shown = table_of(query_of(QueryDict(), [session], visit=moved), place=place, now=make.NOW).found
    days = {slot.start.day for slot in shown if slot.start.month == 12}
    assert days and min(days) == 17, "two weeks after the consultation"
