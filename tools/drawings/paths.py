"""SVG path text: moving a shape to its place, and the numbers in it."""

from __future__ import annotations

import re

_PIECE = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_ACROSS, _DOWN = {"H"}, {"V"}


def number(value: float) -> str:
    """A number as short as it can be, to a tenth of a unit."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def place(path: str, x: float, y: float, across: float = 1, down: float = 1) -> str:
    """The path with its origin at (x, y), stretched. Commands in capitals move; small letters only stretch."""
    out = ""
    for command, rest in _PIECE.findall(path):
        values = [float(found) for found in _NUMBER.findall(rest)]
        if command in "aA":  # radii, three flags, and where it ends; always written small here
            values = [n for i in range(0, len(values), 7) for n in _arc(values[i : i + 7], across, down)]
        else:
            left, top = (x, y) if command.isupper() else (0, 0)
            down_first = command.upper() in _DOWN
            only_across = command.upper() in _ACROSS
            values = [
                n * down + top if down_first or (i % 2 and not only_across) else n * across + left
                for i, n in enumerate(values)
            ]
        out += command + " ".join(map(number, values)).replace(" -", "-")
    return out


def _arc(values: list[float], across: float, down: float) -> list[float]:
    rx, ry, turn, large, sweep, x, y = values
    return [rx * across, ry * down, turn, large, sweep, x * across, y * down]


def ellipse(x: float, y: float, rx: float, ry: float) -> str:
    """An ellipse as path text."""
    a, b, across = number(rx), number(ry), number(2 * rx)
    return f"M{number(x - rx)} {number(y)}a{a} {b} 0 1 0 {across} 0a{a} {b} 0 1 0-{across} 0z"


def circle(x: float, y: float, r: float) -> str:
    """A circle as path text."""
    return ellipse(x, y, r, r)
