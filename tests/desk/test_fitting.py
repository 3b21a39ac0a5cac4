"""The act that fits is the one filled button of a request's page, in each situation and for each role."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from bookings.models import ConsultationRequest, ContactBy, TimeOff
from bookings.states import CallOutcome, Status
from bookings.workflow import calls, desk
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import html, page_of, say, words

pytestmark = pytest.mark.once

DESK = ("bookings.view_consultationrequest", "bookings.decide_request")
PHONE: dict[str, Any] = {"phone": "+441632960103"}
DISTRESS: dict[str, Any] = {"answers": {"concerns": [], "anything_else": "I want to die"}}
FEVER: dict[str, Any] = {"answers": {"concerns": [], "anything_else": "spreading redness and a fever"}}


def _in_role(role: str) -> Client:
    """Fay is at the front desk, Ana is a clinician, Lou may only look."""
    people = {
        "front desk": make.staff("Fay Front", *DESK),
        "clinician": make.staff("Ana Lind", *DESK, "bookings.read_health"),
        "looker": make.staff("Lou Looker", DESK[0]),
    }
    client = Client()
    client.force_login(people[role])
    return client


def _filled(client: Client, consultation: ConsultationRequest) -> str:
    """What the filled button does: the code of its action, "ring" or "go on". There is exactly one."""
    page = html(client.get(page_of(consultation)))
    assert "{#" not in page and "#}" not in page, "a comment of a template is no words for people"
    [button] = re.findall(r'<(?:a|button) class="btn[^"]* primary[^"]*"[^>]*>', page)
    code = re.search(r'name="do" value="([a-z_]+)"', button)
    return code[1] if code else "ring" if 'href="tel:' in button else "go on"


def _origin() -> Origin:
    return Origin(Actor.staff(make.staff()), make.NOW)


@pytest.mark.parametrize(
    ("situation", "clinician", "front_desk"),
    [
        ("urgent", "ring", "ring"),
        ("urgent, without a number", "ask", "ask"),
        ("a call today", "ring", "hand_over"),
        ("a call today, without a number", "ask", "hand_over"),
        ("a call today, with a clinician", "ring", "go on"),
        ("a call today, spoken", "confirm_wish", "confirm_wish"),
        ("a call today, no answer", "ring", "hand_over"),
        ("the asked time is free", "confirm_wish", "confirm_wish"),
        ("the asked time has gone", "offer", "offer"),
        ("no time was asked for", "offer", "offer"),
        ("owed on the phone", "ring", "ring"),
        ("a visit in doubt", "reschedule", "reschedule"),
        *((status, "go on", "go on") for status in Status if status != Status.NEW),
    ],
)
def test_exactly_one_button_is_filled(situation: str, clinician: str, front_desk: str) -> None:
    people = {role: _in_role(role) for role in ("clinician", "front desk", "looker")}
    consultation = _made(situation)
    assert _filled(people["clinician"], consultation) == clinician
    assert _filled(people["front desk"], consultation) == front_desk
    assert _filled(people["looker"], consultation) == "go on"


def _made(situation: str) -> ConsultationRequest:
    if situation in list(Status):
        return make.in_state(situation)
    if situation.startswith(("urgent", "a call")):
        number = {} if "number" in situation else PHONE
        cleo = make.submitted(**number, **(FEVER if situation.startswith("urgent") else DISTRESS))
        if "with a clinician" in situation:
            return desk.assign(cleo, _origin(), user=User.objects.get(username="ana"))
        outcome = {"spoken": CallOutcome.SPOKE, "no answer": CallOutcome.NO_ANSWER}
        came = outcome.get(situation.partition(", ")[2])
        return calls.call(cleo, _origin(), outcome=came) if came else cleo
    match situation:
        case "the asked time has gone":
            cleo = make.submitted()
            cleo.appointments.update(state="released")
            TimeOff.objects.create(
                practitioner=make.practitioner(), starts_at=make.at(3, 9), ends_at=make.at(3, 17)
            )
            return cleo
        case "no time was asked for":
            return make.submitted(start=None, windows=((1, "morning"),))
        case "owed on the phone":
            return calls.reach(
                make.submitted(**PHONE),
                _origin(),
                contact_by=ContactBy.PHONE,
                may_leave_message=False,
                phone_only=True,
            )
        case "a visit in doubt":
            cleo = make.in_state(Status.CONFIRMED)
            TimeOff.objects.create(
                practitioner=make.practitioner(), starts_at=make.at(3, 9), ends_at=make.at(3, 17)
            )
            return cleo
    return make.submitted()


def test_a_visit_is_marked_from_a_quarter_of_an_hour_before(dee: Client) -> None:
    cleo = make.in_state(Status.CONFIRMED)
    assert _filled(dee, cleo) == "go on"
    with time_machine.travel(make.at(3, 9, 45), tick=False):
        client = Client()
        client.force_login(make.staff())
        assert _filled(client, cleo) == "attend"


def test_what_was_just_tried_is_the_filled_one(dee: Client) -> None:
    page = html(say(dee, make.submitted(), "ask", question=""))
    [button] = re.findall(r'<button class="btn[^"]* primary[^"]*"[^>]*>', page)
    assert 'value="ask"' in button


def test_the_best_suggestion_is_ticked_where_offering_fits_and_nothing_where_it_does_not(dee: Client) -> None:
    open_wish = html(dee.get(page_of(make.submitted(start=None, windows=((1, "morning"),)))))
    assert len(re.findall(r'name="slot"[^>]* checked', open_wish)) == 1
    assert not re.findall(r'name="slot"[^>]* checked', html(dee.get(page_of(make.submitted()))))


# --- handing over -----------------------------------------------------------------------------------------------------


def test_the_front_desk_hands_a_call_today_to_a_clinician_of_its_choice() -> None:
    fay, _ = _in_role("front desk"), _in_role("clinician")
    cleo = make.submitted(**PHONE, **DISTRESS)
    page = html(fay.get(page_of(cleo)))
    [chooser] = re.findall(r'<select[^>]*id="hand_over-user".*?</select>', page, flags=re.DOTALL)
    assert re.findall(r">([A-Z][^<]+)</option>", chooser) == ["Choose", "Ana Lind"]
    ana = User.objects.get(username="ana")
    assert say(fay, cleo, "hand_over", user=str(ana.pk)).status_code == 303
    cleo.refresh_from_db()
    assert cleo.assigned_to == ana
    assert "A clinician rings today" in words(fay.get(page_of(cleo)))


def test_who_manages_is_no_clinician_unless_they_practise() -> None:
    fay, _ = _in_role("front desk"), _in_role("clinician")
    manages = ("bookings.read_health", "bookings.correct_late")
    make.staff("Maya Holt", *manages)
    bo = make.staff("Bo Reed", *manages)
    make.practitioner("Bo Reed", user=bo)
    cleo = make.submitted(**PHONE, **DISTRESS)
    page = html(fay.get(page_of(cleo)))
    [chooser] = re.findall(r'<select[^>]*id="hand_over-user".*?</select>', page, flags=re.DOTALL)
    assert re.findall(r">([A-Z][^<]+)</option>", chooser) == ["Choose", "Ana Lind", "Bo Reed"]
    User.objects.filter(username="ana").delete()
    bo.practitioner.delete()
    page = html(fay.get(page_of(cleo)))
    assert ">Maya Holt</option>" in page, "where nobody is known as a clinician, somebody must ring"


def test_nobody_but_a_clinician_is_handed_such_a_call() -> None:
    fay, _ = _in_role("front desk"), _in_role("clinician")
    cleo = make.submitted(**PHONE, **DISTRESS)
    fays = User.objects.get(username="fay")
    for user in (str(fays.pk), "", "999999", "x"):
        assert say(fay, cleo, "hand_over", user=user).status_code == 200
    cleo.refresh_from_db()
    assert cleo.assigned_to is None


# --- nobody answers ---------------------------------------------------------------------------------------------------


def _tried(consultation: ConsultationRequest, times: int) -> ConsultationRequest:
    for _ in range(times):
        consultation = calls.call(consultation, _origin(), outcome=CallOutcome.NO_ANSWER)
    return consultation


def _chosen_reason(page: str) -> str:
    [chooser] = re.findall(r'<select[^>]*id="decline-reason".*?</select>', page, flags=re.DOTALL)
    [chosen] = re.findall(r'<option value="([^"]*)" selected', chooser)
    return str(chosen)


def test_after_three_tries_unreachable_is_suggested_and_chosen(dee: Client) -> None:
    cleo = _tried(make.submitted(**PHONE), 2)
    assert _chosen_reason(html(dee.get(page_of(cleo)))) == ""
    page = dee.get(page_of(_tried(cleo, 1)))
    assert _chosen_reason(html(page)) == "unreachable"
    assert "3 without an answer. You may decline it as “could not be reached”" in words(page)


@pytest.mark.parametrize("flagged", [FEVER, DISTRESS])
def test_it_is_never_suggested_for_whoever_must_be_reached_today(flagged: dict[str, Any]) -> None:
    fay, ana = _in_role("front desk"), _in_role("clinician")
    cleo = _tried(make.submitted(**PHONE, **flagged), 3)
    page = fay.get(page_of(cleo))
    assert _chosen_reason(html(page)) == ""
    assert "A clinician decides what follows" in words(page)
    refused = say(fay, cleo, "decline", reason="unreachable")
    assert "They must be reached today: a clinician decides what follows." in words(refused)
    assert say(ana, cleo, "decline", reason="unreachable").status_code == 303
