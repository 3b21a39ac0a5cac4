"""Cells, treatments and example plans for the tests of this folder. Ed edits, Rhea reviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from content.models import (
    Document,
    ExamplePlan,
    ExamplePlanLine,
    PageEvent,
    Person,
    Source,
    Suitability,
    Treatment,
    Version,
)
from content.publishing import kinds, verbs
from content.publishing.edit import Edit
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot
from tests import factories as make
from tests.publishing import documents
from tests.publishing.documents import NOW

CHECKED_ON = date(2026, 11, 2)
GUARANTEED = "GUARANTEED to remove every scar."
REASON = "It lifts shallow scars a little."


def source(code: str = "KHN") -> Source:
    return Source.objects.get_or_create(code=code, defaults={"title": f"Source {code}"})[0]


def person() -> Person:
    """Rhea, as readers know her."""
    documents.rhea()
    return Person.objects.get(slug="rhea-lund")


def cell(**changes: Any) -> Suitability:
    """A cell as it is in a clinic that has had it since before versions: live, and signed by Rhea."""
    values = {
        "score": 2,
        "reason_code": "R1",
        "reason": REASON,
        "reviewed_by": person(),
        "reviewed_on": CHECKED_ON,
    }
    row = Suitability.objects.create(concern=make.concern(), treatment=treatment(), **(values | changes))
    row.sources.add(source())
    return row


def treatment(code: str = "peel", **changes: Any) -> Treatment:
    """The same: offered, live, its facts signed by Rhea unless told otherwise."""
    values = {
        "name": "Light peel",
        "short": "Peel",
        "offered": True,
        "how": "It lifts the top of the skin.",
        "evidence": "B",
        "evidence_words": "Some small trials",
        "main_risk": "Dark marks",
        "cost_basis": "per visit",
        "price_from": 16500,
        "price_reviewed_on": CHECKED_ON,
        "reviewed_by": person(),
        "reviewed_on": CHECKED_ON,
    }
    row, made = Treatment.objects.get_or_create(code=code, defaults=values | changes)
    if made:
        row.sources.add(source())
    return row


def plan(**changes: Any) -> ExamplePlan:
    """Three visits for a light peel, live."""
    values = {"title": "Shallow dips", "for_whom": "Somebody with shallow scars."} | changes
    row = ExamplePlan.objects.create(**values)
    ExamplePlanLine.objects.create(plan=row, treatment=treatment(), times_from=3, times_to=3)
    return row


def cell_snapshot(**changes: Any) -> CellSnapshot:
    return replace(CellSnapshot(score=2, reason_code="R1", reason=REASON, sources=("KHN",)), **changes)


def treatment_snapshot(**changes: Any) -> TreatmentSnapshot:
    whole = TreatmentSnapshot(
        name="New laser",
        short="Laser",
        how="It warms the skin.",
        evidence="C",
        evidence_words="A few cases",
        sources=("KHN",),
    )
    return replace(whole, **changes)


def plan_snapshot(**changes: Any) -> PlanSnapshot:
    whole = PlanSnapshot(title="Two visits", for_whom="Somebody with few scars.", lines=(("peel", 2, 2, ""),))
    return replace(whole, **changes)


def saved(document: Document, *, number: int = 1, **changes: Any) -> Version:
    """Ed saves the document with these changes to what its newest version says."""
    newest = document.versions.kept().order_by("-number").first()
    snapshot: Any = kinds.snapshot_of(newest) if newest else kinds.of(document)
    return verbs.save_draft(
        document, Edit(documents.as_ed(), NOW + documents.HOUR, number), replace(snapshot, **changes)
    )


def approved(document: Document, number: int) -> Version:
    return verbs.approve(document, Edit(documents.as_rhea(), NOW + documents.HOUR, number))


def published(document: Document, number: int, **more: Any) -> Version:
    return verbs.publish(document, Edit(documents.as_ed(), NOW + documents.HOUR, number), **more)


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def told(document: Document) -> list[str]:
    """The verbs of the document's history, oldest first."""
    return list(document.events.order_by("pk").values_list("verb", flat=True))


def words(document: Document) -> list[str]:
    """What the reviewers who sent it back said."""
    return list(
        PageEvent.objects.filter(version__in=document.versions.all(), verb="send_back").values_list(
            "reason", flat=True
        )
    )
