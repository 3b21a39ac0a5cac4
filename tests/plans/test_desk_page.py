"""At the desk: a practitioner writes and sends the plan, sees what became of it, answers; the front desk arranges visits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from bookings.admin.plan.days import DaysField
from bookings.models import (
    ConsultationRequest,
    Plan,
    PlanQuestion,
    Practitioner,
    VisitQuestion,
)
from bookings.queries import desk
from bookings.queries.audit import READ_HEALTH
from bookings.queries.desk import Tab
from bookings.workflow import plan_answer
from bookings.workflow.core import Origin
from clinic.foundation.models import AuditEntry
from content.models import Concern, Suitability
from tests.factories import CLIENT, practitioner, staff
from tests.plans.writing import DAY, RIGHTS, THEN, kind, line, seen, sent, treatment

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LATER = THEN + DAY


@pytest.fixture(autouse=True)
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ana() -> Client:
    return signed_in(staff("Ana Lind", *(f"bookings.{right}" for right in RIGHTS)))


def address(cleo: ConsultationRequest, tail: str = "plan") -> str:
    return reverse(f"admin:bookings_consultationrequest_{tail}", args=[cleo.pk])


def typed(cleo: ConsultationRequest, do: str, **changes: Any) -> dict[str, Any]:
    """What Ana sends: a plan with one line."""
    return {
        "version": cleo.version,
        "do": do,
        "tab": "tab1",
        "outcome": "suits",
        "applies": ["adult"],
        "findings": "Five narrow scars.",
        "because": "They come first.",
        "can": "Make them shallower.",
        "cannot": "Make them go.",
        "next_step": "We offer times.",
        "lines": "1",
        "line-0-treatment": treatment().pk,
        "line-0-name": "Punch techniques",
        "line-0-sessions_from": "2",
        "line-0-sessions_to": "2",
        "line-0-gap_days": "2 weeks",
        "line-0-wait_days": "10 days",
        "line-0-kind": kind().pk,
        "line-0-price_from": "140",
        "line-0-price_to": "190",
        "line-0-basis": "per scar",
        "line-0-times_from": "5",
        "line-0-times_to": "5",
    } | changes


def test_a_ticked_treatment_comes_with_what_the_website_says_of_it() -> None:
    cleo, kinds = seen(), kind()
    one = treatment(
        sessions="3 to 4 in the main study, 6 weeks apart", sessions_most=4, main_risk="A new scar."
    )
    kinds.treatments.add(one)
    page = ana().post(
        address(cleo), {"version": cleo.version, "do": "add", "new": [one.pk], "findings": "Kept."}
    )
    [form] = page.context["forms"].lines
    assert {name: form.initial[name] for name in ("sessions_from", "sessions_to", "gap_days", "wait_days", "kind")} == {
        "sessions_from": 3, "sessions_to": 4, "gap_days": 42, "wait_days": 7, "kind": kinds.pk
    }  # fmt: skip
    assert (form.initial["price_from"], form.initial["times_from"]) == ("140", "")
    assert [form[name].label for name in ("times_from", "times_to")] == ["How many scars?", "Scars at most"]
    assert "Kept." in page.content.decode()
    assert "Not yet: look at these" not in page.content.decode()
    assert not Plan.objects.exists()


def test_a_draft_then_a_preview_then_it_is_sent() -> None:
    cleo, client = seen(), ana()
    kept = client.post(address(cleo), typed(cleo, "see"))
    assert kept["Location"] == address(cleo, "plan_preview")
    preview = client.get(kept["Location"]).content.decode()
    bo = staff("Bo Berg", *(f"bookings.{right}" for right in RIGHTS))
    assert signed_in(bo).get(kept["Location"]).status_code == 200
    assert AuditEntry.objects.filter(action=READ_HEALTH, who_id=bo.pk).count() == 1
    assert "This is what they will read. Nothing is sent yet." in preview
    assert "£700 to £950" in preview
    cleo.refresh_from_db()
    assert "Five narrow scars." in client.get(address(cleo)).content.decode()
    assert client.post(address(cleo), typed(cleo, "send")).status_code == 303
    assert Plan.objects.get().status == "sent"
    assert client.post(address(cleo), typed(cleo, "send")).status_code in (303, 409)
    assert Plan.objects.count() == 1


def test_a_treatment_that_follows_another_does_so_still_when_a_third_is_taken_out() -> None:
    cleo, client = seen(), ana()
    names = {"lines": "3", "line-1-name": "Laser", "line-2-name": "Peel", "line-2-after": "1"}
    page = client.post(address(cleo), typed(cleo, "out:0", **names))
    assert [one.form.follows for one in page.context["lines"]] == ["", "Laser"]
    row = page.content.decode().split('id="line-1"')[1]
    assert row.index('name="line-1-after"') < row.index("<details")  # not folded away
    page = client.post(address(cleo), typed(cleo, "out:1", **names))
    assert [one.form.follows for one in page.context["lines"]] == ["", ""]


def test_what_is_missing_or_against_a_rule_is_said_and_everything_typed_is_kept() -> None:
    cleo, client = seen(), ana()
    page = client.post(address(cleo), typed(cleo, "send", findings="", **{"line-0-sessions_to": "x"}))
    words = page.content.decode()
    assert "Enter a whole number." in words
    assert "They come first." in words
    page = client.post(address(cleo), typed(cleo, "send", findings=""))
    assert "Say what you saw, in plain words." in page.content.decode()
    page = client.post(address(cleo), typed(cleo, "send", applies=["adult", "active_spots"]))
    assert "Active spots are treated first, and these wait: Punch techniques." in page.content.decode()
    agreed = typed(cleo, "send", applies=["adult", "active_spots"], although=["active_acne"])
    assert "Say why the rule does not hold this time." in client.post(address(cleo), agreed).content.decode()
    agreed["because_of_rules"] = "Her dermatologist agrees."
    assert client.post(address(cleo), agreed).status_code == 303
    assert Plan.objects.get().although == "active_acne"


def test_a_question_is_answered_and_a_yes_on_the_phone_is_noted() -> None:
    cleo, plan = sent()
    cleo = plan_answer.ask_about_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, text="Does it hurt?")
    asked, client = PlanQuestion.objects.get(), ana()
    page = client.get(address(cleo)).content.decode()
    assert page.index("Does it hurt?") < page.index('class="plan-sum"')
    # Who may not read it reads whose it is, and since when.
    for_gus = signed_in(staff("Gus Lane", "bookings.view_consultationrequest", "bookings.decide_request"))
    page = " ".join(for_gus.get(address(cleo, "change")).content.decode().split())
    assert "since Fri 4 Dec 15:00 it stands on the start page of everybody who may answer." in page
    Practitioner.objects.filter(pk=practitioner().pk).update(user=staff("Ana Lind"))
    page = " ".join(for_gus.get(address(cleo, "change")).content.decode().split())
    assert "on the start page of Ana Lind and of everybody else who may answer." in page
    empty = client.post(address(cleo), {"version": cleo.version, "do": f"reply:{asked.pk}"})
    assert "Write the answer." in empty.content.decode()
    client.post(
        address(cleo), {"version": cleo.version, "do": f"reply:{asked.pk}", f"reply-{asked.pk}": "A little."}
    )
    asked.refresh_from_db()
    assert asked.reply == "A little."
    # The same from an older page: both answers stand there, and the first has gone.
    second = {"version": cleo.version, "do": f"reply:{asked.pk}", f"reply-{asked.pk}": "Hardly."}
    page = client.post(address(cleo), second).content.decode()
    assert "A little." in page
    assert "What you typed was not sent:" in page
    assert "Hardly." in page
    cleo.refresh_from_db()
    client.post(address(cleo), {"version": cleo.version, "do": "yes", "said": [plan.lines.get().pk]})
    plan.refresh_from_db()
    assert plan.status == "accepted"
    for press, stands, says in (
        ("back", "sent", "Yes taken back on Friday 4 December"), ("no", "declined", "No, Friday 4 December"),
        ("no_back", "sent", "No taken back on Friday 4 December"),
    ):  # fmt: skip
        cleo.refresh_from_db()
        noted = client.post(address(cleo), {"version": cleo.version, "do": press}, follow=True)
        plan.refresh_from_db()
        assert plan.status == stands
        assert says in noted.content.decode()
    cleo.refresh_from_db()
    key = plan.lines.get().pk
    cleo = plan_answer.ask_about_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, line=key, text="When?")
    plan_answer.consider_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk)
    page = client.get(address(cleo)).content.decode()
    assert "No taken back on Friday 4 December. Asked about it, Friday 4 December. Wants time" in page
    assert "Nothing yet" not in page


def test_who_may_do_what() -> None:
    cleo, _ = sent()
    desk_only = signed_in(staff("Gus Lane", "bookings.view_consultationrequest", "bookings.decide_request"))
    reader = signed_in(staff("Bo Reed", "bookings.view_consultationrequest", "bookings.read_health"))
    assert desk_only.get(address(cleo)).status_code == 403
    assert desk_only.get(address(cleo, "plan_preview")).status_code == 403
    request_page = desk_only.get(
        reverse("admin:bookings_consultationrequest_change", args=[cleo.pk])
    ).content.decode()
    assert "Plan after the visit" in request_page
    assert "Punch" not in request_page
    assert reader.get(address(cleo)).status_code == 200
    assert reader.post(address(cleo), typed(cleo, "send")).status_code == 403
    assert reader.post(address(cleo), {"do": "no", "version": cleo.version}).status_code == 403
    assert signed_in(staff("Eve Stone")).get(address(cleo)).status_code == 403
    assert ana().get(address(ConsultationRequest(pk=9999))).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"lines": "9" * 50}, {"lines": "-1"}, {"lines": "²"}, {"line-0-sessions_from": "9" * 999}, {"outcome": "x"},
        {"do": "reply:x"}, {"do": "dance"}, {"new": ["x", "9" * 99], "do": "add"}, {"findings": "\x00"},
        {"line-0-kind": "x"}, {"line-0-price_from": "1e9"}, {"although": ["x"]}, {"valid_until": "31/31/2026"},
    ],
    ids=str,
)  # fmt: skip
def test_hostile_values_are_no_500(fields: dict[str, Any]) -> None:
    cleo = seen()
    assert ana().post(address(cleo), typed(cleo, "send") | fields).status_code in (200, 303, 400, 409)


# --- its visits -------------------------------------------------------------------------------------------------------


def accepted() -> ConsultationRequest:
    cleo, plan = sent(line(sessions=(3, 3)))
    return plan_answer.accept_plan(
        cleo, Origin(CLIENT, LATER), plan=plan.pk, lines=plan.lines.values_list("pk", flat=True)
    )


def test_all_visits_are_booked_in_one_go_at_lawful_days() -> None:
    cleo, dee = accepted(), signed_in(staff())
    page = dee.get(address(cleo, "sessions"))
    chosen = {
        f"slot-{visit.session.pk}": next(value for value, _, checked in visit.times if checked)
        for visit in page.context["visits"]
    }
    versions = {f"version-{visit.session.pk}": visit.session.version for visit in page.context["visits"]}
    assert len(chosen) == 3
    answer = dee.post(address(cleo, "sessions"), chosen | versions)
    assert answer.status_code == 303
    booked = ConsultationRequest.objects.exclude(session_number=None).order_by("session_number")
    assert [one.status for one in booked] == ["confirmed"] * 3
    starts = [one.appointments.booked().get().starts_at for one in booked]
    assert all((later - earlier).days >= 14 for earlier, later in zip(starts, starts[1:], strict=False))
    assert dee.post(address(cleo, "sessions"), chosen | versions).status_code in (200, 303)


def test_if_one_cannot_be_booked_none_is_and_what_was_chosen_stays() -> None:
    cleo, dee = accepted(), signed_in(staff())
    visits = dee.get(address(cleo, "sessions")).context["visits"]
    first = visits[0].times[0][0]
    fields = {f"slot-{visit.session.pk}": first for visit in visits[:2]}
    fields |= {f"version-{visit.session.pk}": str(visit.session.version) for visit in visits}
    answer = dee.post(address(cleo, "sessions"), fields)
    assert answer.status_code == 409
    assert "Nothing was booked: look at this" in answer.content.decode()
    assert f'value="{first}" checked' in answer.content.decode()
    assert not ConsultationRequest.objects.filter(session_number__gt=0, status="confirmed").exists()
    assert "Choose a time" in dee.post(address(cleo, "sessions"), {}).content.decode()


def test_a_session_that_sleeps_is_in_no_list_and_one_that_is_near_says_what_it_is() -> None:
    accepted()
    listed = desk.in_tab(Tab.NEW), desk.in_tab(Tab.OPEN)
    assert [ConsultationRequest.objects.filter(one).count() for one in listed] == [1, 1]
    page = signed_in(staff()).get(reverse("admin:bookings_consultationrequest_changelist")).content.decode()
    assert "Visit 1 of a plan" in page


def test_only_a_session_of_a_plan_is_called_off_and_nobody_is_mailed() -> None:
    cleo, dee = accepted(), signed_in(staff())
    session = ConsultationRequest.objects.get(session_number=1)
    change = "admin:bookings_consultationrequest_change"
    page = dee.get(reverse(change, args=[session.pk]))
    assert "visit 1 of 3" in page.content.decode()
    assert "call_off" in page.context["buttons"]
    fields = {"do": "call_off", "version": session.version}
    assert dee.post(reverse(change, args=[session.pk]), fields).status_code == 303
    session.refresh_from_db()
    assert session.status == "withdrawn"
    assert not session.messages.exists()
    assert "call_off" not in dee.get(reverse(change, args=[cleo.pk])).context["buttons"]


# --- beside the form --------------------------------------------------------------------------------------------------


def test_the_sum_and_the_rules_are_told_before_anything_is_sent() -> None:
    """On a look: what each line comes to, and each rule beside the first line that it is about, with its tick."""
    cleo, client = seen(), ana()
    page = client.post(address(cleo), typed(cleo, "sum", applies=["adult", "active_spots"], findings=""))
    words = page.content.decode()
    assert "£700 to £950" in words
    assert "Say what you saw" not in words
    [shown] = page.context["lines"]
    assert [(one.rule, has_tick) for one, has_tick in shown.rules] == [("active_acne", True)]
    assert 'name="although" value="active_acne"' in words
    assert "2 weeks" in words
    page = client.post(address(cleo), typed(cleo, "send", findings="", can=""))
    assert page.context["forms"].problems == [
        ("id_findings", "Say what you saw, in plain words."),
        ("id_can", "Say what it can do."),
    ]
    page = client.post(address(cleo), typed(cleo, "out:0"))
    assert page.context["lines"] == []


def test_what_does_not_belong_to_not_now_is_left_out() -> None:
    cleo = seen()
    fields = typed(cleo, "send", outcome="not_now", back="In three months.", **{"line-0-sessions_to": "x"})
    assert ana().post(address(cleo), fields).status_code == 303
    plan = Plan.objects.get()
    assert plan.told is not None
    assert (plan.lines.count(), plan.told.can, plan.told.back) == (0, "", "In three months.")


@pytest.mark.parametrize(
    ("said", "days"), [("6 weeks", 42), ("10 days", 10), ("2w", 14), ("0", 0), ("", None)]
)
def test_days_are_typed_in_weeks_or_days(said: str, days: int | None) -> None:
    assert DaysField().clean(said) == days


@pytest.mark.parametrize("said", ["6", "x weeks", "-1 days", "999 weeks", "6 weeks 2"])
def test_a_number_without_its_unit_is_asked_about(said: str) -> None:
    with pytest.raises(ValidationError):
        DaysField().clean(said)


def test_their_questions_are_settled_beside_the_form_and_nothing_typed_is_lost() -> None:
    cleo, client = seen(), ana()
    first, second = (
        VisitQuestion.objects.create(request=cleo, body=words, asked_at=THEN) for words in ("Pain?", "Work?")
    )
    page = client.post(address(cleo), typed(cleo, "send"))
    assert "Answer what they wanted to ask first" in page.content.decode()
    page = client.post(address(cleo), typed(cleo, f"answered:{first.pk}", findings="Half a sent"))
    assert "Half a sent" in page.content.decode()
    cleo.refresh_from_db()
    client.post(address(cleo), typed(cleo, f"put_off:{second.pk}"))
    cleo.refresh_from_db()
    assert client.post(address(cleo), typed(cleo, f"answered:{first.pk}")).status_code == 409
    assert client.post(address(cleo), typed(cleo, "send")).status_code == 303


def test_treatments_that_fit_what_they_came_about_stand_first_with_their_fit_in_words() -> None:
    cleo, scars = seen(), Concern.objects.filter(code="ice-pick").first()
    scars = scars or Concern.objects.create(code="ice-pick", name="Ice pick scars")
    cleo.concerns.add(scars)
    good, poor = treatment("Laser"), treatment("A peel")
    cell = {"concern": scars, "reason": "It helps.", "is_published": True}
    Suitability.objects.create(treatment=poor, score=1, **cell)
    Suitability.objects.create(treatment=good, score=3, **cell)
    beside = ana().get(address(cleo)).context["beside"]
    assert [(one.treatment.name, one.fit) for one in beside.fitting] == [
        ("Laser", ["often discussed for ice pick scars"]),
        ("A peel", ["sometimes added for ice pick scars"]),
    ]


def test_the_history_says_which_rule_was_passed_to_whoever_may_read_it() -> None:
    cleo, client = seen(), ana()
    fields = typed(
        cleo, "send", applies=["adult", "pregnancy"], although=["pregnancy"], because_of_rules="A cream."
    )
    assert client.post(address(cleo), fields).status_code == 303
    request_page = reverse("admin:bookings_consultationrequest_change", args=[cleo.pk])
    assert "though pregnant, trying or breastfeeding" in client.get(request_page).content.decode()
    for_dee = (
        signed_in(staff("Gus Lane", "bookings.view_consultationrequest")).get(request_page).content.decode()
    )
    assert "past a rule, for the reason in the note" in for_dee
    assert "pregnan" not in for_dee


def test_the_page_of_a_request_has_one_filled_button() -> None:
    cleo = seen()
    request_page = reverse("admin:bookings_consultationrequest_change", args=[cleo.pk])
    page = ana().get(request_page).content.decode()
    assert re.findall(r'class="btn[^"]* primary[^"]*"[^>]*>([^<]+)', page) == ["Write the plan"]
