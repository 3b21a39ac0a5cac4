"""The leaflet of a concern or a treatment: what of a page's text goes on paper. Pure: pieces of a page in, pieces out.

A leaflet is a selection, but what keeps somebody safe is never cut. `SAFETY` is the one place that says which sections those
are, by their headings. Of the headings that every page of a kind has (`HEADINGS` of content/publishing/check.py) it means
"Risks", "When we would not do it or would wait" and "When to see a pharmacist, GP or dermatologist"; and whatever else an
editor calls a section of risks, of waiting or of help.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

from django.utils.safestring import SafeString

from content.text import markdown

SAFETY = re.compile(r"\b(?:risks?|wait|would not do|when to see|get help|urgent)\b", re.IGNORECASE)

_HEADING = re.compile(r"<h2 [^>]*>(.*?)</h2>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)


class Piece(Protocol):
    """A part of a page as it prints: HTML, or the name of a slot or of a picture."""

    @property
    def kind(self) -> str: ...
    @property
    def content(self) -> str: ...


P = TypeVar("P", bound=Piece)


def opening(pieces: Iterable[Piece]) -> SafeString:
    """The first paragraph of the text, or nothing. One that stands in a section about safety is printed there."""
    first = next((piece.content for piece in pieces if piece.kind == "html"), "")
    section = next((each for each in markdown.sections(first) if _PARAGRAPH.search(each)), "")
    found = None if _is_safety(section) else _PARAGRAPH.search(section)
    return SafeString(found[0] if found else "")


def safety(pieces: Iterable[P]) -> list[P | SafeString]:
    """The sections about safety, whole and in their order: HTML as text, and the slots and pictures in them as they came."""
    kept: list[P | SafeString] = []
    inside = False
    for piece in pieces:
        if piece.kind != "html":
            kept += [piece] if inside else []
            continue
        for section in markdown.sections(piece.content):
            inside = _is_safety(section) if _HEADING.match(section) else inside
            kept += [section] if inside and section else []
    return kept


def _is_safety(section: str) -> bool:
    heading = _HEADING.match(section)
    return bool(heading and SAFETY.search(heading[1]))
