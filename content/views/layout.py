"""How a page with its own text is laid out: what it opens with, what follows, and what its list "On this page" names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import Any

from django.utils.safestring import SafeString

from content.models import Page
from content.queries.public import Piece
from content.text import markdown

# The first paragraph of these stands beside the drawing. The others are rules and lists: they read from top to bottom.
_WITH_OPENING = (Page.Kind.CONCERN, Page.Kind.TREATMENT, Page.Kind.ARTICLE)
# Under the name of the page, these headings say nothing more.
_SPARE = ("What it looks and feels like", "What it is")
# What a reader can do without until they ask for it: never risks, or when to get help.
_FOLDED = ("What the evidence says", "Cost and how it is worked out", "Alternatives", "Questions to ask us")
# A list of fewer parts helps nobody.
_WORTH_A_LIST = 4


def laid_out(page: Page, pieces: Sequence[Piece], *, questions: bool) -> dict[str, Any]:
    """`opening`, `parts` and `contents` of the page's template. `questions`: some stand below the text."""
    opening, parts = None, list(pieces)
    if page.kind in _WITH_OPENING and parts and parts[0].kind == "html":
        opening, rest = markdown.opened(parts[0].content, _SPARE)
        parts[0] = replace(parts[0], content=rest)
    contents = markdown.contents("".join(part.content for part in parts if part.kind == "html"))
    if questions:
        contents.append(("questions", SafeString("Questions people ask")))
    parts = [_folded(page, part, following) for part, following in zip_longest(parts, parts[1:])]
    enough = len(contents) >= _WORTH_A_LIST
    return {"opening": opening, "parts": parts, "contents": contents if enough else []}


def _folded(page: Page, part: Piece, following: Piece | None) -> Piece:
    if part.kind != "html":
        return part
    return replace(
        part, content=markdown.folded(part.content, partial(_folds, page), open_ended=following is not None)
    )


def _folds(page: Page, heading: str) -> bool:
    return page.slug == "privacy" or (page.kind == Page.Kind.TREATMENT and heading in _FOLDED)
