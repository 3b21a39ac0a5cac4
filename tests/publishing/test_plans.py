"""An example plan: money and not medicine, so nobody's name, but a draft, a check and versions all the same."""

from __future__ import annotations

import pytest

from content.models import ExamplePlan
from content.publishing import verbs
from content.publishing.errors import Blocked, Refused
from content.publishing.facts import of_plan
from tests.publishing import facts, making
from tests.publishing.facts import approved, fresh, published, saved
from tests.publishing.making import NOW

# The verbs are those of cells and treatments, which are tried on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_plan_goes_live_without_a_reviewer_but_not_at_once() -> None:
    plan = facts.plan()
    saved(plan, note="Most fillers wear off.", lines=(("peel", 2, 4, "A month apart"),))
    assert fresh(plan).note == ""
    published(plan, 2)
    assert fresh(plan).note == "Most fillers wear off."
    assert of_plan(fresh(plan)).lines == (("peel", 2, 4, "A month apart"),)


def test_nobody_puts_a_name_under_a_plan() -> None:
    plan = facts.plan()
    with pytest.raises(Refused) as refusal:
        approved(plan, 1)
    assert refusal.value.code == "no_reviewer"


def test_a_plan_that_hurries_people_stands_in_the_way() -> None:
    plan = facts.plan()
    saved(plan, note="The best price, only this week!")
    with pytest.raises(Blocked):
        published(plan, 2)


def test_a_treatment_that_is_gone_makes_no_plan_cheaper() -> None:
    plan = facts.plan()
    saved(plan, lines=(("peel", 1, 1, ""), ("gone", 1, 1, "")))
    with pytest.raises(Refused) as refusal:
        published(plan, 2)
    assert refusal.value.code == "treatment_gone"
    assert of_plan(fresh(plan)).lines == (("peel", 3, 3, ""),)


def test_a_new_plan_begins_as_a_draft_and_its_title_is_its_own() -> None:
    facts.treatment()
    plan = verbs.add_plan(facts.plan_said(), actor=making.as_ed(), now=NOW)
    assert not ExamplePlan.objects.published().exists()
    published(plan, 1)
    assert list(ExamplePlan.objects.published()) == [plan]
    with pytest.raises(Refused) as refusal:
        verbs.add_plan(facts.plan_said(), actor=making.as_ed(), now=NOW)
    assert refusal.value.code == "title_taken"
    other = facts.plan(title="Other")
    saved(other, title="Two visits")
    with pytest.raises(Refused) as refusal:
        published(other, 2)
    assert refusal.value.code == "title_taken"
