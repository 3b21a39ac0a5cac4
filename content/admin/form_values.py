"""From a snapshot to the editor's form, and from what was typed back to a snapshot. For every kind of document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from django import forms
from django.db import models

from clinic.foundation.limits.texts import EDITOR_TEXT_CHARACTERS
from clinic.foundation.text import settled
from content.models import Concern, Source, Treatment
from content.publishing.kinds import DocumentSnapshot

_CODED: dict[str, type[models.Model]] = {"concerns": Concern, "treatments": Treatment, "sources": Source}
# Shown in a preview as they were typed, even where the form has found something wrong in them. Only what no column limits:
# PostgreSQL refuses what is longer than its column.
_LONG = ("summary", "body", "drawing_alt", "how", "reason", "note")


def initial(snapshot: DocumentSnapshot) -> dict[str, Any]:
    """What the form shows for this snapshot. A statement for each list of codes, which become rows."""
    values: dict[str, Any] = {name: getattr(snapshot, name) for name in _names(snapshot)}
    for name in snapshot.ROWS:
        values[name] = [list(row) for row in getattr(snapshot, name)]
    for name in snapshot.CODES:
        rows = _CODED[name]._default_manager.filter(code__in=getattr(snapshot, name))
        values[name] = list(rows.values_list("pk", flat=True))
    return values


def read(form: forms.BaseForm, before: DocumentSnapshot) -> DocumentSnapshot:
    """What a form says that has been checked. A field that it lacks, or that is wrong, stays as it was before."""
    names = _names(before)
    values = {name: _value(before, name, value) for name, value in form.cleaned_data.items() if name in names}
    return replace(before, **values)


def read_loosely(form: forms.BaseForm, before: DocumentSnapshot) -> DocumentSnapshot:
    """The same for a preview: long texts are taken as they were typed, right or wrong."""
    snapshot, names = read(form, before), _names(before)
    wrong = [name for name in _LONG if name in names and name in form.errors]
    sent = {name: form.data.get(form.add_prefix(name)) for name in wrong}
    typed = {name: text for name, text in sent.items() if text is not None}
    return replace(snapshot, **{name: _value(before, name, str(text)) for name, text in typed.items()})


def wrong(form: forms.BaseForm) -> tuple[str, ...]:
    """Each mistake with the name of its field: 'Body: Nothing prints at ...'."""
    found = []
    for name, errors in form.errors.items():
        label = form[name].label if name in form.fields else ""
        found += [f"{label}: {error}" if label else str(error) for error in errors]
    return tuple(found)


def _names(snapshot: DocumentSnapshot) -> frozenset[str]:
    return frozenset(field.name for field in fields(snapshot))


def _value(snapshot: DocumentSnapshot, name: str, value: Any) -> Any:
    if name in snapshot.CODES:
        return _codes(value)
    if name in snapshot.ROWS:
        return tuple(tuple(row) for row in value)
    if isinstance(value, str):
        # Checked texts are clean already; a preview takes what was typed, right or wrong.
        text = settled(value, limit=EDITOR_TEXT_CHARACTERS)
        return f"{text}\n" if name == "body" and text else text
    return 0 if name == "order" and value is None else value


def _codes(rows: Iterable[Any]) -> tuple[str, ...]:
    return tuple(row.code for row in rows)
