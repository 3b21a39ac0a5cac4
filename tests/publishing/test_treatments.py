"""A treatment: its facts go live under a reviewer's name, its price without one, and neither at once."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from content.models import Treatment
from content.publishing import clock, due, kinds, reviewer, verbs
from content.publishing.edit import Edit
from content.publishing.errors import Blocked, EditRefused, NeedsReviewer
from content.publishing.facts import NOT_MEDICAL, TreatmentSnapshot, of_treatment
from tests import factories as make
from tests.publishing import documents, facts
from tests.publishing.documents import DAY, NOW
from tests.publishing.facts import CHECKED_ON, approved, fresh, published, saved

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# One other value of each field that is not medical.
BUSINESS: dict[str, Any] = {
    "price_from": 18000,
    "price_to": 21000,
    "cost_basis": "per scar",
    "price_reviewed_on": date(2026, 11, 30),
    "offered": False,
    "order": 7,
}


def test_every_field_that_editors_fill_is_in_the_snapshot() -> None:
    columns = {field.name for field in (*Treatment._meta.fields, *Treatment._meta.many_to_many)}
    kept_beside = {"id", "code", "is_published", "live", "reviewed_by", "reviewed_on"}
    assert {field.name for field in fields(TreatmentSnapshot)} - {
        "checked_by",
        "checked_on",
    } == columns - kept_beside
    assert set(NOT_MEDICAL) == set(BUSINESS)


@pytest.mark.parametrize("name", BUSINESS)
def test_what_is_not_medical_goes_live_without_a_reviewer_and_leaves_the_name_under_the_rest(
    name: str,
) -> None:
    treatment = facts.treatment()
    saved(treatment, **{name: BUSINESS[name]})
    assert due.due(NOW, make.LONDON).waiting == []
    published(treatment, 2)
    row = fresh(treatment)
    assert getattr(row, name) == BUSINESS[name]
    assert (row.reviewed_by, row.reviewed_on) == (facts.person(), CHECKED_ON)
    assert row.versions.get(number=2).approved_by is None


@pytest.mark.parametrize(
    "changes",
    [
        {"main_risk": "None at all"},
        {"name": "Strong peel"},
        {"cuts": True},
        {"downtime_days": 2},
        {"recovery": (("Day 1", "Red"),)},
        {"sources": ()},
        {"price_from": 1, "how": "It melts skin."},
    ],
)
def test_what_is_medical_waits_for_a_reviewer(changes: dict[str, Any]) -> None:
    treatment = facts.treatment()
    before = of_treatment(treatment)
    saved(treatment, **changes)
    assert [each.document for each in due.due(NOW, make.LONDON).waiting] == [treatment]
    with pytest.raises(NeedsReviewer):
        published(treatment, 2)
    assert of_treatment(fresh(treatment)) == before


def test_approved_facts_go_live_under_the_reviewers_name() -> None:
    treatment = facts.treatment(reviewed_by=None, reviewed_on=None)
    saved(treatment, main_risk="Dark marks for some weeks")
    approved(treatment, 2)
    published(treatment, 2)
    row = fresh(treatment)
    assert (row.main_risk, row.reviewed_by) == ("Dark marks for some weeks", facts.person())
    assert row.reviewed_on == documents.TODAY


def test_facts_that_nobody_checked_get_no_name_by_a_new_price() -> None:
    treatment = facts.treatment(reviewed_by=None, reviewed_on=None)
    saved(treatment, price_from=18000)
    published(treatment, 2)
    assert (fresh(treatment).price_from, fresh(treatment).reviewed_by) == (18000, None)


def test_a_price_that_promises_stands_in_the_way() -> None:
    treatment = facts.treatment()
    saved(treatment, cost_basis="per visit, guaranteed")
    with pytest.raises(Blocked):
        published(treatment, 2)


def test_a_price_goes_live_at_its_time() -> None:
    treatment = facts.treatment()
    saved(treatment, price_from=18000)
    verbs.schedule(treatment, Edit(documents.as_ed(), NOW, 2), publish_at=NOW + DAY)
    assert clock.publish_due(NOW + DAY) == 1
    assert (fresh(treatment).price_from, fresh(treatment).reviewed_by) == (18000, facts.person())


def test_a_new_treatment_is_nowhere_until_it_is_published() -> None:
    facts.source()
    new = verbs.add_treatment(Edit(documents.as_ed(), NOW), "laser", facts.treatment_snapshot(offered=True))
    assert (list(Treatment.objects.published()), list(Treatment.objects.offered())) == ([], [])
    with pytest.raises(NeedsReviewer):
        published(new, 1)
    approved(new, 1)
    published(new, 1)
    assert list(Treatment.objects.offered()) == [new]
    with pytest.raises(EditRefused) as refusal:
        verbs.add_treatment(Edit(documents.as_ed(), NOW), "laser", facts.treatment_snapshot())
    assert refusal.value.code == "code_taken"


def test_a_new_treatment_in_a_plan_stays_until_the_plan_lets_it_go() -> None:
    facts.source()
    new = verbs.add_treatment(Edit(documents.as_ed(), NOW), "laser", facts.treatment_snapshot())
    facts.plan().lines.create(treatment=new, times_from=1, times_to=1)
    with pytest.raises(EditRefused) as refusal:
        verbs.remove(new, Edit(documents.as_ed(), NOW))
    assert refusal.value.code == "in_use"


def test_an_unpublished_treatment_goes_back_with_the_name_that_it_had() -> None:
    signed, unsigned = facts.treatment(), facts.treatment("cream", reviewed_by=None, reviewed_on=None)
    for treatment in (signed, unsigned):
        saved(treatment, price_from=18000)
        published(treatment, 2)
        verbs.unpublish(treatment, Edit(documents.as_ed(), NOW))
    published(signed, 2)
    assert fresh(signed).reviewed_by == facts.person()
    with pytest.raises(NeedsReviewer):
        published(unsigned, 2)


def test_what_the_list_of_waiting_drafts_says_is_what_publishing_says() -> None:
    price, fact, new = facts.treatment(), facts.treatment("cream"), facts.treatment("laser")
    saved(price, price_from=1)
    saved(fact, how="It melts.")
    saved(new, order=9)
    verbs.unpublish(new, Edit(documents.as_ed(), NOW))
    waiting = {each.document for each in due.due(NOW, make.LONDON).waiting}
    for treatment in (price, fact):
        tip = treatment.versions.get(number=2)
        assert (treatment in waiting) == bool(
            reviewer.needs_reviewer(kinds.snapshot_of(tip), fresh(treatment))
        )
    assert fact in waiting and price not in waiting


@pytest.mark.parametrize("signed", [True, False])
def test_a_new_price_of_an_unpublished_treatment_waits_only_where_nobody_has_signed_it(signed: bool) -> None:
    nobody: dict[str, Any] = {} if signed else {"reviewed_by": None, "reviewed_on": None}
    treatment = facts.treatment(**nobody)
    verbs.unpublish(treatment, Edit(documents.as_ed(), NOW))
    saved(treatment, price_from=18000)
    snapshot = reviewer.as_readers_get_it(treatment.versions.get(number=2), make.LONDON)
    waiting = [each.document for each in due.due(NOW, make.LONDON).waiting]
    assert bool(waiting) == bool(reviewer.needs_reviewer(snapshot, fresh(treatment))) == (not signed)
