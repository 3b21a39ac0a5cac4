"""The demonstration's requests: the same for the same seed, on any day and at any hour, and never among real ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from bookings import clock, outbox
from bookings.demo import clinic, requests
from bookings.models import Appointment, ConsultationRequest, Event, Message
from bookings.queries import off
from content.models import ClinicProfile
from tests.factories import LONDON, at, undone

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TUESDAY = at(1, 11, 20)


@pytest.fixture
def empty_demo(shipped_clinic: None) -> None:
    """The demonstration without a request."""
    clinic.load()


def _rows(now: datetime, seed: int, count: int) -> list[Any]:
    """What was made, without the ids that a database gives."""
    with undone():
        assert requests.load(count, seed=seed, now=now) == count
        people = ConsultationRequest.objects.order_by("pk").values_list(
            "reference",
            "name",
            "email",
            "phone",
            "status",
            "created_at",
            "promise_due_at",
            "calendar_uid",
            "draft_id",
        )
        mails = Message.objects.order_by("pk").values_list("kind", "to", "state", "sent_at", "message_id")
        events = Event.objects.order_by("pk").values_list("verb", "at", "actor_label")
        times = Appointment.objects.order_by("pk").values_list("starts_at", "state", "practitioner__name")
        return [*people, *mails, *events, *times]


def test_the_same_seed_makes_the_same_rows_and_another_makes_others(empty_demo: None) -> None:
    first = _rows(TUESDAY, 5, 14)
    assert _rows(TUESDAY, 5, 14) == first
    assert not set(_rows(TUESDAY, 6, 3)[:3]) & set(first[:14])


@pytest.mark.parametrize(
    ("now", "count"),
    [(at(6, 23, 40), 30), (at(2, 3, 5), 17), (at(4, 16, 0), 17)],
    ids=["Sunday night", "Wednesday 3am", "Friday"],
)
def test_there_are_visits_today_at_any_hour(empty_demo: None, now: datetime, count: int) -> None:
    """The third visit of today is the sixteenth request; those after the seventeenth are played on the latest hour alone."""
    requests.load(count, seed=2, now=now)
    assert Appointment.objects.booked().filter(starts_at__date=now.date()).count() >= 3
    assert not off.in_doubt(now, LONDON).exists()
    assert set(clock.tick(now).values()) == {0}


def test_a_larger_clinic_has_copies_of_what_was_played(
    empty_demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "PLAYED", 20)
    assert requests.load(60, seed=1, now=TUESDAY) == 60
    made = ConsultationRequest.objects.all()
    assert made.count() == 60
    assert not made.annotate(number=Count("events")).exclude(number=F("version")).exists()
    assert made.values("email").distinct().count() >= 58, "copies are of other people"
    for event in Event.objects.exclude(facts__appointment=None):
        assert event.request.appointments.filter(pk=event.facts["appointment"]).exists()
    assert not Event.objects.filter(at__gt=TUESDAY).exists()
    assert set(clock.tick(TUESDAY).values()) == {0}
    assert not outbox.due_mails(TUESDAY + timedelta(days=90)).exists()


def test_a_second_load_makes_nothing_and_another_seed_adds(empty_demo: None) -> None:
    assert requests.load(3, seed=1, now=TUESDAY) == 3
    assert requests.load(3, seed=1, now=TUESDAY + timedelta(hours=1)) == 0
    assert requests.load(3, seed=2, now=TUESDAY) == 3
    assert ConsultationRequest.objects.count() == 6


def test_a_clinic_that_somebody_made_their_own_is_left_alone(empty_demo: None) -> None:
    ClinicProfile.objects.update(demo=False)
    with pytest.raises(CommandError, match="no longer marked as a demonstration"):
        call_command("demo", requests=5)
    assert not ConsultationRequest.objects.exists()
