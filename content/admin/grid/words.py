"""A cell of the matrix in words for staff, and two versions of it side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from content.publishing import differences
from content.publishing.differences import Line, Piece
from content.publishing.facts import CellSnapshot
from content.publishing.grid import score_words

LABELS = {
    "score": "Score",
    "reason": "Reason",
    "specialist_only": "Only a specialist decides",
    "waits_in_pregnancy": "The guide leaves it out in pregnancy",
    "sources": "Sources",
    "reason_code": "Code of the reason",
}


@dataclass(frozen=True)
class Side:
    """One field of two versions: what stood there (with what is gone marked), and what stands there now."""

    label: str
    before: tuple[tuple[Piece, ...], ...]
    after: tuple[tuple[Piece, ...], ...]


def in_words(snapshot: CellSnapshot, titles: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(field, label, text) of everything that a cell says. `titles` of sources, by code, each on a line of its own."""
    texts = {
        "score": score_words(snapshot.score),
        "reason": snapshot.reason,
        "specialist_only": "Yes" if snapshot.specialist_only else "No",
        "waits_in_pregnancy": "Yes" if snapshot.waits_in_pregnancy else "No",
        "sources": "\n".join(f"{code}: {titles.get(code, 'gone')}" for code in sorted(snapshot.sources)),
        "reason_code": snapshot.reason_code,
    }
    return [(name, label, texts[name]) for name, label in LABELS.items()]


def sides(before: CellSnapshot | None, after: CellSnapshot, titles: Mapping[str, str]) -> list[Side]:
    """The fields that differ, in the order of the form. Without a `before`, all that are not empty."""
    old = {name: text for name, _, text in in_words(before, titles)} if before else {}
    return [
        _side(name, label, old.get(name, ""), text)
        for name, label, text in in_words(after, titles)
        if old.get(name, "") != text
    ]


def _side(name: str, label: str, before: str, after: str) -> Side:
    if name not in ("reason", "sources"):
        # "2, may help" and "1, sometimes added": what they share is no help.
        return Side(label, _whole("gone", before), _whole("new", after))
    lines = differences.lines(before, after)
    return Side(label, tuple(_only(lines, "gone")), tuple(_only(lines, "new")))


def _whole(kind: Literal["gone", "new"], text: str) -> tuple[tuple[Piece, ...], ...]:
    return ((Piece(kind, text),),) if text else ()


def _only(lines: Iterable[Line], kind: str) -> Iterable[tuple[Piece, ...]]:
    """The lines of one side: what is in both, and what only this side has."""
    for line in lines:
        pieces = tuple(piece for piece in line.pieces if piece.kind in ("same", kind))
        if pieces:
            yield pieces
