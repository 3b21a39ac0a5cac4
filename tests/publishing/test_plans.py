"""An example plan: money and not medicine, so nobody's name, but a draft, a check and versions all the same."""

from __future__ import annotations

import pytest

from content.forms.facts import PlanForm
from content.forms.fields import LinesField
from content.models import ExamplePlan
from content.publishing import clock, due, verbs
from content.publishing.edit import Edit
from content.publishing.errors import Blocked, EditRefused
from content.publishing.facts import of_plan
from tests import factories as make
from tests.publishing import documents, facts
from tests.publishing.documents import NOW
from tests.publishing.facts import approved, fresh, published, saved

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
    with pytest.raises(EditRefused) as refusal:
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
    with pytest.raises(EditRefused) as refusal:
        published(plan, 2)
    assert refusal.value.code == "treatment_gone"
    assert of_plan(fresh(plan)).lines == (("peel", 3, 3, ""),)


def test_a_new_plan_begins_as_a_draft_and_its_title_is_its_own() -> None:
    facts.treatment()
    plan = verbs.add_plan(Edit(documents.as_ed(), NOW), facts.plan_snapshot())
    assert not ExamplePlan.objects.published().exists()
    published(plan, 1)
    assert list(ExamplePlan.objects.published()) == [plan]
    with pytest.raises(EditRefused) as refusal:
        verbs.add_plan(Edit(documents.as_ed(), NOW), facts.plan_snapshot())
    assert refusal.value.code == "title_taken"
    other = facts.plan(title="Other")
    saved(other, title="Two visits")
    with pytest.raises(EditRefused) as refusal:
        published(other, 2)
    assert refusal.value.code == "title_taken"


def test_a_plan_whose_title_was_taken_meanwhile_is_kept_back_and_editors_hear_of_it() -> None:
    plan = facts.plan()
    saved(plan, title="Two visits")
    verbs.schedule(
        plan, Edit(documents.as_ed(), NOW + documents.HOUR, 2), publish_at=NOW + 3 * documents.HOUR
    )
    verbs.add_plan(Edit(documents.as_ed(), NOW), facts.plan_snapshot())
    assert clock.publish_due(NOW + 4 * documents.HOUR) == 0
    version = plan.versions.get(number=2)
    assert (version.publish_at, version.kept_back_at) == (None, NOW + 4 * documents.HOUR)
    event = plan.events.get(verb="keep_back")
    assert event.problems == [["title_taken", "", ""]]
    assert due.due(NOW + 4 * documents.HOUR, make.LONDON).kept_back == [version]
    assert fresh(plan).title == "Shallow dips"


def lines_of(typed: str) -> PlanForm:
    form = PlanForm({"title": "T", "for_whom": "Somebody.", "note": "", "order": "0", "lines": typed})
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Laser", "ours"),  # the other one's short name
        ("Vascular", "ours"),  # the other one's name
        ("THEIRS", "ours"),  # the other one's code
        ("Laser | strong", "ours"),  # a line would end there
        ("Long laser", "Long laser"),
    ],
)
def test_a_line_that_is_shown_is_read_back_as_the_same_treatment(name: str, shown: str) -> None:
    facts.treatment("ours", name=name, short="One")
    facts.treatment("theirs", name="Vascular", short="Laser")
    lines = [["ours", 1, 2, "In one visit"]]
    typed = LinesField().prepare_value(lines)
    assert typed == f"{shown} | 1 to 2 | In one visit"
    assert lines_of(typed).cleaned_data["lines"] == lines


def test_a_word_for_two_treatments_is_refused_beside_the_field() -> None:
    facts.treatment("ours", name="Laser", short="One")
    facts.treatment("theirs", name="Vascular", short="Laser")
    told = lines_of("One | 1\nLaser | 2").errors["lines"]
    assert told == ["Line 2: “Laser” means more than one treatment. Write its code: ours or theirs."]
    assert lines_of("theirs | 2").cleaned_data["lines"] == [["theirs", 2, 2, ""]]
