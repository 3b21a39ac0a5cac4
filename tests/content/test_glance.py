"""The panel "At a glance", and money in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from clinic.foundation import money
from content.display import glance
from content.models import ClinicProfile, Page, Treatment

pytestmark = pytest.mark.once

CLINIC = ClinicProfile(pk=1, currency="GBP", demo=True)


def needling(**changes: object) -> Treatment:
    values = {
        "name": "Microneedling",
        "short": "Needling",
        "offered": True,
        "sessions": "3 to 6",
        "comfort": "Numbing cream",
        "pigment_risk": "low",
        "evidence_words": "Trials",
        "cost_basis": "per visit",
        "price_from": 16500,
        "price_to": 19500,
        "price_reviewed_on": date(2026, 11, 2),
    } | changes
    return Treatment(**values)


def told(page: Page, *treatments: Treatment, clinic: ClinicProfile = CLINIC) -> dict[str, tuple[str, ...]]:
    return {
        fact.label: (*fact.lines, *filter(None, [fact.note]))
        for fact in glance.facts(page, treatments, clinic)
    }


def test_a_treatment_page_without_facts_gets_those_of_its_treatment() -> None:
    facts = told(Page(), needling())
    assert facts["How many visits"] == ("3 to 6",)
    assert facts["Risk of colour change in brown or black skin"] == ("Low risk",)
    assert facts["What it costs"] == (
        "£165 to £195 per visit, about £495 to £1,170 in all",
        "Demonstration price, reviewed 2 November 2026",
    )
    assert "Healing time" not in facts, "what nobody wrote is not a fact"


def test_a_course_that_may_take_more_visits_may_cost_more() -> None:
    said = told(Page(), needling(sessions="Often 3 or more"))["What it costs"]
    assert said[0] == "£165 to £195 per visit, about £495 to £585 or more in all"


def test_two_treatments_that_differ_each_get_a_line() -> None:
    facts = told(Page(), needling(), needling(short="Deep", sessions="1"))
    assert facts["How many visits"] == ("Needling: 3 to 6", "Deep: 1")
    assert facts["Pain and numbing"] == ("Numbing cream",)


def test_the_pages_own_facts_win_but_the_cost_comes_from_the_treatment() -> None:
    facts = told(
        Page(
            at_a_glance=[
                ["Visits", "Light: once. As deep: two. Then: stop"],
                ["Extra", "A: b"],
                ["Cost", "Per visit"],
                ["Recovery", "None"],
            ]
        ),
        needling(),
    )
    assert list(facts) == ["Extra", "Healing time", "What it costs", "How many visits"], "whoever wrote them"
    assert facts["How many visits"] == ("Light: once.", "As deep: two.", "Then: stop")
    assert facts["What it costs"][0].startswith("£165 to £195 per visit")


def test_two_kinds_stand_beside_each_other_where_most_of_the_panel_tells_them_apart() -> None:
    kinds = [
        ["Visits", "Mild: once. Deep: two"],
        ["Recovery", "Mild: none. Deep: a day"],
        ["Comfort", "Cream"],
    ]
    rows = [needling(short="Mild one"), needling(short="Deep one", price_from=20000)]
    shown = {fact.label: fact.kinds for fact in glance.facts(Page(at_a_glance=kinds), rows, CLINIC)}
    assert shown["How many visits"] == (("Mild", "Once"), ("Deep", "Two"))
    assert shown["What it costs"][1][0] == "Deep one" and shown["Pain and numbing"] == ()
    few = glance.facts(Page(at_a_glance=kinds[1:]), rows[:1], CLINIC)
    assert not any(fact.kinds for fact in few), "one such row is no column"


def test_a_treatment_that_is_not_offered_has_no_price_and_no_facts() -> None:
    assert told(Page(), needling(offered=False)) == {}
    page = Page(at_a_glance=[["Cost", "Not offered"]])
    assert told(page, needling(offered=False)) == {"What it costs": ("Not offered",)}


def test_a_real_clinic_does_not_say_demonstration() -> None:
    real = ClinicProfile(pk=1, currency="EUR", demo=False)
    assert told(Page(), needling(price_reviewed_on=None), clinic=real)["What it costs"] == (
        "€165 to €195 per visit, about €495 to €1,170 in all",
    )


@pytest.mark.parametrize(
    ("amount", "currency", "phrase"),
    [
        (4500, "GBP", "£45"),
        (4550, "GBP", "£45.50"),
        (5, "EUR", "€0.05"),
        (123456700, "USD", "$1,234,567"),
        (120000, "SEK", "1,200 SEK"),
        (1200, "JPY", "1,200 JPY"),
        (0, "GBP", "£0"),
    ],
)
def test_money_in_words(amount: int, currency: str, phrase: str) -> None:
    assert money.words(amount, currency) == phrase


def test_a_span_of_one_price_is_that_price() -> None:
    assert money.span(4500, None, "GBP") == money.span(4500, 4500, "GBP") == "£45"
    assert money.span(4500, 6000, "GBP") == "£45 to £60"


@pytest.mark.django_db
def test_the_consultation_fee_is_the_clinic_s_own(client: Client) -> None:
    call_command("loadcontent")
    ClinicProfile.objects.update(consultation_fee=5250)
    assert "£52.50, with no deposit" in client.get("/consultations/").content.decode()
