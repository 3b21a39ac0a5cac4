"""The scars, marks and spots: what each changes in healthy skin, and the words on its figure."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from palette import circle, element
from shapely.affinity import scale
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union
from shapes import XY, dots, moved, number, trace, wave
from skin import RIDGE, Drawing, Label, Scene, dip, dome, fat_line, patch, pit

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
SPOT = "L84 62 C112 62 122 40 142 34.5 C150 32.5 170 32.5 178 34.5 C198 40 208 62 236 62"
BUMPS = (
    "L100 62 C114 62 116 55 127 55 C138 55 140 62 150 62 L178 62 C187 62 189 57.5 197 57.5 C205 57.5 207"
    " 62 215 62"
)


def layers(deeper: bool = True) -> tuple[Label, ...]:
    """The names of the layers, in the same place on every drawing, beside a bar that shows how thick each is."""
    return (
        Label(("Surface",), 13, 49, on="face", says="The skin as you see it and touch it."),
        Label(("Outer layer",), 13, 74.5, on="epi", says="Thin. Its colour is what you see from outside."),
        Label(("Dermis",), 13, 112, on="der", says="The thick layer under it. Scars start here."),
        Label(("Fat",), 13, 182, on="fat", says="The lowest layer in the drawing."),
    )[: 4 if deeper else 3]


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
        strand = LineString([(x, y), (x + length * math.cos(angle), y + length * math.sin(angle))]).buffer(3.9)
        if room.contains(strand) and not any(strand.intersects(other) for other in used):
            used.append(strand)
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
    others = "".join(patch("hole", x, y, r, r * 0.42) for x, y, r in ((104, 42, 5), (189, 39, 4), (276, 46, 6)))
    return Scene(
        "Ice pick scars",
        ICE_PICK,
        ((122, 184), (200, 246)),
        scar=zone,
        face=others + pit(153.5, 12, 6.5, 60, 0) + pit(223, 9.5, 5, 30, 0),
        under=sides,
        vessel_dips=((153.5, 20, 15),),
        labels=(
            *layers(),
            Label(
                ("Narrow opening",), 122, -9, to=(153.5, 59), start=(153.5, -4),
                says="On the surface you see a small hole, as if from something sharp.",
            ),
            Label(
                ("Deep pit",), 248, 112, to=(157, 122), start=(245, 108), on="der",
                says="It runs down into the dermis, and is deeper than it is wide.",
            ),
            Label(
                ("More pits",), 252, 14, to=(276, 46), start=(276, 18),
                says="They often come in groups.",
            ),
        ),
    )


def _boxcar_shallow() -> Scene:
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
                ("Steep edges",), 222, -9, to=(212.5, 58), start=(246, -4),
                says="A fingertip feels an edge, and then a floor.",
            ),
            Label(
                ("Shallow floor",), 98, 14, to=(146, 78), start=(140, 19),
                says="The floor is not far below the surface.",
            ),
        ),
    )


def _boxcar_deep() -> Scene:
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
                ("Steep edges",), 222, -9, to=(206, 58), start=(246, -4),
                says="A fingertip feels an edge, and then a floor.",
            ),
            Label(
                ("Deep floor",), 112, 14, to=(148, 114), start=(143, 19),
                says="The floor lies deep in the dermis.",
            ),
        ),
    )


def _rolling() -> Scene:
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
        under=tethers((146, 98), (252, 104)),
        labels=(
            *layers(),
            Label(
                ("Soft slopes",), 160, -4, to=(180, 72), start=(194, 1),
                says="The surface goes up and down in waves, with no edge to feel.",
            ),
            Label(
                ("Bands of scar", "pull the skin down"), 156, 178, to=(249, 150), on="fat", start=(241, 167),
                says="They hold the bottom of each dip from below.",
            ),
        ),
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
                ("Outline of the spot",), 314, 14, to=(217, 49), start=(250, 19), anchor="end",
                says="The dotted line. The bump stays inside it.",
            ),
            Label(
                ("Firm bump",), 76, -9, to=(142, 35), start=(130, -4),
                says="The scar stands above the skin around it.",
            ),
            Label(
                ("Too much", "collagen"), 246, 96, to=(200, 86), start=(243, 92), on="der",
                says="Bundles of it lie side by side. Collagen is the protein that makes skin firm.",
            ),
        ),
    )


def _keloid() -> Scene:
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
                ("Outline of the spot",), 314, -12, to=(228, 15), start=(240, -7), anchor="end",
                says="The dotted lines. This is how wide the spot was.",
            ),
            Label(
                ("Grows past it",), 84, 8, to=(116, 39), start=(112, 13),
                says="The scar is wider than the spot was.",
            ),
            Label(
                ("Thick collagen",), 316, 138, to=(250, 98), start=(266, 127), on="der", anchor="end",
                says="Thick strands run in all directions.",
            ),
        ),
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


def _dark_marks() -> Scene:
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
                ("Extra colour (pigment)",), 92, -9, to=(160, 71), start=(160, -4),
                says="Grains of it lie in the outer layer, and a few just below.",
            ),
            Label(
                ("Even surface",), 312, 14, to=(248, 58), start=(258, 19), anchor="end",
                says="A mark is flat. Nothing is missing and nothing is raised.",
            ),
        ),
    )


def _red_marks() -> Scene:
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
                ("Wider blood vessels",), 92, -9, to=(155, 80), start=(155, -4),
                says="They show through as red or purple.",
            ),
            Label(
                ("Even surface",), 312, 14, to=(248, 58), start=(258, 19), anchor="end",
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


def _active_spot() -> Scene:
    words = (
        *layers(),
        Label(
            ("Blocked pore",), 120, -9, to=(160, 42), start=(160, -4),
            says="The opening is closed. Oil and bacteria play a part.",
        ),
        Label(
            ("Pus",), 236, 14, to=(172, 84), start=(234, 14),
            says="The pore swells, and holds pus.",
        ),
        Label(
            ("Inflamed skin",), 314, 116, to=(194, 104), start=(226, 112), on="der", anchor="end",
            says="The dermis around it is red, swollen and often sore. Squeezing can force the contents deeper.",
        ),
    )
    return spot("Active spot", words=words)


def _milia() -> Scene:
    within = circle("cyst", 127, 69.5, 11.5) + circle("ker", 127, 69.5, 6.6) + circle("ker", 127, 69.5, 3)
    within += circle("cyst", 197, 70, 8.5) + circle("ker", 197, 70, 4.4)
    face = dome(BUMPS, 127, 17, 7) + dome(BUMPS, 197, 13, 5)
    face += "".join(patch("cyst", x, y, r, r * 0.6) for x, y, r in ((160, 44, 5), (236, 39, 4), (272, 49, 5.5)))
    return Scene(
        "Milia",
        BUMPS,
        face=face,
        within=within,
        labels=(
            *layers(),
            Label(
                ("Tiny cyst",), 96, 14, to=(127, 66), start=(127, 19),
                says="A little ball of skin protein (keratin) in the outer layer. It is not oil and not acne.",
            ),
            Label(
                ("Small white bumps",), 314, -9, to=(236, 39), anchor="end", start=(238, -4),
                says="On the surface you see small white or yellow bumps. They usually do not hurt or itch.",
            ),
        ),
    )


def _flat() -> Scene:
    words = (
        Label(
            ("Collagen",), 250, 150, to=(236, 116), on="der", start=(262, 139),
            says="The protein that makes skin firm. Too little leaves a dip, too much makes a bump.",
        ),
        Label(
            ("Blood vessel",), 118, 150, to=(150, 133.5), on="der", start=(150, 140),
            says="Blood flows through the dermis.",
        ),
    )
    return Scene("Skin, cut through", labels=(*layers(), *words))


def _pair(title: str, first: Scene, second: Scene, tile: int = 0) -> Drawing:
    """Two scenes side by side. The layers are named once."""
    named = {label.name for label in layers()}
    rest = tuple(label for label in second.labels if label.name not in named)
    return Drawing(title, (first, replace(second, labels=rest)), tile)


def drawings() -> dict[str, Drawing]:
    alone = {
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
    found = {name: Drawing(scene.heading, (scene,)) for name, scene in alone.items()}
    found["boxcar"] = _pair("Boxcar scars", alone["boxcar-shallow"], alone["boxcar-deep"], 1)
    found["raised"] = _pair("Raised scars", alone["hypertrophic"], alone["keloid"])
    found["marks"] = _pair("Dark and red marks", alone["dark-marks"], alone["red-marks"])
    return found
