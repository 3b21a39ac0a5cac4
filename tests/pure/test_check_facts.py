"""What the check says of a treatment, a cell and a plan before they go live: promises, markup, length, reading age, rows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from content.publishing import check_facts
from content.publishing.check_facts import Site
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot

SITE = Site(sources=frozenset({"KHN"}), treatments=frozenset({"peel"}), names=("Fractional ablative laser",))
CELL: dict[str, Any] = {"score": 2, "reason": "It lifts shallow scars a little.", "sources": ("KHN",)}
TREATMENT: dict[str, Any] = {
    "name": "Light peel",
    "short": "Peel",
    "how": "It lifts the top of the skin.",
    "evidence": "B",
    "evidence_words": "Some small trials",
    "sources": ("KHN",),
}
PLAN: dict[str, Any] = {"title": "Two", "for_whom": "Somebody.", "lines": (("peel", 1, 2, ""),)}
LONG = "The peel works. " * 30
HARD = (
    "Histological reorganisation necessitates considerable multidisciplinary dermatological consideration "
    "notwithstanding individual variability regarding postinflammatory hyperpigmentation susceptibility overall "
    "and undoubtedly irrespective of phototype."
)


def found(snapshot: Any) -> set[tuple[str, str, bool]]:
    return {(each.code, each.field, each.blocks) for each in check_facts.problems(snapshot, SITE)}


@pytest.mark.parametrize(
    "snapshot", [CellSnapshot(**CELL), TreatmentSnapshot(**TREATMENT), PlanSnapshot(**PLAN)]
)
def test_what_is_well_is_left_alone(snapshot: Any) -> None:
    assert found(snapshot) == set()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"reason": "GUARANTEED to remove every scar."}, ("claim_guaranteed", "reason", True)),
        ({"reason": ""}, ("missing", "reason", True)),
        ({"reason": "See [this](/concerns/milia/)."}, ("link_inside", "reason", True)),
        ({"reason": "See https://example.org/"}, ("link_inside", "reason", True)),
        ({"reason": "It <b>lifts</b>."}, ("link_inside", "reason", True)),
        ({"reason": "It helps 30% of people."}, ("percent", "reason", False)),
        ({"reason": LONG}, ("long", "reason", False)),
        ({"reason": HARD}, ("reading_age", "reason", False)),
        ({"sources": ()}, ("sources_missing", "sources", True)),
        ({"sources": (), "score": 0}, ("sources_missing", "sources", False)),
        ({"sources": ("KHN", "OLD")}, ("source_gone", "sources", False)),
    ],
)
def test_a_cell(changes: dict[str, Any], problem: tuple[str, str, bool]) -> None:
    assert problem in found(CellSnapshot(**CELL | changes))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"recovery": (("Day 1", "Guaranteed to be gone"),)}, ("claim_guaranteed", "recovery", True)),
        ({"main_risk": "No risk"}, ("claim_no_risk", "main_risk", True)),
        ({"cost_basis": "per visit, guaranteed"}, ("claim_guaranteed", "cost_basis", True)),
        ({"evidence_words": " "}, ("missing", "evidence_words", True)),
        ({"adds_to": "gone"}, ("treatment_gone", "adds_to", True)),
        ({"downtime": "Red " * 60}, ("long", "downtime", False)),
    ],
)
def test_a_treatment(changes: dict[str, Any], problem: tuple[str, str, bool]) -> None:
    assert problem in found(TreatmentSnapshot(**TREATMENT | changes))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"note": "The best there is."}, ("claim_best", "note", True)),
        ({"lines": (("peel", 1, 1, "Guaranteed"),)}, ("claim_guaranteed", "lines", True)),
        ({"lines": ()}, ("lines_missing", "lines", False)),
        ({"title": ""}, ("missing", "title", True)),
    ],
)
def test_a_plan(changes: dict[str, Any], problem: tuple[str, str, bool]) -> None:
    assert problem in found(PlanSnapshot(**PLAN | changes))


def test_codes_are_no_words_and_a_needed_name_is_not_too_hard() -> None:
    assert found(CellSnapshot(**CELL | {"reason_code": "best"})) == set()
    assert found(TreatmentSnapshot(**TREATMENT | {"hold_in_pregnancy": "best guaranteed"})) == set()


def test_what_blocks_comes_first_then_the_order_of_the_form() -> None:
    snapshot = TreatmentSnapshot(**TREATMENT | {"how": LONG, "main_risk": "No risk", "sources": ()})
    problems = check_facts.problems(snapshot, SITE)
    assert [each.blocks for each in problems] == sorted((each.blocks for each in problems), reverse=True)
    order = [field.name for field in fields(snapshot)]
    blocking = [order.index(each.field) for each in problems if each.blocks]
    assert blocking == sorted(blocking)
