"""The kinds of document that go from a draft to what readers see, and how they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from content.models import Document, ExamplePlan, Page, PageEvent, Suitability, Treatment, Version
from content.publishing import facts
from content.publishing import snapshots as pages
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot
from content.publishing.snapshots import PageSnapshot

# What a document says, as one value.
DocumentSnapshot = PageSnapshot | CellSnapshot | TreatmentSnapshot | PlanSnapshot


@dataclass(frozen=True)
class Kind:
    """`name` is the field of a version that says whose it is; `noun` is what people call it, as in "This page".

    `of` reads what a row says, `apply` makes a row say it and saves. `taken` is what to say when the database refuses that
    because another row has the address, the title or the place.
    """

    name: str
    noun: str
    snapshot: type[DocumentSnapshot]
    of: Callable[[Any], DocumentSnapshot]
    apply: Callable[[Any, Any], None]
    taken: tuple[str, str]
    has_reviewer: bool = True


_KINDS: dict[type[Document], Kind] = {
    Page: Kind(
        name="page",
        noun="page",
        snapshot=PageSnapshot,
        of=pages.of,
        apply=pages.apply,
        taken=("address_taken", "Another page of this kind has this address."),
    ),
    Treatment: Kind(
        name="treatment",
        noun="treatment",
        snapshot=TreatmentSnapshot,
        of=facts.of_treatment,
        apply=facts.apply_treatment,
        taken=("code_taken", "Another treatment has this code."),
    ),
    Suitability: Kind(
        name="cell",
        noun="cell",
        snapshot=CellSnapshot,
        of=facts.of_cell,
        apply=facts.apply_cell,
        taken=("cell_taken", "This treatment already has a cell for this concern."),
    ),
    ExamplePlan: Kind(
        name="plan",
        noun="plan",
        snapshot=PlanSnapshot,
        of=facts.of_plan,
        apply=facts.apply_plan,
        taken=("title_taken", "Another plan has this title."),
        has_reviewer=False,
    ),
}


def kind(document: Document) -> Kind:
    """What is special about documents like this one."""
    return _KINDS[type(document)]


def kind_of(row: Version | PageEvent) -> Kind:
    """The same for the document of a version or an event, without reading it."""
    return next(each for each in _KINDS.values() if getattr(row, f"{each.name}_id") is not None)


def snapshot_of(version: Version) -> DocumentSnapshot:
    """What the version says, with nobody's check."""
    return kind_of(version).snapshot.from_data(version.data).unchecked()


def of(document: Document) -> DocumentSnapshot:
    """What the document's row says now. Four statements at most."""
    return kind(document).of(document)


def must_fit(snapshot: DocumentSnapshot, document: Document) -> None:
    """Raise TypeError for what another kind of document says."""
    if not isinstance(snapshot, kind(document).snapshot):
        raise TypeError(f"{type(snapshot).__name__} is not what a {kind(document).noun} says")


def give(version: Version, document: Document) -> None:
    """Say whose version it is, before it is saved."""
    match document:
        case Page():
            version.page = document
        case Treatment():
            version.treatment = document
        case Suitability():
            version.cell = document
        case ExamplePlan():
            version.plan = document
