"""What an editor decides about a treatment, a cell of the matrix or an example plan, as one value each.

NOT_MEDICAL says, here and nowhere else, which fields of a treatment are medical.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import models

from content.models import ExamplePlan, ExamplePlanLine, Source, Suitability, Treatment
from content.publishing.snapshots import Snapshot, person

NOT_MEDICAL = (
    *("price_from", "price_to", "cost_basis", "price_reviewed_on"),
    *("offered", "order"),
)
"""The fields of a treatment that the clinic decides as a business: what it asks, whether it gives the treatment, and where a
list puts it. A version that differs from what readers have in these alone goes live without a reviewer.

All others are medical. Among them are `name` and `short`, because a name promises ("scar remover"), `is_medical_procedure`,
which tells machines what it is, and every flag of the guide, because a flag decides whom the treatment is named to.
A cell of the matrix is medical as a whole. An example plan is about money, and nobody's name stands under it.
"""


@dataclass(frozen=True)
class CellSnapshot(Snapshot):
    """How well one treatment fits one concern. Which ones is the row's identity and never changes."""

    CODES = ("sources",)
    DATES = ("checked_on",)

    score: int = 0
    specialist_only: bool = False
    waits_in_pregnancy: bool = False
    reason_code: str = ""
    reason: str = ""
    sources: tuple[str, ...] = ()
    checked_by: str = ""  # a person's slug
    checked_on: date | None = None


@dataclass(frozen=True)
class TreatmentSnapshot(Snapshot):
    """A treatment without its code, which never changes. Prices are in minor units of the clinic's currency."""

    CODES = ("sources",)
    DATES = ("price_reviewed_on", "checked_on")
    ROWS = ("recovery",)

    name: str = ""
    short: str = ""
    offered: bool = False
    is_medical_procedure: bool = True
    how: str = ""
    order: int = 0
    evidence: str = ""
    evidence_words: str = ""
    sources: tuple[str, ...] = ()
    sessions: str = ""
    sessions_most: int | None = None
    session_length: str = ""
    comfort: str = ""
    downtime: str = ""
    downtime_days: int | None = None
    recovery: tuple[tuple[str, str], ...] = ()
    main_risk: str = ""
    pigment_risk: str = ""
    at_home: bool = False
    allowed_with_keloids: bool = False
    waits_after_isotretinoin: bool = False
    needs_test_spot: bool = False
    cuts: bool = False
    face_only: bool = False
    is_filler: bool = False
    hold_in_pregnancy: str = ""
    adds_to: str = ""
    invasiveness: int = Treatment.Invasiveness.SURGERY.value
    cost_basis: str = ""
    price_from: int | None = None
    price_to: int | None = None
    price_reviewed_on: date | None = None
    checked_by: str = ""  # a person's slug
    checked_on: date | None = None

    def medical(self) -> dict[str, Any]:
        """What a reviewer puts their name to, by the names of the fields."""
        left_out = (*NOT_MEDICAL, "checked_by", "checked_on")
        return {name: value for name, value in vars(self.tidy()).items() if name not in left_out}


@dataclass(frozen=True)
class PlanSnapshot(Snapshot):
    """An example plan. `lines`: the code of a treatment, how many times at least, at most, and a note."""

    ROWS = ("lines",)
    DATES = ("checked_on",)

    title: str = ""
    for_whom: str = ""
    note: str = ""
    lines: tuple[tuple[str, int, int, str], ...] = ()
    order: int = 0
    # Always empty: no reviewer's name stands under a plan.
    checked_by: str = ""
    checked_on: date | None = None

    def with_check(self, by: str, on: date | None, next_review: date | None) -> PlanSnapshot:
        """As it is."""
        return self


def of_cell(cell: Suitability) -> CellSnapshot:
    """What the cell's row says now. Two statements."""
    by = cell.reviewed_by
    return CellSnapshot(
        **_plain(cell, CellSnapshot),
        sources=_codes(cell.sources.all()),
        checked_by=by.slug if by else "",
        checked_on=cell.reviewed_on,
    )


def of_treatment(treatment: Treatment) -> TreatmentSnapshot:
    """What the treatment's row says now. Two statements."""
    by = treatment.reviewed_by
    return TreatmentSnapshot(
        **_plain(treatment, TreatmentSnapshot),
        recovery=tuple((label, text) for label, text in treatment.recovery),
        sources=_codes(treatment.sources.all()),
        checked_by=by.slug if by else "",
        checked_on=treatment.reviewed_on,
    )


def of_plan(plan: ExamplePlan) -> PlanSnapshot:
    """What the plan's row and its lines say now. One statement."""
    lines = plan.lines.select_related("treatment")
    return PlanSnapshot(
        **_plain(plan, PlanSnapshot),
        lines=tuple((row.treatment.code, row.times_from, row.times_to, row.note) for row in lines),
    )


def apply_cell(snapshot: CellSnapshot, cell: Suitability) -> None:
    """Make the cell's row say it, and save. Sources whose row is gone are left out. The caller holds the transaction."""
    _put(snapshot, cell)
    cell.reviewed_by, cell.reviewed_on = person(snapshot.checked_by), snapshot.checked_on
    cell.save()
    cell.sources.set(Source.objects.filter(code__in=snapshot.sources))


def apply_treatment(snapshot: TreatmentSnapshot, treatment: Treatment) -> None:
    """Make the treatment's row say it, and save. Sources whose row is gone are left out. Within the caller's transaction."""
    _put(snapshot, treatment)
    treatment.recovery = [list(pair) for pair in snapshot.recovery]
    treatment.reviewed_by, treatment.reviewed_on = person(snapshot.checked_by), snapshot.checked_on
    treatment.save()
    treatment.sources.set(Source.objects.filter(code__in=snapshot.sources))


def apply_plan(snapshot: PlanSnapshot, plan: ExamplePlan) -> None:
    """Make the plan's row and its lines say it, and save. The caller holds the transaction, and knows the treatments."""
    _put(snapshot, plan)
    plan.save()
    if of_plan(plan).lines == snapshot.lines:
        return
    known = {row.code: row for row in Treatment.objects.filter(code__in=[line[0] for line in snapshot.lines])}
    plan.lines.all().delete()
    ExamplePlanLine.objects.bulk_create(
        ExamplePlanLine(plan=plan, treatment=known[code], times_from=low, times_to=high, note=note)
        for code, low, high, note in snapshot.lines
        if code in known
    )


def _names(kind: type[Snapshot]) -> Iterable[str]:
    """The fields that a row holds under the same name and in the same form."""
    others = (*kind.CODES, *kind.ROWS, "checked_by", "checked_on")
    return (field.name for field in fields(kind) if field.name not in others)


def _plain(row: models.Model, kind: type[Snapshot]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _names(kind)}


def _put(snapshot: Snapshot, row: models.Model) -> None:
    """Into the row's plain columns; nothing is saved yet."""
    vars(row).update({name: getattr(snapshot, name) for name in _names(type(snapshot))})


def _codes(rows: Iterable[Source]) -> tuple[str, ...]:
    return tuple(row.code for row in rows)
