"""Flat marks, spots, milia, and skin with nothing to show."""

from __future__ import annotations

import math
import random

from palette import circle, element
from shapely.geometry import Point
from shapes import dots
from shared import layers
from skin import RIDGE, Label, Scene, dome, patch

SPOT = "L84 62 C112 62 122 40 142 34.5 C150 32.5 170 32.5 178 34.5 C198 40 208 62 236 62"
BUMPS = (
    "L100 62 C114 62 116 55 127 55 C138 55 140 62 150 62 L178 62 C187 62 189 57.5 197 57.5 C205 57.5 207"
    " 62 215 62"
)


def mark(strength: float = 1) -> tuple[str, str, str]:
    """(on the surface, below the outer layer, on it) of a dark mark; 1 is as dark as it comes."""
    rnd = random.Random(3)
    deep = [(rnd.gauss(160, 30), 83 + abs(rnd.gauss(0, 7))) for _ in range(46)]
    high = []
    for _ in range(90):
        x = rnd.gauss(160, 34)
        high.append((x, 74.5 + 3.4 * math.sin(2 * math.pi * x / RIDGE) - abs(rnd.gauss(0, 3.2)) - 0.8))
    few = slice(None, None, 1 if strength == 1 else 4)
    shown_deep = [(round(x), round(y)) for x, y in deep if 96 < x < 224 and y < 108][few]
    shown_high = [(round(x), round(y)) for x, y in high if 94 < x < 226 and y > 64][few]
    sizes = (1, 0.78) if strength == 1 else (0.8,)
    face = "".join(patch("spotd", 160, 62, 66 * k, 24 * k, half=True) for k in sizes)
    face += patch("spotd", 270, 45, 15, 5) + patch("spotd", 96, 40, 9, 3) if strength == 1 else ""
    return face, element("pigd", dots(shown_deep)), element("pig", dots(shown_high))


def dark_marks() -> Scene:
    face, under, within = mark()
    return Scene(
        "Dark mark",
        pigment=1,
        face=face,
        under=under,
        within=within,
        labels=(
            *layers(),
            Label(
                ("Extra colour (pigment)",),
                92,
                -9,
                to=(160, 71),
                start=(160, -4),
                says="Grains of it lie in the outer layer, and a few just below.",
            ),
            Label(
                ("Even surface",),
                312,
                14,
                to=(248, 58),
                start=(258, 19),
                anchor="end",
                says="A mark is flat. Nothing is missing and nothing is raised.",
            ),
        ),
    )


def red_marks() -> Scene:
    wide = "M84 116C104 108 124 120 146 112S190 108 206 114S228 116 240 110"
    for x in (115, 135, 155, 175, 195):
        wide += f"M{x - 6} 112c4-14 1-34 6-34s3 18 6 33"
    flush = element("flush", "M92 75H228C232 96 206 118 160 118S88 96 92 75Z")
    flush += element("flush", "M116 75H204C206 90 190 106 160 106S114 90 116 75Z")
    face = "".join(patch("spotr", 160, 62, 64 * k, 24 * k, half=True) for k in (1, 0.72))
    face += patch("spotr", 272, 44, 14, 5) + patch("spotr", 92, 41, 9, 3.4)
    return Scene(
        "Red or purple mark",
        face=face,
        under=flush + element("wide", wide),
        labels=(
            *layers(),
            Label(
                ("Wider blood vessels",),
                92,
                -9,
                to=(155, 80),
                start=(155, -4),
                says="They show through as red or purple.",
            ),
            Label(
                ("Even surface",),
                312,
                14,
                to=(248, 58),
                start=(258, 19),
                anchor="end",
                says="A mark is flat. Nothing is missing and nothing is raised.",
            ),
        ),
    )


def spot_parts() -> tuple[str, str]:
    """(below the outer layer, on it) of an inflamed spot; blue light uses it too."""
    under = circle("flush", 160, 94, 50) + circle("flush", 160, 90, 36)
    under += element("wall", "M156.5 112L158.5 140C154 147 155 153 160.5 153S167 147 162.5 140L163.5 112Z")
    under += element("hair", "M160.5 147V112")
    under += element("wide", "M96 128C112 124 122 112 126 102M224 128C208 124 198 112 194 102")
    within = element(
        "wall",
        "M155 36C153 48 140 56 136 76C132 98 146 114 160 114S188 98 184 76C180 56 167 48 165 36Z",
    )
    within += element(
        "pus",
        "M157.5 36.5C156 50 145 58 141 77C137.5 96 148 109 160 109S182.5 96 179 77C175 58 164 50 162.5 36.5Z",
    )
    specks = (
        (150, 84),
        (160, 74),
        (168, 88),
        (156, 96),
        (164, 101),
        (172, 78),
        (149, 95),
        (158, 62),
        (166, 66),
        (158, 86),
    )
    return under, within + element("pd", dots(specks))


def spot(heading: str, over: str = "", words: tuple[Label, ...] = ()) -> Scene:
    under, within = spot_parts()
    glow = patch("spotr", 160, 62, 88, 27, half=True)
    head = element("pus", "M151 35a9 5.5 0 0 1 18 0z")
    return Scene(
        heading,
        SPOT,
        ((140, 180),),
        scar=Point(160, 92).buffer(48),
        paint_scar=False,
        face=glow + dome(SPOT, 160, 76, 19) + patch("spotr", 160, 34, 34, 8, half=True) + head,
        under=under,
        within=within,
        over=over,
        labels=words,
    )


def active_spot() -> Scene:
    words = (
        *layers(),
        Label(
            ("Blocked pore",),
            120,
            -9,
            to=(160, 42),
            start=(160, -4),
            says="The opening is closed. Oil and bacteria play a part.",
        ),
        Label(
            ("Pus",),
            240,
            14,
            to=(172, 84),
            start=(238, 18),
            says="The pore swells, and holds pus.",
        ),
        Label(
            ("Inflamed", "skin"),
            238,
            108,
            to=(194, 104),
            start=(236, 104),
            on="der",
            says="The dermis around it is red, swollen and often sore. Squeezing can force the contents deeper.",
        ),
    )
    return spot("Active spot", words=words)


def milia() -> Scene:
    within = circle("cyst", 127, 69.5, 11.5) + circle("ker", 127, 69.5, 6.6) + circle("ker", 127, 69.5, 3)
    within += circle("cyst", 197, 70, 8.5) + circle("ker", 197, 70, 4.4)
    face = dome(BUMPS, 127, 17, 7) + dome(BUMPS, 197, 13, 5)
    face += "".join(
        patch("cyst", x, y, r, r * 0.6) for x, y, r in ((160, 44, 5), (236, 39, 4), (272, 49, 5.5))
    )
    return Scene(
        "Milia",
        BUMPS,
        face=face,
        within=within,
        labels=(
            *layers(),
            Label(
                ("Tiny cyst",),
                96,
                14,
                to=(127, 66),
                start=(127, 19),
                says="A little ball of skin protein (keratin) in the outer layer. It is not oil and not acne.",
            ),
            Label(
                ("Small white bumps",),
                314,
                -9,
                to=(236, 39),
                anchor="end",
                start=(238, -4),
                says="On the surface you see small white or yellow bumps. They usually do not hurt or itch.",
            ),
        ),
    )


def flat() -> Scene:
    words = (
        Label(
            ("Collagen",),
            250,
            150,
            to=(236, 116),
            on="der",
            start=(262, 139),
            says="The protein that makes skin firm. Too little leaves a dip, too much makes a bump.",
        ),
        Label(
            ("Blood vessel",),
            118,
            150,
            to=(150, 133.5),
            on="der",
            start=(150, 140),
            says="Blood flows through the dermis.",
        ),
    )
    return Scene("Skin, cut through", labels=(*layers(), *words))
