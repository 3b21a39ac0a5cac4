"""How a page with its own text is laid out: what it opens with, what follows, and what its list "On this page" names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString

from content.models import Page
from content.queries.public import Piece
from content.text import markdown

# The first paragraph of these stands beside the drawing. The others are rules and lists: they read from top to bottom.
_WITH_OPENING = (Page.Kind.CONCERN, Page.Kind.TREATMENT, Page.Kind.ARTICLE)
# Under the name of the page, these headings say nothing more.
_SPARE = ("What it looks and feels like", "What it is")
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
    enough = len(contents) >= _WORTH_A_LIST
    return {"opening": opening, "parts": parts, "contents": contents if enough else []}
