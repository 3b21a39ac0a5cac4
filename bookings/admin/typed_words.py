"""What was typed on a request's page beside the button that was pressed: it comes back, in its own place.

All fields of the page belong to one form, so every press brings all of them. The sentences that the pressed button did not
take are kept, encrypted, in the session until the page is next shown, which is at once. They are saved nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from django.forms import Textarea
from django.http import HttpRequest, QueryDict

from bookings import limits
from bookings.admin.actions import ACTIONS
from bookings.admin.forms import DESPITE, VerbForm
from clinic.foundation import crypto

_KEY = "typed_at_a_request"


def _names() -> Iterator[tuple[str, str]]:
    """Every field of the page that people write sentences into: its name there, and its label."""
    for action in ACTIONS.values():
        begins = action.name if action.form.begins == "" else action.form.begins
        written = [
            (name, str(field.label))
            for name, field in action.form.base_fields.items()
            if isinstance(field.widget, Textarea)
        ]
        for name, label in [*written, *([DESPITE] if action.mail else [])]:
            yield (f"{begins}-{name}" if begins else name), label


_NAMES = dict(_names())


def of(data: QueryDict, pressed: VerbForm | None = None) -> dict[str, str]:
    """The sentences that a press brought along, by name, without those of the form that was pressed."""
    taken = set(pressed.written) if pressed is not None else set()
    most = limits.texts.ADVICE_CHARACTERS
    return {
        name: str(data[name])[:most] for name in _NAMES if name not in taken and data.get(name, "").strip()
    }


def keep(request: HttpRequest, consultation_id: int, typed: Mapping[str, str]) -> None:
    """Keep it for the next look at this request, by this person in this browser."""
    if typed:
        request.session[_KEY] = crypto.encrypt(json.dumps([consultation_id, dict(typed)]))


def kept(request: HttpRequest, consultation_id: int) -> dict[str, str]:
    """What was kept for this request; it is forgotten now."""
    if _KEY not in request.session:
        return {}
    try:
        found, typed = json.loads(crypto.decrypt(request.session.pop(_KEY)))
    except crypto.Unreadable:
        return {}
    return dict(typed) if found == consultation_id else {}


def without_place(typed: Mapping[str, str], forms: Iterable[VerbForm]) -> list[tuple[str, str]]:
    """What has no place on the page any more, with the label it had: to copy."""
    there = {name for form in forms for name in form.written}
    return [(_NAMES[name], words) for name, words in typed.items() if name in _NAMES and name not in there]
