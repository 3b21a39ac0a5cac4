"""The scars, marks and spots: what each changes in healthy skin, and the words on its figure."""

from __future__ import annotations

import math
import random

from palette import circle, element
from shapely.affinity import scale
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union
from shapes import XY, dots, number, trace, wave
from skin import RIDGE, Label, Scene, fat_line

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
ROLLING = "L18 62 C52 62 62 91 98 91 C128 91 136 68 166 68 C196 68 204 97 234 97 C266 97 274 62 302 62"
RAISED = (
    "L92 62 C104 62 107 59 111 53 C119 41 134 35.5 160 35.5 C186 35.5 201 41 209 53 C213 59 216 62 228 62"
)
KELOID = (
    "L46 62 C58 62 55 53 63 45 C74 33 92 38 104 30 C122 17 148 16 168 21 C186 25 200 20 220 27 C238 33"
    " 250 34 258 46"
    " C263 54 262 62 274 62"
)
SPOT = "L84 62 C112 62 122 40 142 34.5 C150 32.5 170 32.5 178 34.5 C198 40 208 62 236 62"
BUMPS = (
    "L100 62 C114 62 116 55 127 55 C138 55 140 62 150 62 L178 62 C187 62 189 57.5 197 57.5 C205 57.5 207"
    " 62 215 62"
)


def layers(outer: bool = True) -> tuple[Label, ...]:
    """The names of the layers, in the same place on every figure."""
    words = (Label(("Dermis",), 8, 118, on="der"), Label(("Fat",), 8, 184, on="fat"))
    return (Label(("Outer", "layer"), 8, 28, to=(14, 68)), *words) if outer else words


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
    inner = Polygon([(x, y + 14) for x, y in trace(f"M-40 62 {KELOID} L360 62")] + [(360, 230), (-40, 230)])
    room = zone.intersection(inner).buffer(-7)
    used: list[Polygon] = []
    found: list[str] = []
    for _ in range(4000):
        x, y, length = rnd.uniform(50, 270), rnd.uniform(26, 118), rnd.choice((20, 26, 32))
        angle = rnd.uniform(-1.1, 1.1)
        line = LineString([(x, y), (x + length * math.cos(angle), y + length * math.sin(angle))]).buffer(3.7)
        if room.contains(line) and not any(line.intersects(other) for other in used):
            used.append(line)
            found.append(wave(x, y, length, 3.6 * rnd.choice((1, -1)), angle))
    return element("thick", "".join(found)) + bands(*found)


def _ice_pick() -> Scene:
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
    words = Label(("Narrow at the top,", "deep into the dermis"), 138, 15, to=(153.5, 82), start=(153.5, 36))
    return Scene(
        "Ice pick scars",
        ICE_PICK,
        ((122, 184), (200, 246)),
        scar=zone,
        under=sides,
        vessel_dips=((153.5, 20, 15),),
        labels=(*layers(), words),
    )


def _boxcar_shallow() -> Scene:
    zone = Polygon([(104, 82), (216, 82), (206, 110), (180, 114), (140, 114), (114, 110)]).buffer(3)
    floor = bands(*(f"M116 {y}C140 {y + 3} 180 {y + 3} 204 {y}" for y in (101, 106.5, 112)))
    words = (
        Label(("Steep edges",), 214, 28, to=(210.5, 70), start=(232, 34)),
        Label(("Shallow floor",), 114, 46, to=(160, 86)),
    )
    return Scene(
        "Shallow boxcar scar", SHALLOW, ((92, 228),), scar=zone, under=floor, labels=(*layers(), *words)
    )


def _boxcar_deep() -> Scene:
    zone = Polygon([(112, 90), (208, 90), (206, 132), (196, 138), (124, 138), (114, 132)]).buffer(2)
    floor = bands(
        *(f"M124 {y}C146 {y + 2} 174 {y + 2} 196 {y}" for y in (134.5, 138.5)),
        "M109 84C111 100 112 114 114 126",
        "M211 84C209 100 208 114 206 126",
    )
    words = (
        Label(("Steep edges",), 314, 40, to=(204, 76), start=(236, 46), anchor="end"),
        Label(("Floor deep", "in the dermis"), 122, 20, to=(160, 122)),
    )
    return Scene(
        "Deep boxcar scar",
        DEEP,
        ((96, 224),),
        scar=zone,
        under=floor,
        vessel_dips=((160, 56, 12),),
        labels=(*layers(), *words),
    )


def _rolling() -> Scene:
    zone = unary_union(
        [LineString([(98, 104), (98, 150)]).buffer(17), LineString([(234, 110), (234, 150)]).buffer(17)]
    )
    words = (
        Label(("Soft slopes",), 132, 36, to=(190, 73), start=(176, 42)),
        Label(("Bands of scar", "pull the skin down"), 118, 176, to=(232, 150), on="fat", start=(218, 166)),
    )
    return Scene(
        "Rolling scars",
        ROLLING,
        ((60, 130), (200, 262)),
        scar=zone,
        paint_scar=False,
        under=tethers((98, 98), (234, 104)),
        labels=(*layers(), *words),
    )


def _hypertrophic() -> Scene:
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
    words = (
        Label(("Outline of", "the spot"), 224, 18, to=(216, 26), start=(222, 22)),
        Label(("Too much", "collagen"), 246, 96, to=(200, 86), start=(243, 92), on="der"),
    )
    return Scene(
        "Raised scar",
        RAISED,
        ((104, 216),),
        4.5,
        scar=zone,
        under=inside,
        over=element("mark", "M104 120V8M216 120V8"),
        labels=(*layers(), *words),
    )


def _keloid() -> Scene:
    zone = scale(Point(160, 64).buffer(1, quad_segs=24), 105, 58)
    words = (
        Label(("Outline of", "the spot"), 314, 13, to=(192, 11), start=(244, 11), anchor="end"),
        Label(("Grows past it",), 8, 14, to=(76, 41), start=(64, 19)),
        Label(("Thick", "collagen"), 314, 100, to=(226, 88), start=(262, 94), on="der", anchor="end"),
    )
    outer = Label(("Outer", "layer"), 8, 36, to=(14, 68))
    return Scene(
        "Keloid scar",
        KELOID,
        ((54, 266),),
        4.5,
        scar=zone,
        under=_tangle(zone),
        over=element("mark", "M128 120V6M192 120V6"),
        labels=(outer, *layers(outer=False), *words),
    )


def _dark_marks() -> Scene:
    rnd = random.Random(3)
    deep = [(rnd.gauss(160, 30), 83 + abs(rnd.gauss(0, 7))) for _ in range(70)]
    rnd = random.Random(8)
    high = []
    for _ in range(150):
        x = rnd.gauss(160, 34)
        high.append((x, 74.5 + 3.4 * math.sin(2 * math.pi * x / RIDGE) - abs(rnd.gauss(0, 3.2)) - 0.8))
    words = (
        Label(("Extra colour (pigment)",), 106, 40, to=(160, 70)),
        Label(("Even surface",), 314, 18, to=(286, 61), anchor="end"),
    )
    return Scene(
        "Dark mark",
        pigment=True,
        under=element("pigd", dots(p for p in deep if 96 < p[0] < 224 and p[1] < 108)),
        within=element("pig", dots(p for p in high if 94 < p[0] < 226 and p[1] > 64)),
        labels=(*layers(), *words),
    )


def _red_marks() -> Scene:
    wide = "M84 116C104 108 124 120 146 112S190 108 206 114S228 116 240 110"
    for x in (115, 135, 155, 175, 195):
        wide += f"M{x - 6} 112C{x - 2} 98 {x - 5} 78 {x} 78S{x + 3} 96 {x + 6} 111"
    flush = element("flush", "M92 75H228C232 96 206 118 160 118S88 96 92 75Z")
    flush += element("flush", "M116 75H204C206 90 190 106 160 106S114 90 116 75Z")
    words = (
        Label(("Wider blood vessels",), 104, 40, to=(156, 88)),
        Label(("Even surface",), 314, 18, to=(286, 61), anchor="end"),
    )
    return Scene("Red or purple mark", under=flush + element("wide", wide), labels=(*layers(), *words))


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


def spot(title: str, over: str = "", words: tuple[Label, ...] = ()) -> Scene:
    under, within = spot_parts()
    return Scene(
        title,
        SPOT,
        ((140, 180),),
        scar=Point(160, 92).buffer(48),
        paint_scar=False,
        under=under,
        within=within,
        over=over,
        labels=(*layers(), *words),
    )


def _active_spot() -> Scene:
    words = (
        Label(("Blocked pore",), 120, 17, to=(160, 36), start=(160, 22)),
        Label(("Inflamed", "skin"), 314, 88, to=(198, 85), start=(246, 85), on="der", anchor="end"),
    )
    return spot("Active spot", words=words)


def _milia() -> Scene:
    rings = (
        "M120.4 69.5a6.6 6.6 0 1 1 13.2 0a6.6 6.6 0 1 1-13.2 0M124 69.5a3 3 0 1 1 6 0a3 3 0 1 1-6 0",
        "M192.6 70a4.4 4.4 0 1 1 8.8 0a4.4 4.4 0 1 1-8.8 0",
    )
    within = circle("cyst", 127, 69.5, 11.5) + element("ker", rings[0])
    within += circle("cyst", 197, 70, 8.5) + element("ker", rings[1])
    words = Label(("Tiny cyst of", "skin protein"), 118, 17, to=(127, 58), start=(127, 36))
    return Scene("Milia", BUMPS, within=within, labels=(*layers(), words))


def _flat() -> Scene:
    words = (
        Label(("Even surface",), 216, 28, to=(260, 61)),
        Label(("Blood vessel",), 120, 162, to=(150, 136), on="fat", start=(150, 152)),
    )
    return Scene("Skin with an even surface", labels=(*layers(), *words))


def scenes() -> dict[str, Scene]:
    return {
        "ice-pick": _ice_pick(),
        "boxcar-shallow": _boxcar_shallow(),
        "boxcar-deep": _boxcar_deep(),
        "rolling": _rolling(),
        "hypertrophic": _hypertrophic(),
        "keloid": _keloid(),
        "dark-marks": _dark_marks(),
        "red-marks": _red_marks(),
        "active-spot": _active_spot(),
        "milia": _milia(),
        "flat": _flat(),
    }
