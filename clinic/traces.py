"""What a log may say of an exception: where it happened, and only those of its words that cannot be about anybody.

An exception's message can hold what somebody typed, a link's token or a row that PostgreSQL quotes. The frames are our code.
"""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from clinic.foundation import limits

# These are about code, settings and templates, or the database connection. SQLite names tables and rules, never a value.
_ABOUT_NOBODY = (
    *(
        AttributeError,
        ImportError,
        NameError,
        ImproperlyConfigured,
        TemplateDoesNotExist,
        TemplateSyntaxError,
    ),
    *(OperationalError, InterfaceError, sqlite3.Error),
)


def told(error: BaseException) -> str:
    """The class of `error`, and what else may be said: the database's code and the rule's name, or harmless words."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    diagnosis = getattr(error, "diag", None)
    codes = [getattr(error, "pgcode", None), getattr(diagnosis, "constraint_name", None)]
    codes += [getattr(error, "errno", None)] if isinstance(error, OSError) else []
    words = str(error).partition("\n")[0] if isinstance(error, _ABOUT_NOBODY) else ""
    details = ", ".join(str(part) for part in (*codes, words) if part)
    return f"{name}: {details}" if details else name


def place(error: BaseException) -> str:
    """Where in our own code it happened, as "bookings/outbox.py:140 in claim"; or else where it happened at all."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in ([frame for frame in frames if _is_ours(frame)] or frames)[-1:]:
        path = Path(frame.filename)
        name = path.relative_to(settings.BASE_DIR) if _is_ours(frame) else path.name
        return f"{name}:{frame.lineno} in {frame.name}"
    return "an unknown place"


def lines_of(error: BaseException) -> str:
    """The traceback of `error` and of what led to it, each with its end, and without its message."""
    return "\n\nThen:\n\n".join(_one(part) for part in reversed(list(_chain(error))))


def _one(error: BaseException) -> str:
    frames = list(traceback.extract_tb(error.__traceback__))
    kept = [
        n
        for n, frame in enumerate(frames)
        if _is_ours(frame) or n >= len(frames) - limits.logs.TRACE_END_FRAMES
    ][-limits.logs.TRACE_FRAMES :]
    lines, before = ["Traceback (most recent call last):\n"], -1
    for number in kept:
        lines += ["  ...\n"] if number != before + 1 else []
        lines += traceback.format_list([frames[number]])
        before = number
    return "".join(lines) + told(error)


def _is_ours(frame: traceback.FrameSummary) -> bool:
    """A virtual environment may be in our folder."""
    return Path(frame.filename).is_relative_to(settings.BASE_DIR) and "site-packages" not in frame.filename


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """`error`, and what it was raised from or during, newest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < limits.logs.TRACE_CHAIN:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
