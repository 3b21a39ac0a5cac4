"""The sources of a page in the order of their numbers: by first use, over its text and then its rows of the matrix. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from content.matrix.boards import Board
from content.matrix.fits import Block, Fit
from content.models import Cited
from content.text import markdown


def numbered(text: str, known: Iterable[Cited], fits: Iterable[Fit] = ()) -> list[Cited]:
    """Each source once; the first is number 1. `known` holds those that the text names and those of the page as a whole.

    First what the notes of `text` name, then what the reasons of `fits` rest on, then what the page leans on as a whole.
    """
    there = {source.code: source for source in known}
    named = [there[code] for code in markdown.cited(text) if code in there]
    return _each_once([*extended(named, fits), *there.values()])


def extended(sources: Iterable[Cited], fits: Iterable[Fit]) -> list[Cited]:
    """These, with their numbers, and after them what the reasons of the rows rest on."""
    return _each_once([*sources, *(source for fit in fits for source in fit.sources)])


def _each_once(sources: Iterable[Cited]) -> list[Cited]:
    return list({source.code: source for source in sources}.values())


def codes(sources: Iterable[Cited]) -> list[str]:
    """The codes in the same order, as `markdown.parts` wants them."""
    return [source.code for source in sources]


def printed(blocks: Sequence[Block], board: Board | None, text: str) -> list[Fit]:
    """The rows of the matrix that the slots of the text print, as they stand in the blocks or on the board."""
    slots = {part.content for part in markdown.parts(text) if part.kind == "slot"}
    rows = (*board.lines, *board.elsewhere) if board else ()
    lines = [(line.best, line.fits) for line in rows] if board else _each(blocks)
    return [
        fit
        for score, fits in lines
        for fit in fits
        if slots & {"matrix", "may-help" if score else "does-not-help"}
    ]


def _each(blocks: Sequence[Block]) -> list[tuple[int | None, tuple[Fit, ...]]]:
    return [(fit.score, (fit,)) for block in blocks for fit in (*block.fits, *block.elsewhere)]
