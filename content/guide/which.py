"""Which for which: what somebody ticked across, what the list holds down, for the table on top of the answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from content.guide import wording
from content.guide.values import Concern, LeftOut, Point, Result, Suggestion
from content.matrix.fits import Name, small

# With one thing ticked the list itself says it all.
_LEAST = 2
# So many columns have room for their names on a phone; the names of more stand upright.
_SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Cell:
    """How well one thing fits one concern. `is_first`: what to ask about first for it (`_firsts`)."""

    score: int
    is_first: bool

    @property
    def word(self) -> str:
        return wording.WORDS[self.score]

    @property
    def dots(self) -> tuple[bool, ...]:
        """Three dots, the filled ones first."""
        return tuple(place < self.score for place in range(3))


@dataclass(frozen=True)
class Line:
    """One thing of the list, and a cell for each concern: None where it is not meant for it."""

    one: Suggestion
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Part:
    """The lines of one section of the list, under its heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Which:
    concerns: tuple[Concern, ...]
    parts: tuple[Part, ...]

    @property
    def key(self) -> tuple[Cell, ...]:
        """What the dots of the table mean, the best first: only what stands in it."""
        cells = (cell for part in self.parts for line in part.lines for cell in line.cells if cell)
        return tuple(
            Cell(score, is_first=False) for score in sorted({one.score for one in cells}, reverse=True)
        )

    @property
    def many(self) -> bool:
        return len(self.concerns) > _SIDE_BY_SIDE


def which(result: Result) -> Which | None:
    """The table in the order of the list, or None where there is nothing to look up."""
    if len(result.concerns) < _LEAST or not result.shown:
        return None
    first = _firsts(result)
    parts = (
        Part(
            section.heading,
            tuple(
                Line(one, tuple(_cell(one, concern, first) for concern in result.concerns))
                for one in (*section.ones, *section.beyond)
            ),
        )
        for section in result.sections
    )
    return Which(result.concerns, tuple(parts))


def barely(result: Result) -> tuple[list[Name], bool]:
    """The concerns for which the list has only what is sometimes added, and whether something on hold fits one better."""
    best = _best(result)
    found = [concern for concern in result.concerns if best.get(_key(concern)) == 1]
    keys = {_key(concern) for concern in found}
    held = (one for one in result.left_out if one.kind == wording.HELD)
    better = any(score > 1 and key in keys for one in held for key, score in _scores(one))
    return [small(Name(concern.name)) for concern in found], better


def _firsts(result: Result) -> dict[str, tuple[bool, int]]:
    """What stands first for each concern: by rule 7 a higher risk of colour change comes after every lower one."""
    first: dict[str, tuple[bool, int]] = {}
    for one in _listed(result):
        for key, score in _scores(one):
            first[key] = max((not one.caution, score), first.get(key, (False, 0)))
    return first


def _best(result: Result) -> dict[str, int]:
    """The best score in the list for each concern that it is meant for."""
    best: dict[str, int] = {}
    for one in _listed(result):
        for key, score in _scores(one):
            best[key] = max(score, best.get(key, 0))
    return best


def _listed(result: Result) -> Iterable[Suggestion]:
    return (one for section in result.sections for one in (*section.ones, *section.beyond))


def _cell(one: Suggestion, concern: Concern, first: dict[str, tuple[bool, int]]) -> Cell | None:
    score = dict(_scores(one)).get(_key(concern))
    return Cell(score, (not one.caution, score) == first[_key(concern)]) if score else None


def _scores(one: Suggestion | LeftOut) -> Iterable[tuple[str, int]]:
    points: tuple[Point, ...] = one.points if isinstance(one, LeftOut) else one.helps + one.afterwards
    return ((name.words.casefold(), point.score) for point in points for name in point.concerns)


def _key(concern: Concern) -> str:
    """A point knows a concern by its name, as it reads inside a sentence."""
    return concern.name.casefold()
