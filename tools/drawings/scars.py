"""Scars: dips that lack collagen, and bumps that have too much."""

from __future__ import annotations

import math
import random

from palette import element
from shapely.affinity import scale
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union
from shapes import XY, moved, number, trace, wave
from shared import layers
from skin import Label, Scene, dip, dome, fat_line, patch, pit

ICE_PICK = (
    "L128 62 C139 62 141 66 143 78 C145 94 147 114 150.5 134 C151.6 140 155.4 140 156.3 134 C159 114"
    " 160.5 94 163 78"
    " C165 66 167 62 178 62 L205 62 C213 62 214.5 65 216 74 C217.5 86 218.5 94 220.5 103 C221.5 107"
    " 224.5 107 225.3 103"
    " C227 94 228 86 230 74 C231.5 65 233 62 241 62"
)
SHALLOW = (
    "L96 62 C106 62 108 64 109.5 71 L112 80 C113.5 86 117 87 123 87 C140 88.5 178 86 197 87 C203 87"
    " 206.5 86 208 80"
    " L210.5 71 C212 64 214 62 224 62"
)
DEEP = (
    "L102 62 C113 62 115 65 116 73 L119.5 115 C120.5 122 124 124 130 124 C146 125.5 172 123 188 124 C194"
    " 124 198.5 122"
    " 199.5 115 L203 73 C204 65 206 62 217 62"
)
ROLLING = "L88 62 C114 62 122 91 146 91 C170 91 178 67 198 67 C218 67 226 97 252 97 C278 97 288 62 314 62"
RAISED = (
    "L92 62 C104 62 107 59 111 53 C119 41 134 35.5 160 35.5 C186 35.5 201 41 209 53 C213 59 216 62 228 62"
)
KELOID = moved(
    "L46 62 C58 62 55 53 63 45 C74 33 92 38 104 30 C122 17 148 16 168 21 C186 25 200 20 220 27 C238 33"
    " 250 34 258 46 C263 54 262 62 274 62",
    32,
    0.93,
)


def bands(*paths: str) -> str:
    return element("band", "".join(paths))


def tethers(*feet: XY) -> str:
    """Bands of scar tissue that hold a dip down to the fat."""
    strands = ""
    for cx, y in feet:
        for i, dx in enumerate((-11, -5.5, 0, 5.5, 11)):
            foot = cx + dx * 1.5 + (i % 2) * 1.5 - 1
            top = f"M{number(cx + dx * 0.5)} {number(y - abs(dx) * 0.12)}"
            end = f"{number(foot)} {number(fat_line(foot) + 15 - abs(i - 2) * 2)}"
            bends = f"{number(cx + dx * 0.1)} {number(y + 16)} {number(cx + dx * 0.25)} {number(y + 34)}"
            strands += f"{top}C{bends} {end}"
    return element("tethd", strands) + element("teth", strands)


def _tangle(zone: Polygon) -> str:
    """Thick fibres in all directions, as in a keloid."""
    rnd = random.Random(21)
    outline = [(x, y + 14) for x, y in trace(f"M-40 62 {KELOID} L360 62")]
    inner = Polygon([*outline, (360, 230), (-40, 230)]).buffer(0)
    room = zone.intersection(inner).buffer(-6)
    used: list[Polygon] = []
    found: list[str] = []
    for _ in range(4000):
        x, y, length = rnd.uniform(80, 300), rnd.uniform(26, 118), rnd.choice((20, 26, 32))
        angle = rnd.uniform(-1.1, 1.1)
        strand = LineString([(x, y), (x + length * math.cos(angle), y + length * math.sin(angle))]).buffer(
            3.9
        )
        if room.contains(strand) and not any(strand.intersects(other) for other in used):
            used.append(strand)
            found.append(wave(x, y, length, 3.6 * rnd.choice((1, -1)), angle))
    return element("thick", "".join(found)) + bands(*found)


def ice_pick() -> Scene:
    zone = unary_union(
        [LineString([(144, 70), (153, 141)]).buffer(15), LineString([(217, 70), (223, 106)]).buffer(12)]
    )
    sides = bands(
        "M137 80C139 104 142 122 147 139",
        "M132 88C134 108 137 122 142 134",
        "M169 80C168 104 165 122 160 139",
        "M174 88C173 106 170 120 165 134",
        "M210 76C212 88 214 98 217 107",
        "M236 76C234 88 232 98 229 107",
    )
    others = "".join(
        patch("hole", x, y, r, r * 0.42) for x, y, r in ((104, 42, 5), (189, 39, 4), (276, 46, 6))
    )
    return Scene(
        "Ice pick scars",
        ICE_PICK,
        ((122, 184), (200, 246)),
        scar=zone,
        face=others + pit(153.5, 12, 6.5, 76, 0) + pit(223, 9.5, 5, 42, 0),
        under=sides,
        vessel_dips=((153.5, 20, 15),),
        labels=(
            *layers(),
            Label(
                ("Narrow opening",),
                122,
                -9,
                to=(153.5, 59),
                start=(153.5, -4),
                says="On the surface you see a small hole, as if from something sharp.",
            ),
            Label(
                ("Deep pit",),
                248,
                112,
                to=(157, 122),
                start=(245, 108),
                on="der",
                says="It runs down into the dermis, and is deeper than it is wide.",
            ),
            Label(
                ("More pits",),
                252,
                14,
                to=(276, 46),
                start=(276, 18),
                says="They often come in groups.",
            ),
        ),
    )


def boxcar_shallow() -> Scene:
    zone = Polygon([(104, 82), (216, 82), (206, 110), (180, 114), (140, 114), (114, 110)]).buffer(3)
    floor = bands(*(f"M116 {y}C140 {y + 3} 180 {y + 3} 204 {y}" for y in (101, 106.5, 112)))
    return Scene(
        "Shallow boxcar scar",
        SHALLOW,
        ((92, 228),),
        scar=zone,
        face=pit(160, 53, 19, 25, 50),
        under=floor,
        labels=(
            *layers(),
            Label(
                ("Steep edges",),
                222,
                -9,
                to=(212.5, 58),
                start=(246, -4),
                says="A fingertip feels an edge, and then a floor.",
            ),
            Label(
                ("Shallow floor",),
                98,
                14,
                to=(146, 78),
                start=(140, 19),
                says="The floor is not far below the surface.",
            ),
        ),
    )


def boxcar_deep() -> Scene:
    zone = Polygon([(112, 90), (208, 90), (206, 132), (196, 138), (124, 138), (114, 132)]).buffer(2)
    floor = bands(
        *(f"M124 {y}C146 {y + 2} 174 {y + 2} 196 {y}" for y in (134.5, 138.5)),
        "M109 84C111 100 112 114 114 126",
        "M211 84C209 100 208 114 206 126",
    )
    return Scene(
        "Deep boxcar scar",
        DEEP,
        ((96, 224),),
        scar=zone,
        face=pit(160, 47, 18, 62, 40),
        under=floor,
        vessel_dips=((160, 56, 12),),
        labels=(
            *layers(),
            Label(
                ("Steep edges",),
                222,
                -9,
                to=(206, 58),
                start=(246, -4),
                says="A fingertip feels an edge, and then a floor.",
            ),
            Label(
                ("Deep floor",),
                112,
                14,
                to=(148, 114),
                start=(143, 19),
                says="The floor lies deep in the dermis.",
            ),
        ),
    )


def rolling() -> Scene:
    zone = unary_union(
        [LineString([(146, 104), (146, 150)]).buffer(17), LineString([(252, 110), (252, 150)]).buffer(17)]
    )
    return Scene(
        "Rolling scars",
        ROLLING,
        ((106, 180), (214, 290)),
        scar=zone,
        paint_scar=False,
        face=dip(146, 54, 20, 30) + dip(252, 52, 22, 36),
        under=tethers((146, 93), (252, 99)),
        labels=(
            *layers(),
            Label(
                ("Soft slopes",),
                160,
                -4,
                to=(180, 72),
                start=(194, 1),
                says="The surface goes up and down in waves, with no edge to feel.",
            ),
            Label(
                ("Bands of scar", "pull the skin down"),
                156,
                178,
                to=(249, 150),
                on="fat",
                start=(241, 167),
                says="They hold the bottom of each dip from below.",
            ),
        ),
    )


def hypertrophic() -> Scene:
    zone = Polygon(
        [(112, 60), (130, 40), (190, 40), (208, 60), (200, 92), (180, 98), (140, 98), (120, 92)]
    ).buffer(9)
    inside = bands(
        *(
            f"M{number(114 + i * 1.2)} {66 + i * 9}C140 {number(50 + i * 10.5)} 180 {number(50 + i * 10.5)} "
            f"{number(206 - i * 1.2)} {66 + i * 9}"
            for i in range(5)
        )
    )
    outline = patch("mark", 160, 62, 66, 25, half=True)
    return Scene(
        "Raised scar",
        RAISED,
        ((104, 216),),
        4.5,
        scar=zone,
        face=outline + dome(RAISED, 160, 60, 20),
        under=inside,
        over=element("mark", "M94 64V122M226 64V122"),
        labels=(
            *layers(),
            Label(
                ("Outline of the spot",),
                314,
                14,
                to=(217, 49),
                start=(250, 19),
                anchor="end",
                says="Dotted lines show how wide the spot was.",
            ),
            Label(
                ("Firm bump",),
                76,
                -9,
                to=(142, 35),
                start=(130, -4),
                says="This kind of raised scar stays inside the outline.",
            ),
            Label(
                ("Too much", "collagen"),
                246,
                96,
                to=(200, 86),
                start=(243, 92),
                on="der",
                says="Bundles of it lie side by side. Collagen is the protein that makes skin firm.",
            ),
        ),
    )


def keloid() -> Scene:
    zone = scale(Point(198, 64).buffer(1, quad_segs=24), 98, 58)
    return Scene(
        "Keloid scar",
        KELOID,
        ((98, 300),),
        4.5,
        scar=zone,
        face=dome(KELOID, 198, 106, 24),
        under=_tangle(zone),
        over=element("mark", "M168 126V12M228 126V14"),
        labels=(
            *layers(),
            Label(
                ("Outline of the spot",),
                314,
                -12,
                to=(228, 15),
                start=(240, -7),
                anchor="end",
                says="Dotted lines show how wide the spot was.",
            ),
            Label(
                ("Grows past it",),
                84,
                8,
                to=(116, 39),
                start=(112, 13),
                says="A keloid is wider than the spot was.",
            ),
            Label(
                ("Thick collagen",),
                316,
                138,
                to=(250, 98),
                start=(266, 127),
                on="der",
                anchor="end",
                says="Thick strands run in all directions.",
            ),
        ),
    )
