"""From a snapshot to the editor's form, and from what was typed back to a snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from django import forms
from django.db import models

from clinic.foundation.forms import LONGEST
from clinic.foundation.text import settled
from content.models import Concern, Page, Source, Treatment
from content.publishing.snapshot import Snapshot

_NAMES = frozenset(field.name for field in fields(Snapshot))
_LINKS: dict[str, type[models.Model]] = {"concerns": Concern, "treatments": Treatment, "sources": Source}
# Shown in a preview as they were typed, even where the form has found something wrong in them.
_LONG = ("summary", "body", "drawing_alt")

# A new page starts here.
BLANK = Snapshot(kind=Page.Kind.ARTICLE.value, slug="", title="")


def initial(said: Snapshot) -> dict[str, Any]:
    """What the form shows for this snapshot. Three statements: codes become rows."""
    values: dict[str, Any] = {name: getattr(said, name) for name in _NAMES}
    values["at_a_glance"] = [list(pair) for pair in said.at_a_glance]
    for name, model in _LINKS.items():
        codes = getattr(said, name)
        values[name] = list(model._default_manager.filter(code__in=codes).values_list("pk", flat=True))
    return values


def read(form: forms.BaseForm, before: Snapshot) -> Snapshot:
    """What a form says that has been checked. A field that it lacks, or that is wrong, stays as it was before."""
    values = {name: _value(name, value) for name, value in form.cleaned_data.items() if name in _NAMES}
    return replace(before, **values)


def read_loosely(form: forms.BaseForm, before: Snapshot) -> Snapshot:
    """The same for a preview: long texts are taken as they were typed, right or wrong."""
    said = read(form, before)
    typed = {name: form.data[name] for name in _LONG if name in form.errors and name in form.data}
    return replace(said, **{name: _value(name, str(text)) for name, text in typed.items()})


def wrong(form: forms.BaseForm) -> tuple[str, ...]:
    """Each mistake with the name of its field: 'Body: Nothing prints at ...'."""
    found = []
    for name, errors in form.errors.items():
        label = form[name].label if name in form.fields else ""
        found += [f"{label}: {error}" if label else str(error) for error in errors]
    return tuple(found)


def _value(name: str, value: Any) -> Any:
    if name in _LINKS:
        return _codes(value)
    if name == "at_a_glance":
        return tuple((label, text) for label, text in value)
    if isinstance(value, str):
        # Checked texts are clean already; a preview takes what was typed, right or wrong.
        text = settled(value, limit=LONGEST)
        return f"{text}\n" if name == "body" and text else text
    return 0 if name == "order" and value is None else value


def _codes(rows: Iterable[Any]) -> tuple[str, ...]:
    return tuple(row.code for row in rows)
