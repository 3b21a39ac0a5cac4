"""The desk is reminded of what is erased one day if nobody looks after it: in the rail, on the worklist, each as a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings import limits
from bookings.models import ConsultationRequest
from bookings.queries import due
from bookings.states import Status
from bookings.workflow import attendance
from bookings.workflow.core import Actor, Origin
from tests.factories import NOW, at, in_state, staff, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ANSWERED_NEVER = "1 open request has waited for more than 30 days past the time for an answer."
WORKLIST = reverse("admin:bookings_consultationrequest_changelist")


@pytest.fixture
def dee() -> Client:
    client = Client()
    client.force_login(staff())
    return client


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


def rows(client: Client, query: str) -> list[ConsultationRequest]:
    shown = {row.pk: place for place, row in enumerate(client.get(f"{WORKLIST}{query}").context["rows"])}
    return sorted(ConsultationRequest.objects.filter(pk__in=shown), key=lambda row: shown[row.pk])


def words(client: Client, query: str = "") -> str:
    return " ".join(client.get(f"{WORKLIST}{query}").content.decode().split())


@pytest.mark.parametrize("status", [Status.NEW, Status.WAITING, Status.OFFERED], ids=str)
def test_an_open_request_that_waits_too_long(
    dee: Client, travel: time_machine.Traveller, status: Status
) -> None:
    consultation = in_state(status)
    ends = consultation.promise_due_at or consultation.answer_due_at or consultation.offer_expires_at
    assert ends is not None
    travel.move_to(ends + limits.reminders.REMIND_DAYS * DAY - timedelta(minutes=1))
    dee.force_login(staff())
    assert "Waiting too long</span>" not in words(dee)
    travel.move_to(ends + limits.reminders.REMIND_DAYS * DAY)
    dee.force_login(staff())
    page = words(dee)
    assert "Waiting too long</span>" in page
    assert ANSWERED_NEVER not in page
    page = words(dee, "?flag=long")
    assert ANSWERED_NEVER in page
    assert "The first is erased on " in page
    assert rows(dee, "?flag=long") == [consultation]


def test_a_visit_that_nobody_marked(dee: Client, travel: time_machine.Traveller) -> None:
    consultation = in_state(Status.CONFIRMED)
    other = in_state(Status.CONFIRMED, start=at(4, 10))
    travel.move_to(at(3, 18))
    dee.force_login(staff())
    assert "Never marked</span>" not in words(dee)  # it is from today
    travel.move_to(at(5, 8))
    dee.force_login(staff())
    assert "Never marked</span>" in words(dee)
    page = words(dee, "?flag=unmarked")
    assert "2 visits of earlier days have not been marked: attended, or not." in page
    assert "3 December 2034" in page
    assert rows(dee, "?flag=unmarked") == [consultation, other]
    attendance.attend(consultation, Origin(Actor.staff(staff()), at(5, 8)))
    assert rows(dee, "?flag=unmarked") == [other]
    attendance.miss(other, Origin(Actor.staff(staff()), at(5, 8)))
    assert "marked</span>" not in words(dee)


def test_what_is_erased_soon_is_said_above_every_list(dee: Client, travel: time_machine.Traveller) -> None:
    consultation = in_state(Status.NEW)
    assert consultation.promise_due_at is not None
    gone = due.first_to_go("left_open")
    assert gone is not None
    travel.move_to(gone - limits.reminders.REMIND_BEFORE_ERASURE - DAY)
    dee.force_login(staff())
    assert ANSWERED_NEVER not in words(dee)
    travel.move_to(gone - limits.reminders.REMIND_BEFORE_ERASURE)
    dee.force_login(staff())
    assert ANSWERED_NEVER in words(dee)


def test_a_good_desk_reads_nothing_of_it(dee: Client, travel: time_machine.Traveller) -> None:
    submitted()
    dee.force_login(staff())
    page = words(dee)
    assert 'class="reminder"' not in page
    assert "Waiting too long</span>" not in page
