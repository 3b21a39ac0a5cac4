"""Problems and differences in the words of the forms: fields by their labels, prices as written, choices as they read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from clinic.foundation import money
from content.admin.options import EditorOptions
from content.models import ClinicProfile, Suitability, Treatment
from content.publishing import (
    differences,
    obstacles,
)
from content.publishing.check import Problem
from content.publishing.differences import Difference
from content.publishing.facts import CellSnapshot, TreatmentSnapshot
from content.publishing.kinds import DocumentSnapshot


@dataclass(frozen=True)
class Listed:
    """A problem as the editor lists it: with the field to mend it in, and a tick to let it pass."""

    problem: Problem
    key: str
    ticked: bool
    label: str
    sent: str  # what the field is called in the form


def listed(problems: Sequence[Problem], ticked: Collection[str], options: EditorOptions) -> list[Listed]:
    """Problems for the page, blocking ones first, as they come."""
    keys = [(problem, obstacles.key(problem)) for problem in problems]
    return [
        Listed(problem, key, key in ticked, label(problem.field, options.model), options.sent(problem.field))
        for problem, key in keys
    ]


def compared(before: DocumentSnapshot, after: DocumentSnapshot) -> list[Difference]:
    """What differs between two snapshots of one kind: prices as they are written, choices in their words."""
    currency = ClinicProfile.current().currency if isinstance(after, TreatmentSnapshot) else ""
    return differences.between(_in_words(before, currency), _in_words(after, currency))


def _in_words(snapshot: DocumentSnapshot, currency: str) -> DocumentSnapshot:
    """The same, for people to read and for nothing else."""
    if isinstance(snapshot, TreatmentSnapshot):
        prices = {
            name: "" if amount is None else money.written(amount, currency)
            for name, amount in (("price_from", snapshot.price_from), ("price_to", snapshot.price_to))
        }
        return replace(snapshot, **cast(Any, prices | _chosen(snapshot, Treatment)))
    if isinstance(snapshot, CellSnapshot):
        return replace(snapshot, **cast(Any, _chosen(snapshot, Suitability)))
    return snapshot


def _chosen(snapshot: DocumentSnapshot, model: type[models.Model]) -> dict[str, str]:
    """The words of what was chosen from a list."""
    found: dict[str, str] = {}
    for each in fields(snapshot):
        choices = getattr(_field(each.name, model), "flatchoices", None)
        if choices:
            value = getattr(snapshot, each.name)
            found[each.name] = str(dict(choices).get(value, value))
    return found


def labelled(found: Sequence[Difference], model: type[models.Model]) -> list[tuple[str, Difference]]:
    """Differences with the words of the form."""
    return [(label(difference.field, model), difference) for difference in found]


def label(name: str, model: type[models.Model]) -> str:
    """What the form calls a field of the snapshot."""
    return capfirst(str(getattr(_field(name, model), "verbose_name", name.replace("_", " "))))


def _field(name: str, model: type[models.Model]) -> Any:
    """The column of that name, or None: the lines of a plan are rows of their own."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
