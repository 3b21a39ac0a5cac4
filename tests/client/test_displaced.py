"""Cleo's page once the clinic has taken her visit back: what is gone, what is held instead, that we come back to her."""

from __future__ import annotations

from datetime import datetime

import pytest

from bookings.client.own.after import Headline
from bookings.client.own.history import timeline
from bookings.client.own.status import Situation, headline
from bookings.models import ConsultationRequest
from bookings.queries.client import story
from bookings.queries.clinic import clinic
from bookings.states import Status
from bookings.workflow.core import Actor, Origin
from bookings.workflow.displacement import displace, take_up
from tests.factories import CLOCK, LONDON, NOW, at, in_state, slot, staff

pytestmark = [pytest.mark.django_db, pytest.mark.once]
GONE = (
    "Something has changed at the clinic, and we cannot see you on Thursday 3 December at 10am. We are sorry."
)


def situation(cleo: ConsultationRequest, now: datetime) -> Situation:
    return Situation(cleo, story(cleo, now, LONDON), clinic(now), now)


def shown(cleo: ConsultationRequest, now: datetime = NOW) -> Headline:
    return headline(situation(cleo, now))


def test_she_reads_what_is_gone_in_general_words_and_what_is_held_instead() -> None:
    dee = Actor.staff(staff())
    cleo = displace(in_state(Status.CONFIRMED), Origin(dee, NOW), slots=[slot(at(8, 10)), slot(at(9, 10))])
    page = shown(cleo)
    assert page.heading == "We have to move your consultation"
    assert page.lead.startswith(f"{GONE} We have two times for you instead. Choose one and it is yours.")
    last = timeline(situation(cleo, NOW))[-1]
    assert last.words == "The clinic could not keep your consultation: Thursday 3 December at 10am."
    # The times run out: it is for us to come back to her.
    late = at(14, 9)
    assert "otherwise we come back to you" in shown(cleo, late).lead
    again = shown(take_up(cleo, Origin(CLOCK, late)), late)
    assert again.heading == "We are looking for another time for you"
    assert again.lead.startswith(f"{GONE} You hear from us by ")


def test_without_a_time_she_reads_when_she_hears_from_us() -> None:
    cleo = displace(in_state(Status.CONFIRMED), Origin(Actor.staff(staff()), NOW))
    assert shown(cleo).next == "We offer you another time."
