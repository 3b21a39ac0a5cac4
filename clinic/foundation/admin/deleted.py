"""A form that was sent for a row which is no longer there: who deleted it, and every word that was typed, to copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.sites import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse

from clinic.foundation import when
from clinic.foundation.text import id_in

# A heading (empty for the form itself), and below it each field with what was typed into it.
Typed = list[tuple[str, list[tuple[str, str]]]]


def deleted_by(model: type[Model], object_id: str, now: datetime) -> str:
    """'Gus Early deleted it 2 minutes ago', as far as the admin knows, without a full stop."""
    last = deletion(model, object_id)
    if last is None:
        return "Somebody deleted it"
    name = last.user.get_full_name() or last.user.get_username()
    return f"{name} deleted it {when.ago(last.action_time, now)}"


def deletion(model: type[Model], object_id: str) -> LogEntry | None:
    """The admin's own line about it, with the user; None for what was deleted elsewhere."""
    rows = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id=str(id_in(object_id)),
        action_flag=DELETION,
    )
    return rows.select_related("user").first()


def typed(parts: Iterable[tuple[str, forms.BaseForm]]) -> Typed:
    """What people can read of these forms as they were sent: no password, nothing hidden, nothing left empty."""
    found = [(heading, list(_filled(form))) for heading, form in parts]
    return [(heading, lines) for heading, lines in found if lines]


def page(
    request: HttpRequest, site: AdminSite, *, name: str, by: str, words: Typed, back: str
) -> TemplateResponse:
    """410. `name` is what the row was ("practitioner"), `by` a sentence without its full stop, `back` an address."""
    context = site.each_context(request) | {
        "title": f"This {name} has been deleted",
        "by": by,
        "typed": words,
        "back": back,
    }
    return TemplateResponse(request, "admin/gone.html", context, status=410)


def _filled(form: forms.BaseForm) -> Iterator[tuple[str, str]]:
    for box in form:
        secret = getattr(box.field.widget, "input_type", "") == "password"
        if not box.is_hidden and not secret and (words := _words(box.field, box.data)):
            yield str(box.label), words


def _words(field: forms.Field, value: Any) -> str:
    """A value as it was sent, with the names of choices."""
    if isinstance(value, UploadedFile):
        return value.name or ""
    if value is True:
        return "Yes"
    names = dict(_flat(getattr(field, "choices", ())))
    parts = value if isinstance(value, list | tuple) else [value]
    return "\n".join(_part(part, names) for part in parts if part)


def _part(part: Any, names: dict[str, str]) -> str:
    if isinstance(part, list | tuple):
        return ": ".join(str(one) for one in part if one)
    return names.get(str(part), str(part))


def _flat(choices: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)
