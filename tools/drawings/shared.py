"""What several drawings use: the names of the layers, and the shallow dip that most treatments start with."""

from __future__ import annotations

from typing import Any

from palette import element
from shapely.geometry import Polygon
from shapes import number, trace, wave
from skin import Label, Scene, dip


def layers(listed: bool = True) -> tuple[Label, ...]:
    """The names of the layers, in the same place on every drawing, beside a bar that shows how thick each is.

    Not `listed`: treatments do nothing to fat, and a list of more than nine parts would be too long.
    """
    return (
        Label(("Surface",), 13, 49, on="face", says="The skin as you see it and touch it." if listed else ""),
        Label(("Outer layer",), 13, 74.5, on="epi", says="Thin. Its colour is what you see from outside."),
        Label(("Dermis",), 13, 112, on="der", says="The thick layer under it. Scars start here."),
        Label(("Fat",), 13, 182, on="fat", says="The lowest layer in the drawing." if listed else ""),
    )


# A shallow, soft dip before and after; dotted, it is what was there before.
DIP = "L84 62 C110 62 116 84 138 84 L182 84 C204 84 210 62 236 62"
SHALLOWER = "L88 62 C116 62 124 71 142 71 L178 71 C196 71 204 62 232 62"
DIP_WAS = element("was", "M84 62C110 62 116 84 138 84H182C204 84 210 62 236 62")
DIP_ZONE = Polygon([(118, 92), (202, 92), (196, 112), (124, 112)]).buffer(4)


def later(heading: str, new: str = "New collagen", says: str = "The skin builds it as it mends.") -> Scene:
    """The dip some time later: shallower, with new collagen under it."""
    fibres = "".join(
        wave(x, y, 24, 3 if (x + y) % 2 else -3)
        for y, first in ((92, 108), (101, 118), (110, 104), (119, 114))
        for x in range(first, 200, 30)
    )
    return Scene(
        heading,
        SHALLOWER,
        ((110, 210),),
        2,
        face=dip(160, 60, 20, 9),
        under=element("newc", fibres),
        over=DIP_WAS,
        labels=(
            Label(
                ("Dip before",),
                190,
                14,
                to=(207, 73),
                start=(216, 19),
                says="The dotted line shows how deep it was.",
            ),
            Label(
                ("Shallower",),
                74,
                14,
                to=(150, 71),
                start=(112, 19),
                says="The dip may be shallower. It is not gone.",
            ),
            Label((new,), 316, 146, to=(206, 116), start=(248, 135), on="der", anchor="end", says=says),
        ),
    )


def dipped(heading: str, **more: Any) -> Scene:
    return Scene(heading, DIP, ((104, 216),), scar=DIP_ZONE, face=dip(160, 64, 22, 22), **more)


def floor_at(x: float) -> float:
    """How low the surface of the dip is at x."""
    return min(trace(f"M0 62 {DIP} L320 62"), key=lambda p: abs(p[0] - x))[1]


def drop(x: float, y: float, size: float) -> str:
    """A drop that hangs from (x, y)."""
    top, side, low = number(y + size * 0.7), number(y + size), number(y + size * 1.5)
    half, near = size * 0.75, size * 0.3
    left, right, r = number(x - half), number(x + half), number(half)
    return (
        f"M{number(x)} {number(y)}C{number(x + near)} {top} {right} {side} {right} {low}"
        f"A{r} {r} 0 0 1 {left} {low}C{left} {side} {number(x - near)} {top} {number(x)} {number(y)}Z"
    )
