"""What somebody typed into a form of the desk that could not be taken, because the sign-in had run out or changed.

It is kept in the browser's own page, encrypted, until the same person has signed in: none of it is on the server, and
anyone else who sits there can neither read nor send it. Then it is shown, and the person presses once more. Nothing is
saved by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.apps import apps
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from clinic.foundation import crypto, limits
from clinic.foundation.signin import mark

# The field of the sign-in page that carries it.
FIELD = "kept"
# What fields begin with that ask who is there before a form goes on (again.py).
QUESTION = "again-"
_TOKENS = ("csrfmiddlewaretoken", mark.FIELD)
_BUTTONS = ("do", "make", "times", "preview", "action", "_save", "_continue", "_addanother", "_saveasnew")
# What a page notes for itself and nobody types.
_NOTES = re.compile(r"(_.*|seen|version|page|index|select_across|initial-.*|.*-id|.*_FORMS|.*-__prefix__-.*)")
_WORD = re.compile(r"[^\W\d_]{2}")
_PLACES = {
    "add": "new {}",
    "change": "{}",
    "delete": "deleting {}",
    "changelist": "list, {}",
}


@dataclass(frozen=True)
class Unsent:
    """One form as it was sent: by which account, to which address, with what. Files and passwords are not kept."""

    who: int
    address: str
    fields: dict[str, list[str]]
    left_out: list[str]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of each field, as a form sends them."""
        return [(name, value) for name, values in self.fields.items() for value in values]


def read(request: HttpRequest, now: datetime) -> Unsent | None:
    """What this POST holds; None if it does not say who typed it."""
    who = mark.whose(request.POST.get(mark.FIELD, ""), now)
    if who is None:
        return None
    return Unsent(who, request.get_full_path(), *parts(request))


def parts(request: HttpRequest) -> tuple[dict[str, list[str]], list[str]]:
    """The fields of this POST that may be kept, and the labels of those that may not: passwords and files.

    What a page of ours asks beside a form (QUESTION) is part of neither.
    """
    given = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    theirs = {name: values for name, values in given.items() if not name.startswith(QUESTION)}
    secret = [name for name in theirs if "password" in name]
    fields = {name: values for name, values in theirs.items() if name not in (*secret, *_TOKENS)}
    return fields, [label(name) for name in (*secret, *request.FILES)]


def seal(unsent: Unsent, now: datetime) -> str:
    """The same as text that only `opened` can read; "" if it is too long to carry."""
    text = json.dumps([int(now.timestamp()), asdict(unsent)], ensure_ascii=False, separators=(",", ":"))
    sealed = crypto.encrypt(text)
    return sealed if len(sealed) <= limits.sign_in.UNSENT_CHARACTERS else ""


def opened(sealed: str, now: datetime) -> Unsent | None:
    """What was sealed; None if it is not ours, is too old, or its key is gone."""
    try:
        made, found = json.loads(crypto.decrypt(sealed))
    except (crypto.Unreadable, UnicodeEncodeError):
        return None
    return (
        Unsent(**found) if now.timestamp() - made <= limits.sign_in.DESK_FORM_LIFE.total_seconds() else None
    )


# --- in words ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One field as people read it. `words`: it holds some, and is not just a tick, a number or a choice."""

    label: str
    text: str
    words: bool


def lines(unsent: Unsent) -> Iterator[Line]:
    """What a person filled in, in the order of the form."""
    for name, values in unsent.fields.items():
        if name == "_selected_action":
            yield Line("Rows chosen", str(len(values)), words=False)
        text = "\n".join("ticked" if value == "on" else value for value in values).strip()
        if text and name not in _BUTTONS and not _NOTES.fullmatch(name):
            yield Line(label(name), text, any(value != "on" and _WORD.search(value) for value in values))


def pressed(unsent: Unsent) -> str:
    """The button's words or code; "" if it had neither."""
    pressed = [value for name in _BUTTONS for value in unsent.fields.get(name, [])]
    return pressed[0].replace("_", " ") if pressed else ""


def label(name: str) -> str:
    """A field's name for people: "working_hours-0-starts" is "Working hours 1: starts"."""
    row = re.fullmatch(r"(.+)-(\d+)-(.+)", name)
    told = f"{row[1]} {int(row[2]) + 1}: {row[3]}" if row else name
    return told.replace("_", " ").capitalize()


def place(unsent: Unsent) -> str:
    """What the form was for: "new page"; "" if its address does not say."""
    try:
        name = resolve(unsent.address.partition("?")[0]).url_name or ""
        app, model, what = name.split("_", 2)
        return _PLACES[what].format(apps.get_model(app, model)._meta.verbose_name)
    except (Resolver404, ValueError, LookupError):
        return ""
