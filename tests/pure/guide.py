"""The matrix that ships, read from its files, and people who ask the guide."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

import yaml

from content.files import load, shape
from content.guide.answers import HEALTH, NO, Answers
from content.guide.rules import suggest
from content.guide.values import Cell, Concern, LeftOut, Result, Suggestion, Treatment

RISKS = ("none", "low", "low-moderate", "moderate", "moderate-high", "high")
FLAGS = (
    "offered",
    "at_home",
    "allowed_with_keloids",
    "waits_after_isotretinoin",
    "needs_test_spot",
    "cuts",
    "face_only",
    "adds_to",
    "downtime_days",
    "invasiveness",
)


def _rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((load.SHIPPED / name).read_text(encoding="utf-8"))
    return found


def shipped() -> list[Cell]:
    """Every cell, as `content/guide/rows.py` would read it out of a database that was just loaded."""
    with (load.SHIPPED / "suitability.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counting = {
        row["concern"] for row in rows if int(row["score"]) and row["reason_code"] != shape.SPECIALIST_CODE
    }
    concerns = {
        row["code"]: Concern(
            row["code"],
            row["name"],
            comes_first=row["comes_first"],
            needs_clinician_first=row["needs_clinician_first"],
            treatable=row["code"] in counting,
        )
        for row in _rows("concerns.yaml")
    }
    treatments = {
        row["code"]: Treatment(
            row["code"],
            row["name"],
            hold_in_pregnancy=tuple(row["hold_in_pregnancy"].split()),
            pigment_risk=RISKS.index(row["pigment_risk"]) if row["pigment_risk"] else None,
            place=place,
            **{flag: row[flag] for flag in FLAGS},
        )
        for place, row in enumerate(sorted(_rows("treatments.yaml"), key=lambda row: row["order"]))
    }
    return [
        Cell(
            concerns[row["concern"]],
            treatments[row["treatment"]],
            int(row["score"]),
            row["reason"],
            specialist_only=row["reason_code"] == shape.SPECIALIST_CODE,
            waits_in_pregnancy=row["reason_code"] == shape.RETINOID_CODE,
        )
        for row in rows
    ]


MATRIX = shipped()
CONCERNS = sorted({cell.concern.code for cell in MATRIX})
TREATMENTS = {cell.treatment.code: cell.treatment for cell in MATRIX}
# The abbreviations of the domain notes.
LAB, LNA, MN, PRP = (
    "laser-fractional-ablative",
    "laser-fractional-nonablative",
    "microneedling",
    "microneedling-prp",
)
PLS, PLD, MDA, DRB = "peel-superficial", "peel-medium-deep", "microdermabrasion", "dermabrasion"
PUN, FIL, TOP, SUB = "punch", "filler", "topical", "subcision"
CRO, ICS, PDL, RFN = "tca-cross", "steroid-injection", "vascular-laser", "rf-microneedling"

# Somebody to whom nothing applies.
NOTHING: dict[str, Any] = {"signs": ("none",), "where": ("face",), **dict.fromkeys(HEALTH, NO)}


def somebody(*concerns: str, **more: Any) -> Answers:
    """An adult to whom nothing applies and whose skin burns, unless the test says otherwise."""
    values: dict[str, Any] = {"adult": True, "skin": "burns"} | NOTHING | more
    return Answers(concerns=concerns, **values)


def told(*concerns: str, **more: Any) -> Result:
    return suggest(somebody(*concerns, **more), MATRIX)


def codes(found: Iterable[Suggestion | LeftOut]) -> list[str]:
    return [one.treatment.code for one in found]


def left(result: Result, code: str) -> LeftOut:
    (found,) = (one for one in result.left_out if one.treatment.code == code)
    return found


def left_kind(result: Result, code: str) -> str:
    return next((one.kind for one in result.left_out if one.treatment.code == code), "")


def listed(result: Result, code: str) -> Suggestion:
    (found,) = (one for one in result.shown if one.treatment.code == code)
    return found


def flagged(flag: str) -> set[str]:
    return {code for code, treatment in TREATMENTS.items() if getattr(treatment, flag)}
