"""What differs between two versions of a document: field by field, and within a field word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Literal

from content import limits
from content.publishing import snapshots
from content.publishing.snapshots import Snapshot

# Unchanged lines that are shown before and after a change; the rest is counted.
AROUND = 1
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: in both, only in the older ("gone") or only in the newer ("new")."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True)
class Line:
    """A line of a field, or several that changed together; or how many unchanged lines are left out."""

    pieces: tuple[Piece, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class Difference:
    """One field that differs. `field` is its name in the snapshot."""

    field: str
    lines: tuple[Line, ...]


def between(before: Snapshot, after: Snapshot) -> list[Difference]:
    """The fields that differ, in the order of the form. Both are of one kind."""
    return [
        Difference(name, lines(_text(getattr(before, name)), _text(getattr(after, name))))
        for name in snapshots.changed(before, after)
    ]


def lines(before: str, after: str) -> tuple[Line, ...]:
    """Two texts as one: what is in both, what is gone and what is new, with unchanged lines far from any change left out."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    if len(old) + len(new) > limits.COMPARED_LINES:
        return tuple(Line((piece,)) for piece in _pieces(("gone", before), ("new", after)))
    # autojunk: in long texts a line that comes again and again starts no match, or the time goes with the cube of the lines.
    blocks = SequenceMatcher(None, old, new, autojunk=True).get_opcodes()
    for place, (tag, start, end, other, other_end) in enumerate(blocks):
        if tag == "equal":
            found += _unchanged(old[start:end], first=place == 0, last=place == len(blocks) - 1)
        else:
            pieces = words("\n".join(old[start:end]), "\n".join(new[other:other_end]))
            together = any(piece.kind == "same" for piece in pieces)
            found += [Line(pieces)] if together else [Line((piece,)) for piece in pieces]
    return tuple(found)


def _unchanged(same: list[str], *, first: bool, last: bool) -> Iterator[Line]:
    """The lines next to a change, and how many lie between. At the ends of a text only one side has a change."""
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if len(same) <= head + tail + 1:
        yield from (Line((Piece("same", line),)) for line in same)
        return
    yield from (Line((Piece("same", line),)) for line in same[:head])
    yield Line(left_out=len(same) - head - tail)
    yield from (Line((Piece("same", line),)) for line in same[len(same) - tail :])


def words(before: str, after: str) -> tuple[Piece, ...]:
    """Two short texts as one. Texts with little in common are shown whole, one after the other: that reads better."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) + len(new) > limits.COMPARED_WORDS or matcher.ratio() < 0.4:
        return _pieces(("gone", before), ("new", after))
    found: list[tuple[Literal["same", "gone", "new"], str]] = []
    for tag, start, end, other, other_end in matcher.get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[start:end])))
        else:
            found += [("gone", "".join(old[start:end])), ("new", "".join(new[other:other_end]))]
    return _pieces(*found)


def _pieces(*found: tuple[Literal["same", "gone", "new"], str]) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in found if text)


def _text(value: Any) -> str:
    """A field's value as lines: a code each, a fact each ("Visits: 3 to 6"), a date in ISO, a text as it is, yes or no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        # Codes have no order of their own; facts do.
        codes = sorted(item for item in value if isinstance(item, str))
        return "\n".join(codes or [_row(row) for row in value])
    return str(value)


def _row(row: tuple[Any, ...]) -> str:
    """A fact with what it says, or a treatment of a plan: how many times at least and at most, and its note."""
    if len(row) == 4:
        code, low, high, note = row
        return f"{code}: {low} to {high}" + (f" ({note})" if note else "")
    return ": ".join(row)
