"""The few sentences of a text that a result shows, with the words that were asked for marked. Pure.

Nothing here is HTML. A passage is pieces of plain text, and the template, which escapes them, prints the marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from content.search import words
from content.search.words import Stemmer

# Parts the cells of a row that makes no sentence when they are read one after the other.
CELL = "\t"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
# A line of a list or a table may end without any of these, and then a dot parts it from the next.
_ENDS = (".", "!", "?", ":", "…")
# Between two marked words: one mark covers both.
_GAP = re.compile(r"[\s-]+\Z")
# Where a long sentence may be cut: after a comma, a colon, a semicolon, a closing bracket, or before " · ".
_PART_END = re.compile(r"[,;:)](?=\s)\s|\s(?=· )")
_LETTERS_BEFORE = 60
# A shorter run says nothing by itself ("See urgent help."): what stands before it goes with it.
_SAYS_LITTLE = 24


class Piece(NamedTuple):
    """A stretch of plain text, marked or not."""

    text: str
    marked: bool


class Sentence(NamedTuple):
    """A sentence, or a line of a list or table, with the stems of its words."""

    text: str
    stems: frozenset[str]


def sentences(text: str, stem: Stemmer) -> tuple[Sentence, ...]:
    """The sentences of `text`, read once, so that a search need not. Rows of tables are none (CELL)."""
    return tuple(
        Sentence(part, frozenset(words.stems(part, stem)))
        for line in text.split("\n")
        if CELL not in line
        for part in _SENTENCE_END.split(line)
        if part.strip()
    )


def passage(
    text: tuple[Sentence, ...], rarity: Mapping[str, float], marked: Set[str], stem: Stemmer, letters: int
) -> tuple[Piece, ...]:
    """The sentences with the rarest stems of `rarity`, about `letters` long; the first ones if none has any.

    `marked` may hold more: words of the page's title are marked too, but say nothing about where to look on the page.
    """
    return _marked(_shortened(_best_run(text, rarity, letters), marked, stem, letters), marked, stem)


def _best_run(text: tuple[Sentence, ...], rarity: Mapping[str, float], letters: int) -> str:
    """Whole sentences that follow each other and fit; at least one."""
    found = [[s for s in rarity if s in part.stems and rarity[s]] for part in text]
    best, most, start = "", -1.0, 0
    # A run begins with a sentence that was asked for, so that the eye finds the mark at once.
    for first in [number for number, some in enumerate(found) if some] or [0] * bool(text):
        last, long, held = first, len(text[first].text), set(found[first])
        for following in text[first + 1 :]:
            if long + 3 + len(following.text) > letters:
                break
            long += len(_join(text[last].text)) + len(following.text)
            last += 1
            held.update(found[last])
        worth = sum(rarity[s] for s in held) + 0.1 * sum(rarity[s] for s in found[first])
        if worth > most + 1e-9:
            most, start, end = worth, first, last
            best = _joined(part.text for part in text[start : end + 1])
    while start and len(best) < _SAYS_LITTLE:
        start -= 1
        joined = _joined((text[start].text, best))
        if len(joined) > letters:
            break
        best = joined
    return best


def _join(sentence: str) -> str:
    """What parts it from the next."""
    return " " if sentence.endswith(_ENDS) else " · "


def _joined(texts: Iterable[str]) -> str:
    *before, last = texts
    return "".join(f"{text}{_join(text)}" for text in before) + last


def _shortened(text: str, marked: Set[str], stem: Stemmer, letters: int) -> str:
    """One long sentence, cut round its first asked word, with dots where something is left out.

    It begins with its own first word, or with that of a part of it after a comma or the like, and ends with such a part.
    Where no part is short enough, it is cut between two words.
    """
    if len(text) <= letters:
        return text
    asked, asked_ends = next(words.places(text, marked, stem), (0, 0))
    borders = [0, *(found.end() for found in _PART_END.finditer(text))]
    start = next((border for border in borders if asked_ends - border <= letters * 2 // 3), None)
    if start is None or start > asked:  # the part that holds it is long
        start = max(0, asked - _LETTERS_BEFORE)
        start = text.rfind(" ", 0, start + 1) + 1 if start else 0
    end = start + letters
    if end < len(text):
        whole = max((found.start() + 1 for found in _PART_END.finditer(text, start, end)), default=0)
        end = whole if whole >= max(asked_ends, start + letters // 2) else _word_end(text, start, end)
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def _word_end(text: str, start: int, end: int) -> int:
    """The last end of a word before `end`; `end` itself where the word is longer than all of it."""
    place = text.rfind(" ", start, end)
    return place if place > start else end


def _marked(text: str, marked: Set[str], stem: Stemmer) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    done = 0
    for start, end in words.places(text, marked, stem):
        between, word = text[done:start], text[start:end]
        if pieces and pieces[-1].marked and _GAP.match(between):
            pieces[-1] = Piece(pieces[-1].text + between + word, True)
        else:
            pieces += [Piece(between, False), Piece(word, True)]
        done = end
    pieces.append(Piece(text[done:], False))
    return tuple(piece for piece in pieces if piece.text)
