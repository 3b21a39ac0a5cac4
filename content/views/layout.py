"""How a page with its own text is laid out: what it opens with, what follows, and what its list "On this page" names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from content.models import Page
from content.queries.public import Piece
from content.text import markdown, safety

# The first paragraph of these stands beside the drawing. The others are rules and lists: they read from top to bottom.
_WITH_OPENING = (Page.Kind.CONCERN, Page.Kind.TREATMENT, Page.Kind.ARTICLE)
# Under the name of the page, these headings say nothing more.
SPARE = ("What it looks and feels like", "What it is")
# What a reader of a treatment can do without until they ask for it.
_FOLDED = (
    *("How it is done, and how many sessions", "How it is done and how long it takes", "How many sessions"),
    *("What the evidence says", "What it may cost", "Cost and how it is worked out"),
    *("Alternatives", "Questions to ask us"),
)
# These never fold to make a page shorter, and neither does what keeps somebody safe (content/text/safety.py): whether it
# can be treated, what may help and for whom, how skin differs, what to do next.
_STAYS = re.compile(r"\b(?:help|next|fits|skin|treated)\b", re.IGNORECASE)
# With what stands around a text, a phone shows so many words in eight screens.
_WORDS_SHOWN = 600
# What the template puts into a slot takes about as much room as so many words.
_WORDS_OF_A_SLOT = 90
# A list of fewer parts helps nobody.
_WORTH_A_LIST = 4


@dataclass
class Section:
    """A heading of level 2 with all that stands below it."""

    heading: str  # empty before the first one
    pieces: list[Piece]

    @property
    def words(self) -> int:
        return sum(
            markdown.words(piece.content) if piece.kind == "html" else _WORDS_OF_A_SLOT
            for piece in self.pieces
        )

    @property
    def keeps_safe(self) -> bool:
        return safety.keeps_safe(self.heading, " ".join(piece.content for piece in self.pieces))


def laid_out(page: Page, pieces: Sequence[Piece], *, questions: bool) -> dict[str, Any]:
    """`opening`, `parts` and `contents` of the page's template. `questions`: some stand below the text."""
    opening, parts = None, list(pieces)
    if page.kind in _WITH_OPENING and parts and parts[0].kind == "html":
        opening, rest = markdown.opened(parts[0].content, SPARE)
        parts[0] = replace(parts[0], content=rest)
    return {
        "opening": opening,
        "parts": _folded(page, parts),
        "contents": contents_of(parts, questions=questions),
    }


def contents_of(pieces: Iterable[Piece], *, questions: bool) -> list[tuple[str, SafeString]]:
    """The id and the words of each heading, where there are enough of them for a list. `questions`: some stand below."""
    found = markdown.contents("".join(piece.content for piece in pieces if piece.kind == "html"))
    if questions:
        found.append(("questions", SafeString("Questions people ask")))
    return found if len(found) >= _WORTH_A_LIST else []


def _folded(page: Page, pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces, those of some sections between the beginning and the end of a fold."""
    sections = in_sections(pieces)
    folds = _to_fold(page, sections)
    shown: list[Piece] = []
    for section in sections:
        first, *others = section.pieces
        if section.heading in folds:
            end = Piece("html", markdown.FOLD_END)
            shown += [replace(first, content=markdown.under_fold(first.content)), *others, end]
        else:
            shown += section.pieces
    return shown


def in_sections(pieces: Iterable[Piece]) -> list[Section]:
    """The pieces cut before each heading of level 2."""
    found: list[Section] = []
    for piece in pieces:
        cut = markdown.sections(piece.content) if piece.kind == "html" else [piece.content]
        for content in filter(None, cut):
            heading = markdown.heading(content) if piece.kind == "html" else ""
            own = replace(piece, content=content)
            if heading or not found:
                found.append(Section(heading, [own]))
            else:
                found[-1].pieces.append(own)
    return found


def _to_fold(page: Page, sections: Sequence[Section]) -> frozenset[str]:
    """The headings whose sections fold: the ones that always do, then the longest until few enough words are left."""
    always = _FOLDED if page.kind == Page.Kind.TREATMENT else ()
    may_fold = [section for section in sections if not section.keeps_safe]
    folds = {section.heading for section in may_fold if section.heading in always}
    left = sum(section.words for section in sections if section.heading not in folds)
    spare = [each for each in may_fold if each.heading not in folds and not _STAYS.search(each.heading)]
    for section in sorted(spare, key=lambda one: -one.words):
        if left <= _WORDS_SHOWN:
            break
        if section.heading:
            folds.add(section.heading)
            left -= section.words
    return frozenset(folds)
