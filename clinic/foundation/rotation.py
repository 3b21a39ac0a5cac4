"""Changing FIELD_KEYS: every encrypted value of every model is found, counted by its key, and written under the first.

All of it is safe while the site writes, and can be interrupted and restarted. docs/operations.md (Keys) has the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from clinic.foundation import limits
from clinic.foundation.crypto import EncryptedTextField, Sealed, decrypt, encrypt, key_of


@dataclass(frozen=True)
class Place:
    """One encrypted value: whose it is. Never what it says."""

    model: str
    pk: Any
    field: str

    def __str__(self) -> str:
        return f"{self.model} {self.pk}, {self.field}"


@dataclass
class Found:
    """How many values open with which key (0 is the first of FIELD_KEYS; None: with none)."""

    by_key: Counter[int | None] = field(default_factory=Counter)

    @property
    def unreadable(self) -> int:
        return self.by_key[None]

    @property
    def older(self) -> int:
        """Values that need a key other than the first."""
        return sum(count for key, count in self.by_key.items() if key)


@dataclass
class Rewritten:
    """What a run of `rewrite` did. `busy`: somebody else held the row, and it is left under its older key."""

    already: int = 0
    rewritten: int = 0
    busy: int = 0
    unreadable: int = 0


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every model, with the name of each encrypted field for which it has a column."""
    for model in apps.get_models():
        for column in model._meta.local_concrete_fields:
            if isinstance(column, EncryptedTextField) and model._meta.managed and not model._meta.proxy:
                yield model, column.attname


def count(name_unreadable: Callable[[Place], object]) -> Found:
    """Look at every value. Changes nothing; `name_unreadable` is told of each that no key opens."""
    found = Found()
    for model, name in columns():
        for batch in _batches(model, name):
            for pk, token in batch:
                key = key_of(token)
                found.by_key[key] += 1
                if key is None:
                    name_unreadable(Place(model._meta.label_lower, pk, name))
    return found


def rewrite(name_unreadable: Callable[[Place], object]) -> Rewritten:
    """Rewrite every value that is not yet under the first key. `name_unreadable` is told of each that no key opens."""
    came_to = Rewritten()
    for model, name in columns():
        busy: list[tuple[Any, str]] = []
        for batch in _batches(model, name):
            older = []
            for pk, token in batch:
                key = key_of(token)
                if key is None:
                    came_to.unreadable += 1
                    name_unreadable(Place(model._meta.label_lower, pk, name))
                elif key == 0:
                    came_to.already += 1
                else:
                    older.append((pk, token))
            busy += _swap(model, name, older, came_to)
        for start in range(0, len(busy), limits.rows.ROTATION_ROWS):
            came_to.busy += len(_swap(model, name, busy[start : start + limits.rows.ROTATION_ROWS], came_to))
    return came_to


def newest_open() -> str:
    """A word for /readyz: "ok" if the newest value of every encrypted column opens, "unreadable" if one does not, or "none".

    A few quick queries, however many rows there are. Rows without ascending numbers (drafts) have no newest one.
    """
    seen = 0
    for model, name in columns():
        if not isinstance(model._meta.pk, models.AutoField):
            continue
        tokens = (
            _stored(model, name)
            .order_by("-pk")
            .values_list("stored", flat=True)[: limits.rows.ROTATION_NEWEST_ROWS]
        )
        newest = next((token for token in tokens if token), None)
        if newest is not None:
            seen += 1
            if key_of(newest) is None:
                return "unreadable"
    return "ok" if seen else "none"


def _stored(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """The rows, with what the column holds as `stored`: the field itself would open it."""
    return model._base_manager.annotate(stored=Cast(name, models.TextField()))


def _batches(model: type[models.Model], name: str) -> Iterator[list[tuple[Any, str]]]:
    """All (primary key, token) pairs of a column, a batch at a time, in the order of their keys."""
    rows = _stored(model, name).exclude(stored=None).exclude(stored="").order_by("pk")
    after = rows
    while batch := list(after.values_list("pk", "stored")[: limits.rows.ROTATION_ROWS]):
        yield batch
        after = rows.filter(pk__gt=batch[-1][0])


def _swap(
    model: type[models.Model], name: str, older: list[tuple[Any, str]], came_to: Rewritten
) -> list[tuple[Any, str]]:
    """Rewrite these values in one short transaction; return those whose rows somebody else holds at the moment.

    Never waits for a row while it holds others, so nobody ends in a deadlock with us. A value that was changed since it was
    read is left alone: the site has written it, under its own first key.
    """
    if not older:
        return []
    with transaction.atomic():
        locked = set(
            model._base_manager.select_for_update(skip_locked=True, of=("self",))
            .filter(pk__in=[pk for pk, _ in older])
            .values_list("pk", flat=True)
        )
        for pk, token in older:
            if pk in locked:
                same = _stored(model, name).filter(pk=pk, stored=token)
                came_to.rewritten += same.update(**{name: Sealed(encrypt(decrypt(token)))})
    there = set(model._base_manager.filter(pk__in=[pk for pk, _ in older]).values_list("pk", flat=True))
    return [(pk, token) for pk, token in older if pk in there - locked]
