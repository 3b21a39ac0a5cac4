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


@pytest.mark.parametrize("snapshot", FULL)
def test_json_gives_back_what_it_was_given(snapshot: Any) -> None:
    assert type(snapshot).from_data(json.loads(json.dumps(snapshot.data()))) == snapshot


@pytest.mark.parametrize("kind", [CellSnapshot, TreatmentSnapshot, PlanSnapshot])
def test_a_version_outlives_its_fields(kind: Any) -> None:
    assert kind.from_data({"a field of old": 1}) == kind()


def test_what_a_reviewer_signs_leaves_out_business_and_names() -> None:
    snapshot = TreatmentSnapshot(name="Peel ", price_from=1, checked_by="rhea")
    assert not {*NOT_MEDICAL, "checked_by", "checked_on"} & snapshot.medical().keys()
    assert snapshot.medical() == replace(snapshot, name="Peel", price_from=2, checked_by="").medical()
    assert snapshot.medical() != replace(snapshot, cuts=True).medical()


def test_nobody_signs_a_plan() -> None:
    snapshot = PlanSnapshot(title="Two")
    assert snapshot.with_check("rhea", date(2026, 11, 2), None) == snapshot
