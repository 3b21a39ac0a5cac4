"""What plans want of the desk stands on the start page, and each number leads to a list of just that many."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from bookings.models import PlanQuestion, Practitioner
from bookings.workflow import plan_answer
from bookings.workflow.core import Origin
from tests.desk.pages import html, names
from tests.factories import CLIENT, at, staff
from tests.plans.writing import DAY, RIGHTS, THEN, seen, sent

pytestmark = pytest.mark.django_db


def _signed_in(name: str, *rights: str) -> Client:
    client = Client()
    client.force_login(staff(name, *(f"bookings.{right}" for right in rights)))
    return client


def _card(page: str, title: str) -> str:
    found = [part for part in re.findall(r"<section.*?</section>", page, re.DOTALL) if f">{title}<" in part]
    return found[0] if found else ""


def test_each_number_about_plans_leads_to_a_list_of_just_that_many() -> None:
    seen(name="Bea Unwritten")
    cleo, plan = sent(cleo=seen(name="Cleo Asks", start=at(3, 12)))
    cleo = plan_answer.ask_about_plan(cleo, Origin(CLIENT, THEN), plan=plan.pk, text="Does it hurt?")
    keys = plan.lines.values_list("pk", flat=True)
    plan_answer.accept_plan(cleo, Origin(CLIENT, THEN), plan=plan.pk, lines=keys)
    with time_machine.travel(THEN + DAY, tick=False):
        ana = _signed_in("Ana Lind", *RIGHTS)
        page = html(ana.get("/admin/"))
        for title, name in (
            ("Plans to write", "Bea Unwritten"),
            ("Questions about plans", "Cleo Asks"),
            ("Visits to arrange", "Cleo Asks"),
        ):
            card = _card(page, title)
            link = re.search(r'<a href="([^"]+)">All 1', card)
            assert link, title
            assert name in card
            assert names(ana.get(link[1])) == [name], title
        # Whoever may answer lands on the field; who may not, on where it stands.
        asked = PlanQuestion.objects.get()
        assert f"/{cleo.pk}/plan/#reply-{asked.pk}" in page
        front_desk = html(_signed_in("Gus Lane", *RIGHTS[:2]).get("/admin/"))
        assert f"/{cleo.pk}/change/#h-plan" in front_desk
        assert not _card(front_desk, "Plans to write")
        assert _card(front_desk, "Visits to arrange")
        # Another practitioner is not asked for Ana's plans; Ana is.
        bo = staff("Bo Reed", *(f"bookings.{right}" for right in RIGHTS))
        Practitioner.objects.create(name="Bo Reed", user=bo)
        assert not _card(html(_signed_in("Bo Reed", *RIGHTS).get("/admin/")), "Plans to write")
        assert (
            names(_signed_in("Bo Reed", *RIGHTS).get("/admin/bookings/consultationrequest/?flag=noplan"))
            == []
        )
    for days, title, is_there in ((10, "Questions about plans", True), (15, "Plans to write", False)):
        with time_machine.travel(THEN + days * DAY, tick=False):
            card = _card(html(_signed_in("Ana Lind", *RIGHTS).get("/admin/")), title)
            assert bool(card) == is_there, "two weeks later nobody is reminded"
            assert not card or "overdue" in card
