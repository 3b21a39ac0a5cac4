"""Snapshots of treatments, cells and plans: kept as JSON, read back, and outliving the fields that they had."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from content.publishing.facts import NOT_MEDICAL, CellSnapshot, PlanSnapshot, TreatmentSnapshot

FULL: list[Any] = [
    CellSnapshot(score=2, reason="It helps.", sources=("KHN", "BHA"), checked_on=date(2026, 11, 2)),
    TreatmentSnapshot(
        name="Peel",
        recovery=(("Day 1", "Red"),),
        sources=("KHN",),
        price_from=16500,
        price_reviewed_on=date(2026, 11, 2),
    ),
    PlanSnapshot(title="Two", lines=(("peel", 1, 2, "A month apart"),)),
]


@pytest.mark.parametrize("said", FULL)
def test_json_gives_back_what_it_was_given(said: Any) -> None:
    assert type(said).from_data(json.loads(json.dumps(said.data()))) == said


@pytest.mark.parametrize("kind", [CellSnapshot, TreatmentSnapshot, PlanSnapshot])
def test_a_version_outlives_its_fields(kind: Any) -> None:
    assert kind.from_data({"a field of old": 1}) == kind()


def test_what_a_reviewer_signs_leaves_out_business_and_names() -> None:
    said = TreatmentSnapshot(name="Peel ", price_from=1, checked_by="rhea")
    assert not {*NOT_MEDICAL, "checked_by", "checked_on"} & said.medical().keys()
    assert said.medical() == replace(said, name="Peel", price_from=2, checked_by="").medical()
    assert said.medical() != replace(said, cuts=True).medical()


def test_nobody_signs_a_plan() -> None:
    said = PlanSnapshot(title="Two")
    assert said.with_check("rhea", date(2026, 11, 2), None) == said
