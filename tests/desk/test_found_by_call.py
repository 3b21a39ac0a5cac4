"""“The woman who rang about laser last week”: found by what her call was about and when, or by her interest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import ConsultationRequest
from bookings.states import CallOutcome, CallTopic
from bookings.workflow import calls
from bookings.workflow.core import Actor, Origin
from clinic.foundation.models import AuditEntry
from content.models import Treatment
from tests import factories as make
from tests.desk.pages import WORKLIST, html, names, words

LAST_WEEK = make.NOW - timedelta(days=4)


@pytest.fixture
def rang() -> ConsultationRequest:
    """She asked about something else, and rang about laser on Thursday of last week."""
    answers = make.submission().answers | {"treatments": ["laser"]}
    cleo = make.submitted(name="Cleo Marsh", start=None, answers=answers, now=LAST_WEEK - timedelta(days=9))
    dee = Origin(Actor.staff(make.staff()), LAST_WEEK)
    make.submitted(name="Ann Other", start=None)
    return calls.call(cleo, dee, outcome=CallOutcome.RANG_US, topic=CallTopic.LASER)


@pytest.mark.parametrize("typed", ["laser", "Laser  last week", "laser last week", "LASER"])
def test_she_is_found_by_what_people_remember(dee: Client, rang: ConsultationRequest, typed: str) -> None:
    assert names(dee.get(WORKLIST, {"q": typed})) == ["Cleo Marsh"]


@pytest.mark.parametrize("typed", ["laser today", "laser yesterday", "peels last week", "las", "last week"])
def test_another_call_is_not_hers(dee: Client, rang: ConsultationRequest, typed: str) -> None:
    assert names(dee.get(WORKLIST, {"q": typed})) == []


def test_she_is_found_by_filters_too(dee: Client, rang: ConsultationRequest) -> None:
    assert names(dee.get(f"{WORKLIST}?called=lastweek&calls=laser")) == ["Cleo Marsh"]
    assert names(dee.get(f"{WORKLIST}?called=2026-11-26")) == ["Cleo Marsh"]
    assert names(dee.get(f"{WORKLIST}?called=today")) == []


def test_an_interest_is_looked_for_by_those_who_may_read_it_and_recorded_once(
    dee: Client, rang: ConsultationRequest, treatment: str
) -> None:
    page = dee.get(f"{WORKLIST}?interest={treatment}")
    assert names(page) == ["Cleo Marsh"]
    assert "is recorded" in words(page)
    entry = AuditEntry.objects.get(action="search")
    assert (entry.who, entry.facts) == ("dee", {"treatment": treatment})


def test_nobody_else_is_offered_it(rang: ConsultationRequest, treatment: str) -> None:
    client = Client()
    client.force_login(make.staff("Fay Desk", "bookings.view_consultationrequest", "bookings.decide_request"))
    page = client.get(f"{WORKLIST}?interest={treatment}")
    assert "Left out" in words(page)
    assert len(names(page)) == 2
    assert "interest=" not in html(client.get(WORKLIST))
    assert not AuditEntry.objects.filter(action="search").exists()


@pytest.fixture
def treatment() -> str:
    return Treatment.objects.create(code="laser", name="Laser").code
