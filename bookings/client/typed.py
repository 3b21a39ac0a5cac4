"""What somebody typed that did not go through: kept until it is put right, and shown again in words.

A wrong POST answers 303 to its own page, so that Back, Forward and reload find a page there and not a form that
was sent. What was typed waits under the name of its page, in the draft's answers or in the session, encrypted like them.
Errors are not kept: the form finds them again when the page is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from bookings import limits

_TRAP = "website"

Fields = dict[str, list[str]]
Lines = list[tuple[str, list[str]]]


def fields(post: QueryDict, form: forms.Form, prefix: str = "") -> Fields | None:
    """What `post` holds for the fields of `form`, as it was typed; None if that is too much to keep."""
    given = {
        name: [_text(value) for value in post.getlist(prefix + name)]
        for name in form.fields
        if prefix + name in post
    }
    letters = sum(len(value) for values in given.values() for value in values)
    return given if letters <= limits.texts.TYPED_KEPT_CHARACTERS else None


def post(given: Fields) -> QueryDict:
    """The same as a form reads it."""
    found = QueryDict(mutable=True)
    for name, values in given.items():
        found.setlist(name, values)
    return found


def words(form: forms.Form) -> Lines:
    """What a form was filled in with, question by question, for people to read and to copy."""
    typed_lines: Lines = []
    for bound in form:
        lines = [line for line in _lines(bound.field, bound.value()) if line.strip()]
        # Without a label it is a button's value and no words: a time's, or the trap's.
        if lines and bound.field.label is not None and bound.name != _TRAP:
            typed_lines.append((label(str(bound.field.label)), lines))
    return typed_lines


def label(text: str) -> str:
    """A question without the note that nobody has to answer it."""
    return text.removesuffix("(optional)").rstrip()


def _lines(field: forms.Field, value: Any) -> Iterator[str]:
    if isinstance(field, forms.ChoiceField):
        # Django types what may be given; what comes back are pairs.
        choices: Any = field.choices
        names = {str(code): str(name) for code, name in choices if code != ""}
        chosen = value if isinstance(value, list) else [value]
        yield from (names[code] for code in chosen if code in names)
    elif isinstance(field, forms.BooleanField):
        if value:
            yield "Yes"
    else:
        yield from str(value or "").splitlines()


def _text(value: str) -> str:
    """Half of a surrogate pair cannot be written anywhere."""
    return value.encode("utf-8", "replace").decode()
