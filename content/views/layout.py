"""How a page with its own text is laid out: what it opens with, what follows, and what its list "On this page" names."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
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
    *("What the evidence says", "What the studies found", "Alternatives", "Questions to ask us"),
)
# These never fold to make a page shorter, and neither does what keeps somebody safe (content/text/safety.py): what it is,
# whether it fades or can be treated, what may help and for whom, how skin differs, how long it heals, what it costs, what to
# do next.
_STAYS = re.compile(r"\b(?:what it is|help|next|fits|fade|skin|treated|recovery|costs?)\b", re.IGNORECASE)
# With what stands around a text, a phone shows so many words in eight screens.
_WORDS_SHOWN = 600
# What the template puts into a slot takes about as much room as so many words.
_WORDS_OF_A_SLOT = 90
# The prices of one treatment are a line or two.
_WORDS_OF_PRICES = 20
# On a wide screen a page that is rows with words around them (`spread`) has a short section, of up to so many words, beside
# the next one, and a longer one in two columns of its own. A page with its own text is one column (`laid_out`).
_WORDS_BESIDE = 120
# One that is left over stands beside its own heading, if it is as brief as this.
_WORDS_ALONE = 60
# Where a section stands then: without an element of its own, or in one, which has a class where it takes both columns.
_LOOSE, _FOLD, _LEFT, _RIGHT, _ALONE, _WIDE = "loose", "fold", "left", "right", "alone", "wide"
# Who should not have a treatment, or not yet: set apart on every treatment's page.
_HOLDS = "holds"
HOLDS = "When we would not do it or would wait"
_CLASSES = {_ALONE: "alone", _WIDE: "wide", _HOLDS: "holds"}
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
            markdown.words(piece.content) if piece.kind == "html" else _room(piece) for piece in self.pieces
        )

    @property
    def keeps_safe(self) -> bool:
        return safety.keeps_safe(self.heading, " ".join(piece.content for piece in self.pieces))

    @property
    def is_short(self) -> bool:
        return self.words <= _WORDS_BESIDE and all(piece.kind == "html" for piece in self.pieces)


def _room(slot: Piece) -> int:
    return _WORDS_OF_PRICES if slot.content == "prices" else _WORDS_OF_A_SLOT


def laid_out(page: Page, pieces: Sequence[Piece], *, questions: bool) -> dict[str, Any]:
    """`opening`, `parts` and `contents` of the page's template. `questions`: some stand below the text."""
    opening, parts = None, list(pieces)
    if page.kind in _WITH_OPENING and parts and parts[0].kind == "html":
        opening, rest = markdown.opened(parts[0].content, SPARE)
        parts[0] = replace(parts[0], content=rest)
    sections = in_sections(parts)
    folds = _to_fold(page, sections)
    places = [_place(section, folds) for section in sections]
    return {
        "opening": opening,
        "parts": _put_all(sections, places),
        "contents": contents_of(parts, questions=questions),
    }


def spread(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces of a page that is rows with words around them: in sections, each in its place, and nothing folded."""
    sections = in_sections(pieces)
    return _put_all(sections, _in_pairs(sections))


def contents_of(pieces: Iterable[Piece], *, questions: bool) -> list[tuple[str, SafeString]]:
    """The id and the words of each heading, where there are enough of them for a list. `questions`: some stand below."""
    found = markdown.contents("".join(piece.content for piece in pieces if piece.kind == "html"))
    if questions:
        found.append(("questions", SafeString("Questions people ask")))
    return found if len(found) >= _WORTH_A_LIST else []


def _place(section: Section, folds: Container[str]) -> str:
    if not section.heading:
        return _LOOSE
    if section.heading == HOLDS:
        return _HOLDS
    return _FOLD if section.heading in folds else _LEFT


def _in_pairs(sections: Sequence[Section]) -> list[str]:
    """Where each section stands on a wide screen: a short one beside the next short one, all others over both columns."""
    found: list[str] = []
    for section in sections:
        if not section.heading:
            place = _LOOSE
        elif not section.is_short:
            place = _WIDE
        else:
            place = _RIGHT if found[-1:] == [_LEFT] else _LEFT
        found.append(place)
    for here, (place, after) in enumerate(zip(found, [*found, ""][1:], strict=True)):
        if place == _LEFT and after != _RIGHT:
            found[here] = _ALONE if sections[here].words <= _WORDS_ALONE else _WIDE
    return found


def _put_all(sections: Sequence[Section], places: Sequence[str]) -> list[Piece]:
    return [piece for one, place in zip(sections, places, strict=True) for piece in _put(one, place)]


def _put(section: Section, place: str) -> list[Piece]:
    """The pieces of the section between the beginning and the end of its element."""
    if place == _LOOSE:
        return section.pieces
    first, *others = section.pieces
    begun, end = (
        (markdown.under_fold(first.content), markdown.FOLD_END)
        if place == _FOLD
        else (markdown.under_section(first.content, _CLASSES.get(place, "")), markdown.SECTION_END)
    )
    return [replace(first, content=begun), *others, Piece("html", end)]


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
