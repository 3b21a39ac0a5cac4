"""The demonstration's forty requests: a living desk, with real histories, and nobody is written to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import F, Q
from pytest_django import DjangoDbBlocker

from bookings import clock, outbox
from bookings.demo import requests
from bookings.models import ConsultationRequest, Message
from bookings.queries import desk, off
from bookings.queries.desk import Tab
from bookings.states import Status
from clinic.foundation.text import name_key
from tests.factories import LONDON, at

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TUESDAY = at(1, 11, 20)


@pytest.fixture(scope="module")
def made(own_demonstration: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration with forty requests, as `make run` makes it, on a Tuesday at twenty past eleven."""
    with own_demonstration.unblock():
        requests.load(40, seed=1, now=TUESDAY)
    yield


def test_there_are_forty_in_every_state(made: None) -> None:
    assert ConsultationRequest.objects.count() == 40
    assert set(ConsultationRequest.objects.values_list("status", flat=True)) == set(Status)


def test_every_tab_of_the_desk_has_something(made: None) -> None:
    for tab in Tab:
        assert ConsultationRequest.objects.filter(desk.in_tab(tab)).exists(), tab


def test_there_is_what_makes_a_desk_busy(made: None) -> None:
    new = ConsultationRequest.objects.filter(status=Status.NEW)
    for flag in ("urgent", "same_day_call", "needs_clinician"):
        assert new.filter(**{flag: True}).exists(), flag
    assert new.filter(promise_due_at__lt=TUESDAY).exists(), "overdue"
    assert (
        max(Counter(new.exclude(wished_start=None).values_list("wished_start", flat=True)).values()) >= 3
    ), "rivals"
    assert Message.objects.filter(state=Message.State.FAILED).exists()
    names = " ".join(ConsultationRequest.objects.values_list("name", flat=True))
    assert all(sign in names for sign in "محΕễ王")
    assert max(map(len, ConsultationRequest.objects.values_list("name", flat=True))) == 120


def test_nobody_is_written_to_who_could_be_somebody(made: None) -> None:
    reachable = ~Q(email__endswith="@example.org") | ~Q(phone="") & ~Q(phone__startswith="+441632960")
    assert not ConsultationRequest.objects.filter(reachable).exists()
    assert not outbox.due_mails(TUESDAY + timedelta(days=90)).exists()


def test_the_clock_has_nothing_to_catch_up_with(made: None) -> None:
    assert set(clock.tick(TUESDAY).values()) == {0}


def test_histories_are_those_that_the_verbs_write(made: None) -> None:
    for consultation in ConsultationRequest.objects.prefetch_related("events"):
        events = sorted(consultation.events.all(), key=lambda event: event.version)
        assert [event.version for event in events] == list(range(1, consultation.version + 1))
        assert events[-1].to_status == consultation.status
        moments = [event.at for event in events]
        assert moments == sorted(moments) and moments[-1] <= TUESDAY
        assert consultation.name_search == name_key(consultation.name)
    assert not Message.objects.filter(sent_at__lt=F("created_at")).exists()
    assert not off.in_doubt(TUESDAY, LONDON).exists()
