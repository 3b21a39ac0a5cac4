"""The time that the client asked for can go while the desk looks at it: the press is refused in words."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bookings import slot_text
from bookings.admin import actions
from bookings.models import Appointment, Closure, ConsultationRequest
from bookings.workflow import desk
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import html, say, typed, words

pytestmark = pytest.mark.once


@pytest.fixture
def cleo() -> ConsultationRequest:
    """Asks for 3 December at ten, and nothing is held for her any more."""
    cleo = make.submitted(start=make.at(3, 10))
    cleo.appointments.update(state=Appointment.State.RELEASED)
    return cleo


def test_somebody_else_has_it(dee: Client, cleo: ConsultationRequest) -> None:
    make.submitted(start=make.at(3, 10))
    answer = say(dee, cleo, "confirm_wish", **typed("confirm_wish"))
    assert answer.status_code == 409
    assert "That time has just been taken." in words(answer)
    assert other_times(answer)


def test_the_clinic_is_closed_that_day(dee: Client, cleo: ConsultationRequest) -> None:
    Closure.objects.create(first_day=make.at(3, 0).date(), last_day=make.at(3, 0).date())
    answer = say(dee, cleo, "confirm_wish", **typed("confirm_wish"))
    assert answer.status_code == 409
    assert other_times(answer)


def test_it_is_past(dee: Client, cleo: ConsultationRequest) -> None:
    gone = make.NOW - timedelta(minutes=30)
    ConsultationRequest.objects.update(wished_start=gone)
    answer = say(dee, cleo, "confirm_wish", wish=slot_text.of(make.slot(gone)))
    assert "Error" in words(answer)
    assert other_times(answer)


def other_times(answer: Any) -> bool:
    """Whether the page has times to offer instead, in a form that can be sent."""
    form = next(form for form in html(answer).split("<form") if 'value="offer"' in form)
    return 'name="slot"' in form and 'name="version"' in form


def test_who_lost_a_race_presses_again_with_the_version_of_now(
    dee: Client, cleo: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ana was faster, between the moment when the page was read and the verb."""
    ana = User.objects.create_user("ana", first_name="Ana")
    assess = actions.ACTIONS["assess"]

    def call(consultation: ConsultationRequest, origin: Origin, data: Any) -> ConsultationRequest:
        desk.note(cleo, Origin(Actor.staff(ana), make.NOW), text="Called.")
        return assess.call(consultation, origin, data)

    monkeypatch.setitem(actions.ACTIONS, "assess", dataclasses.replace(assess, call=call))
    answer = say(dee, cleo, "assess")
    assert answer.status_code == 409
    cleo.refresh_from_db()
    forms = [form for form in html(answer).split("<form")[1:] if 'name="version"' in form]
    assert forms and all(f'name="version" value="{cleo.version}"' in form for form in forms)


def test_a_time_with_seconds_is_none_of_ours(dee: Client) -> None:
    consultation = make.submitted()
    answer = say(dee, consultation, "offer", slot="1@2026-12-04T10:00:30Z")
    assert "Choose one of the times shown." in words(answer)
