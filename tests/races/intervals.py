"""Staff offer and book visits of different lengths, with buffers, at random times of three practitioners."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.models import User

from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest
from bookings.states import Status
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from tests import factories
from tests.factories import CLIENT, NOW
from tests.races.crew import Seat
from tests.races.jobs import Outcome, keys, outcome_of
from tests.races.walls import missing

# Few enough that nearly every interval meets another one.
DAYS = 3
TRIES = 4


def clear() -> None:
    """Free everybody's time, and let nobody touch it any more: what was asked for so far is over."""
    Appointment.objects.update(state="released")


def juggle(seat: Seat, count: int, seed: int, walls: Collection[str] = ()) -> list[Outcome]:
    """Take `count` requests, one after another, through offers and bookings at random times."""
    draw = random.Random(seed * 100 + seat.number)
    people, kinds = keys()
    dee = Actor.staff(User.objects.get(username="dee"))
    outcomes = []
    with missing(walls):
        for number in range(count):
            wanted = factories.submission(
                email=f"cleo{seat.number}-{number}@example.org",
                start=None,
                windows=((None, "any"),),
                consultation_type_id=draw.choice(kinds),
            )
            consultation = intake.submit(wanted, Origin(CLIENT, NOW))
            for _ in range(TRIES):
                outcomes.append(_step(draw, consultation, people, dee))
    return outcomes


def _step(draw: random.Random, consultation: ConsultationRequest, people: list[int], dee: Actor) -> Outcome:
    """One thing that can be done to the request as it stands."""
    consultation.refresh_from_db()
    if consultation.status == Status.CONFIRMED:
        return outcome_of(
            partial(visit.reschedule, consultation, Origin(dee, NOW), slot=_slot(draw, consultation, people))
        )
    if consultation.status == Status.OFFERED and draw.random() < 0.5:
        held = consultation.appointments.held()[0]
        return outcome_of(partial(reply.accept, consultation, Origin(CLIENT, NOW), appointment_id=held.pk))
    if draw.random() < 0.4:
        return outcome_of(
            partial(reply.confirm, consultation, Origin(dee, NOW), slot=_slot(draw, consultation, people))
        )
    offered = [_slot(draw, consultation, people) for _ in range(draw.randint(1, 3))]
    return outcome_of(partial(reply.offer, consultation, Origin(dee, NOW), slots=offered))


def _slot(draw: random.Random, consultation: ConsultationRequest, people: list[int]) -> Slot:
    start: datetime = factories.at(2 + draw.randrange(DAYS), 9) + timedelta(minutes=5 * draw.randrange(84))
    end = start + timedelta(minutes=consultation.consultation_type.minutes)
    return Slot(practitioner_id=draw.choice(people), start=start, end=end)
