"""100 little people as SVG paths: so many of them filled, the rest outlines. Pure."""

from __future__ import annotations

from dataclasses import dataclass

ACROSS, STEP, ROW = 10, 10, 15  # ten rows of ten: each is 10 in 100; units
_PERSON = "a2 2 0 1 1 4 0a2 2 0 1 1-4 0zm-1.5 9v-3a3.5 3.5 0 0 1 7 0v3z"


@dataclass(frozen=True)
class People:
    """Path texts; an empty one where there is nobody. `perhaps` are those between the least and the most, and `tinted` are
    another group."""

    yes: str
    perhaps: str
    tinted: str
    no: str
    rest: int
    one: str = f"M3 3.5{_PERSON}"
    box: str = f"0 0 {ACROSS * STEP} {100 // ACROSS * ROW}"


def people(least: int, most: int, tinted: int = 0) -> People:
    """100 people in reading order, `least` of them filled, then as many half as `most` is more, then the `tinted`."""
    each = [f"M{3 + i % ACROSS * STEP} {3.5 + i // ACROSS * ROW:g}{_PERSON}" for i in range(100)]
    cuts = ((0, least), (least, most), (most, most + tinted), (most + tinted, 100))
    yes, perhaps, group, no = ("".join(each[begin:end]) for begin, end in cuts)
    return People(yes, perhaps, group, no, rest=100 - most - tinted)
