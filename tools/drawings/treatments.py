"""What each treatment does to the skin, step by step, on the same piece of skin as the scars.

Tools are grey-green. Each story ends with what is usual later, never with skin as if nothing had been.
"""

from __future__ import annotations

import random
from dataclasses import replace

from concerns import layers, mark, spot
from palette import circle, element
from shapely.geometry import LineString, Polygon
from shapes import area, dots, number, trace, wave
from skin import Drawing, Label, Scene, dip, patch, pit

COLUMNS = tuple(range(103, 218, 19))
# A shallow, soft dip before and after; dotted, it is what was there before.
DIP = "L84 62 C110 62 116 84 138 84 L182 84 C204 84 210 62 236 62"
SHALLOWER = "L88 62 C116 62 124 71 142 71 L178 71 C196 71 204 62 232 62"
DIP_WAS = element("was", "M84 62C110 62 116 84 138 84H182C204 84 210 62 236 62")
DIP_ZONE = Polygon([(118, 92), (202, 92), (196, 112), (124, 112)]).buffer(4)


def _after(heading: str, new: str = "New collagen", says: str = "The skin builds it as it mends.") -> Scene:
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
                ("Dip before",), 190, 14, to=(207, 73), start=(216, 19),
                says="The dotted line shows how deep it was.",
            ),
            Label(
                ("Shallower",), 74, 14, to=(150, 71), start=(112, 19),
                says="The dip may be shallower. It is not gone.",
            ),
            Label((new,), 316, 146, to=(206, 116), start=(248, 135), on="der", anchor="end", says=says),
        ),
    )


def drop(x: float, y: float, size: float) -> str:
    """A drop that hangs from (x, y)."""
    top, side, low = number(y + size * 0.7), number(y + size), number(y + size * 1.5)
    half, near = size * 0.75, size * 0.3
    left, right, r = number(x - half), number(x + half), number(half)
    return (
        f"M{number(x)} {number(y)}C{number(x + near)} {top} {right} {side} {right} {low}"
        f"A{r} {r} 0 0 1 {left} {low}C{left} {side} {number(x - near)} {top} {number(x)} {number(y)}Z"
    )


def _dipped(heading: str, **more: object) -> Scene:
    return Scene(heading, DIP, ((104, 216),), scar=DIP_ZONE, face=dip(160, 64, 22, 22), **more)  # type: ignore[arg-type]


def _floor(x: float) -> float:
    """How low the surface of the dip is at x."""
    return min(trace(f"M0 62 {DIP} L320 62"), key=lambda p: abs(p[0] - x))[1]


def _laser_head(columns: tuple[int, ...], end: float = 0) -> str:
    beams = "".join(f"M{number(160 + (x - 160) * 0.62)} 10L{x} {number(_floor(x) + end)}" for x in columns)
    return element("beam", beams) + element("tool", "M108 -8H212L204 10H116Z")


def _laser() -> Drawing:
    columns = (110, 135, 160, 185, 210)
    holes = "".join(f"M{x - 4} {number(_floor(x) - 2)}V122a4 4 0 0 0 8 0V{number(_floor(x) - 2)}Z" for x in columns)
    heat = "".join(f"M{x - 4} {number(_floor(x) + 13)}V122a4 4 0 0 0 8 0V{number(_floor(x) + 13)}a4 4 0 0 0-8 0Z" for x in columns)
    head = Label(("Laser",), 222, 4, says="It sends many thin beams of light into the skin.")
    ablative = _dipped(
        "Ablative laser",
        within=element("heat", holes),
        over=_laser_head(columns),
        labels=(
            *layers(),
            head,
            Label(
                ("Column turned", "to vapour"), 316, 104, anchor="end", to=(212, 112), start=(226, 112), on="der",
                says="Tiny columns of skin go, through the outer layer and into the dermis.",
            ),
            Label(
                ("Skin left alone",), 112, 146, to=(147.5, 112), start=(147.5, 135), on="der",
                says="Untouched skin between the columns helps the rest to heal.",
            ),
        ),
    )
    gentle = _dipped(
        "Non-ablative laser",
        within=element("warm", heat),
        over=_laser_head(columns, 14),
        labels=(
            Label(
                ("Surface stays whole",), 316, 19, to=(228, 60), start=(252, 24), anchor="end",
                says="The gentler kind goes through the surface and leaves it whole.",
            ),
            Label(
                ("Heated column",), 316, 146, to=(212, 118), start=(232, 135), on="der", anchor="end",
                says="It heats the dermis in tiny columns.",
            ),
        ),
    )
    return Drawing("What laser resurfacing does", (ablative, gentle, _after("Later, with both")))


def _channels() -> tuple[str, str]:
    glow = element("glow", "".join(f"M{x} {number(_floor(x) + 6)}V124" for x in COLUMNS))
    cuts = "".join(f"M{number(x - 1.9)} {number(_floor(x) - 1)}L{x} 122L{number(x + 1.9)} {number(_floor(x) - 1)}Z" for x in COLUMNS)
    return glow, element("chan", cuts)


def _needles() -> str:
    shafts = "".join(f"M{x - 1.2} 6h2.4V{number(_floor(x) + 12)}l-1.2 6l-1.2-6Z" for x in COLUMNS)
    return element("needle", shafts) + element("tool", "M98 -10H222a8 8 0 0 1 0 16H98a8 8 0 0 1 0-16Z")


THOUGHT = "The repair is thought to build new collagen."


def _needling(heading: str) -> Scene:
    glow, channels = _channels()
    return _dipped(
        heading,
        under=glow,
        within=channels,
        over=_needles(),
        labels=(
            *layers(),
            Label(("Needles",), 234, 4, says="Fine needles make tiny punctures. How deep depends on the device."),
            Label(
                ("Channel",), 246, 112, to=(218, 116), start=(244, 110), on="der",
                says="Each puncture leaves a fine channel, and starts a repair.",
            ),
        ),
    )


def _microneedling() -> Drawing:
    return Drawing(
        "What microneedling does", (_needling("Fine needles go in"), _after("Later", says=THOUGHT)), steps=True
    )


def _prp() -> Drawing:
    rnd = random.Random(4)
    specks = [(rnd.uniform(126, 196), rnd.uniform(3, 19)) for _ in range(20)]
    tube = element("gold", "M118 0H200V22H118Z") + element("redc", "M200 0H256a11 11 0 0 1 0 22H200Z")
    tube += element("plt", dots(specks)) + element("glass", "M110 -1H256a12 12 0 0 1 0 24H110M110 -4V26")
    blood = Scene(
        "Your blood is spun",
        over=tube,
        labels=(
            *layers(),
            Label(
                ("Plasma with platelets",), 84, -12, to=(150, 8), start=(150, -7),
                says="The clear part of your own blood. Spinning leaves many platelets in it.",
            ),
            Label(("Red cells",), 238, 43, to=(236, 14), start=(252, 32), on="face", says="PRP is the plasma, kept apart from these."),
        ),
    )
    glow, channels = _channels()
    film = "M96 64C108 58 112 78 134 80C150 82 170 82 186 80C208 78 212 58 224 64C210 68 206 86 182 86H138C114 86 110 68 96 64Z"
    filled = "".join(f"M{number(x - 1.3)} {number(_floor(x))}L{x} 118L{number(x + 1.3)} {number(_floor(x))}Z" for x in COLUMNS)
    falling = "".join(drop(x, y, 7) for x, y in ((120, 18), (146, 32), (170, 12), (192, 30)))
    needled = _dipped(
        "Plasma goes on needled skin",
        under=glow,
        within=channels + element("gold", filled),
        over=element("drop", film) + element("drop", falling),
        labels=(
            Label(
                ("Plasma",), 226, 10, to=(175, 22), start=(224, 8),
                says="It is put on the skin and runs into the channels.",
            ),
            Label(
                ("Needle", "channel"), 246, 108, to=(218, 112), start=(244, 108), on="der",
                says="Fine needles make it first, as in microneedling.",
            ),
        ),
    )
    return Drawing("What microneedling with PRP does", (blood, needled, _after("Later", says=THOUGHT)), 1, True)


def _soaks(low: float) -> str:
    """How far down an acid goes."""
    return element("reach", "".join(f"M{x} 60V{low + (x // 8) % 2 * 2}" for x in range(98, 226, 8)))


def _peel() -> Drawing:
    film = "M92 61c2-9 10-10 20-9s26-2 48-1s38 0 48 0s18 1 20 10z"
    light = Scene(
        "Light peel",
        face=patch("spotd", 160, 62, 60, 20, half=True),
        pigment=0.86,
        within=_soaks(70),
        over=element("cream", film) + element("depth", "M250 66V74M246 71l4 5l4-5"),
        labels=(
            *layers(),
            Label(("Mild acid",), 128, 14, to=(160, 55), start=(160, 19), says="It stays on the skin for minutes, and stings."),
            Label(
                ("Outer layer only",), 204, 104, to=(250, 77), start=(250, 92), on="der",
                says="A light peel reaches no deeper than the outer layer.",
            ),
        ),
    )
    medium = Scene(
        "Medium peel",
        face=patch("spotd", 160, 62, 60, 20, half=True),
        pigment=0.86,
        within=_soaks(98),
        over=element("cream", film) + element("depth", "M250 66V98M246 94l4 6l4-6"),
        labels=(
            Label(("Stronger acid",), 112, 14, to=(160, 55), start=(160, 19), says="It lifts off more of the skin."),
            Label(
                ("Reaches", "further down"), 226, 118, to=(250, 101), start=(250, 107), on="der",
                says="New skin forms from deeper layers. It takes longer to heal, and the risks are greater.",
            ),
        ),
    )
    later = Scene(
        "Later",
        face=patch("spotl", 160, 62, 54, 17, half=True),
        pigment=0.5,
        over="",
        labels=(
            Label(
                ("Lighter mark",), 108, 14, to=(160, 54), start=(160, 19),
                says="Tone and fine texture may be more even.",
            ),
            Label(
                ("Dermis", "much as before"), 196, 112, to=(178, 104), start=(194, 108), on="der",
                says="Peels do little for depth.",
            ),
        ),
    )
    flap = "M236 60C214 57 196 50 178 40C162 31 148 22 136 24C126 26 127 38 137 38"
    peeling = element("wall", _ribbon(flap, 5)) + element("top", flap)
    tile = replace(light, over=peeling, within="", labels=())
    return Drawing("What a chemical peel does", (light, medium, later), tile)


def _ribbon(path: str, width: float) -> str:
    """The outline of a strip that follows a path."""
    return area(LineString(trace(path)).buffer(width, cap_style="flat"), 0.2)


ROUGH = (
    "L88 62 C92 62 93 59 97 59 C101 59 102 62 106 62 C110 62 111 58.5 115 58.5 C119 58.5 120 62 124 62"
    " C128 62 132 76 146 77 L172 77 C188 76 190 62 196 62 C200 62 201 59 205 59 C209 59 210 62 214 62 C218 62"
    " 219 58.5 223 58.5 C227 58.5 228 62 232 62"
)
SMOOTH = "L88 62 C90 62 92 63 96 63 L118 63 C128 63 132 77 146 77 L172 77 C188 77 190 63 200 63 L224 63 C228 63 230 62 232 62"


def _microdermabrasion() -> Drawing:
    wand = "M120 58C117 50 120 45 126 41L196 -2H226L144 54C138 58 124 64 120 58Z"
    rnd = random.Random(5)
    crumbs = [(rnd.uniform(84, 116), 55 - abs(rnd.gauss(0, 7))) for _ in range(20)]
    rough = dip(160, 36, 14, 15)
    before = Scene(
        "A tip polishes",
        ROUGH,
        ((124, 196),),
        face=rough,
        over=element("crumb", dots(crumbs)) + element("tool", wand),
        labels=(
            *layers(),
            Label(("Polishing tip",), 222, 16, to=(186, 20), start=(219, 12), says="Fine crystals or a diamond tip rub the surface."),
            Label(
                ("Only the very top", "comes away"), 86, 2, to=(102, 48), start=(102, 22),
                says="Dust from the top of the outer layer.",
            ),
        ),
    )
    after = Scene(
        "Later",
        SMOOTH,
        ((124, 196),),
        face=rough,
        labels=(
            Label(("Smoother surface",), 316, -4, to=(212, 62), start=(238, 1), anchor="end", says="Fine texture may feel smoother."),
            Label(
                ("The dip stays",), 92, 14, to=(150, 76), start=(136, 19),
                says="Polishing does not reach the depth of a scar.",
            ),
        ),
    )
    return Drawing("What microdermabrasion does", (before, after), steps=True)


SANDED = "L66 62 C72 62 76 81 88 81 L228 81 C240 81 246 62 254 62"
RENEWED = "L66 62 C84 62 92 66 104 66 L126 66 C136 66 138 72 148 72 L172 72 C182 72 184 66 194 66 L216 66 C228 66 236 62 254 62"
BOX_WAS = element("was", "M112 62C116 62 117 64 118 70L120 82C121 87 124 88 128 88H192C196 88 199 87 200 82L202 70C203 64 204 62 208 62")


def _dermabrasion() -> Drawing:
    wheel = element("tool", "M196 34L212 -14H226L212 40Z") + circle("tool", 200, 50, 29) + circle("tool2", 200, 50, 9)
    turn = element("turn", "M176 22a38 38 0 0 0-14 30M158 46l4 7l6-6")
    sanding = Scene(
        "A wheel sands the skin",
        "L96 62 C100 62 102 80 110 81 L228 81 C234 79 236 70 240 62",
        bare=(100, 236),
        face=element("rawf", "M98 62a72 22 0 0 1 140 0v20H98z"),
        over=element("raw", "M104 78c2 2 3 3 6 3H226c4 0 7-3 9-8") + element("was", "M98 62H172") + turn + wheel,
        labels=(
            *layers(),
            Label(("Sanding", "wheel"), 236, 8, says="A fast-turning tool. You have an anaesthetic."),
            Label(("Surface before",), 60, 14, to=(118, 61), start=(106, 19), says="The dotted line."),
            Label(
                ("Sanded into", "the dermis"), 112, 112, to=(140, 82), start=(140, 101), on="der",
                says="The outer layer is gone here. Swelling lasts days to weeks.",
            ),
        ),
    )
    healed = Scene(
        "New skin has grown",
        RENEWED,
        ((90, 230),),
        3,
        face=dip(160, 34, 15, 10),
        over=BOX_WAS,
        labels=(
            Label(("Scar before",), 206, 14, to=(201, 76), start=(226, 19), says="The dotted line shows its edges and its floor."),
            Label(
                ("Softer edges",), 86, 14, to=(136, 67), start=(124, 19),
                says="A shallow scar may have softer edges. Pinkness lasts about 3 months.",
            ),
        ),
    )
    return Drawing("What dermabrasion does", (sanding, healed), steps=True)


PUNCH_PIT = (
    "L104 62 C112 62 113 66 115 78 C117 92 118 104 120 114 C121 119 125 119 126 114 C128 104 129 92 131 78 C133 66 134 62 142 62"
)
ARROW = element("turn", "M164 30h22M180 25l7 5l-7 5")


def _cutter(x: float) -> str:
    left, right = x - 20, x + 20
    return element(
        "tool",
        f"M{left - 6} -10H{right + 6}V0H{left - 6}ZM{left - 3} 0H{left + 3}V42L{left} 48L{left - 3} 42Z"
        f"M{right - 3} 0H{right + 3}V42L{right} 48L{right - 3} 42Z",
    )


def _punch() -> Drawing:
    zone = LineString([(115, 70), (123, 118)]).buffer(13)
    seam = "M232 62 C236 62 238 64.5 241 64.5 C244 64.5 246 62 250 62"
    stitched = Scene(
        "Cut out and stitched",
        f"{PUNCH_PIT} L232 62 {seam.replace('M', 'L')}",
        ((98, 148), (232, 250)),
        scar=zone,
        face=pit(123, 13, 6, 40, 0) + patch("was", 123, 62, 20, 10, half=True),
        under=element("seam", "M241 66V128"),
        over=element("cut", "M103 62V130H143V62") + _cutter(123) + ARROW
        + element("thread", "M226 66C230 52 252 52 256 66M241 56l-7-9M241 56l7-9"),
        labels=(
            *layers(),
            Label(("Punch",), 154, 4, says="A tiny round blade, 1.5 to 3.5 mm wide. It treats one scar."),
            Label(
                ("Scar comes", "out whole"), 152, 104, to=(136, 100), start=(150, 100), on="der",
                says="The whole scar is cut out, as far down as it goes.",
            ),
            Label(("Stitch",), 268, 30, to=(252, 57), start=(270, 35), says="It closes the gap. A fine, flatter scar is left."),
        ),
    )
    gap = "L103 62 L103 122 L143 122 L143 62"
    graft = Scene(
        "Filled with a graft",
        f"{gap} L221 62 C223 60.5 225 60 228 60 L254 60 C257 60 259 60.5 261 62",
        ((95, 151),),
        thinner=12,
        bare=(98, 148),
        scar=Polygon([(100, 64), (146, 64), (146, 126), (100, 126)]),
        paint_scar=False,
        face=pit(123, 20, 10, 60, 18),
        under=element("plug", "M221 62V122H261V62Z"),
        over=ARROW + element("cut", "M221 66V122H261V66"),
        labels=(
            Label(("Gap",), 112, 14, to=(123, 100), start=(123, 19), says="The scar has been cut out."),
            Label(
                ("Piece of your", "own skin"), 214, 4, to=(241, 80), start=(241, 24),
                says="It fills the gap. It often comes from behind the ear.",
            ),
        ),
    )
    box = "L98 62 C102 62 103 64 103 70 L103 108 C103 110 104 111 106 111 L140 111 C142 111 143 110 143 108 L143 70 C143 64 144 62 148 62"
    lifted = Scene(
        "Cut free and lifted",
        f"{box} L218 62 C220 62 220 64 221 64 C222 64 222 61 224 61 L258 61 C260 61 260 64 261 64 C262 64 262 62 264 62",
        ((95, 151), (216, 266)),
        face=pit(123, 23, 11, 50, 20),
        under=element("plug", "M221 66V122H261V66Z"),
        over=ARROW
        + element("cut", "M103 114V136M143 114V136M221 66V128M261 66V128")
        + element("depth", "M123 103V76M118 82l5-7l5 7"),
        labels=(
            Label(("Floor of the scar",), 66, 14, to=(114, 108), start=(114, 19), says="A steep scar is cut round, and its floor comes free."),
            Label(("Floor, now level",), 316, 14, to=(241, 60), start=(256, 19), anchor="end", says="It is lifted until it is level with the skin around it."),
        ),
    )
    return Drawing("What punch techniques do", (stitched, graft, lifted))


def _filler() -> Drawing:
    pocket = "M118 104C130 97 146 99 160 98S190 97 202 104C208 110 196 119 184 120S150 123 136 120S112 111 118 104Z"
    small = "M146 104C152 99 168 99 176 104C180 109 172 114 162 114S142 110 146 104Z"
    syringe = element("edge", "M246 50L176 103") + element("tool", "M241 46L281 16L290 28L250 58Z")
    syringe += element("tool", "M284 20L298 9L301 13L288 25ZM296 2L309 18L305 21L292 5Z")
    goes_in = _dipped(
        "Gel goes under the dip",
        under=element("gel", small),
        over=syringe,
        labels=(
            *layers(),
            Label(("Dip",), 132, 14, to=(150, 82), start=(143, 19), says="A soft dip with sloping sides."),
            Label(("Syringe",), 216, 2, to=(262, 32), start=(244, 7), says="A fine needle puts the gel under the dip."),
            Label(("Gel",), 206, 130, to=(166, 108), start=(203, 126), on="der", says="The filler, in the dermis. The fat below is not touched."),
        ),
    )
    lifted = Scene(
        "The dip is lifted",
        "L84 62 C120 62 128 66 160 66 C192 66 200 62 236 62",
        ((110, 210),),
        2,
        scar=Polygon([(108, 84), (212, 84), (212, 122), (108, 122)]),
        paint_scar=False,
        face=dip(160, 52, 16, 4),
        under=element("gel", pocket),
        over=DIP_WAS,
        labels=(
            Label(("Dip before",), 200, 14, to=(207, 73), start=(224, 19), says="The dotted line shows how deep it was."),
            Label(("Nearly level",), 74, 14, to=(146, 65), start=(112, 19), says="The surface is lifted from below. Too much would leave a lump."),
            Label(("Gel lifts it",), 226, 138, to=(196, 110), start=(236, 127), on="der", says="Hyaluronic acid gel lasts about 6 to 12 months."),
        ),
    )
    return Drawing("What a dermal filler does", (goes_in, lifted), steps=True)


def _topical() -> Drawing:
    cream = "M84 61c3-9 12-8 24-10s28 2 44 0s32 2 48 0s28 2 34 1s12 0 16 9z"
    rays = element("ray", "M243 8L198 49L164 17M249 13L222 49L190 17M258 17L245 49L215 17")
    rays += element("ray", "M166 26l-2-9l9 2M192 26l-2-9l9 2M217 26l-2-9l9 2")
    face, under, within = mark()
    day = Scene(
        "Every day",
        pigment=1,
        face=face,
        under=under,
        within=within,
        over=element("cream", cream) + rays + circle("sun", 256, -2, 15),
        labels=(
            *layers(),
            Label(("Sunlight",), 172, -12, to=(243, -4), start=(232, -14), says="It can make marks and scars darker."),
            Label(("Sun protection", "and cream"), 50, 4, to=(108, 55), start=(100, 24), says="Sun protection every day, and a cream for marks if one suits you. Creams work near the surface."),
            Label(("Dark mark",), 230, 100, to=(196, 76), start=(228, 96), on="der", says="Extra colour in the outer layer."),
        ),
    )
    faint, few, some = mark(0.5)
    later = Scene(
        "Months later",
        pigment=0.55,
        face=faint.replace("spotd", "spotl"),
        under=few,
        within=some,
        over=element("cream", cream),
        labels=(
            Label(
                ("Fainter mark",), 108, 14, to=(160, 46), start=(154, 19),
                says="Flat marks usually fade over months, sometimes years.",
            ),
        ),
    )
    return Drawing("What creams and sun protection do", (day, later), steps=True)


def _blue_light() -> Drawing:
    lamp = element("tool", "M104 -10H216V0H104Z") + element("lamp", "M108 0H212V5H108Z")
    on_spot = element("blue", "M112 4H208L232 61C214 61 204 42 178 34.5C170 32.5 150 32.5 142 34.5C116 42 106 61 88 61Z")
    words = (
        *layers(),
        Label(("Blue light",), 226, 4, to=(204, 14), start=(224, 2), says="It acts on the bacteria in spots. No drug is used."),
        Label(("Active spot",), 238, 104, to=(186, 84), start=(236, 100), on="der", says="It may help the spot itself. The studies were small and short."),
    )
    on_scar = _dipped(
        "On a scar",
        over=element("blue", "M112 4H208L236 62C210 62 204 84 182 84H138C116 84 110 62 84 62Z") + lamp,
        labels=(
            Label(
                ("The dip stays",), 216, 112, to=(176, 86), start=(214, 106), on="der",
                says="We found no evidence that blue light helps a scar.",
            ),
        ),
    )
    return Drawing("What blue light does", (spot("On an active spot", on_spot + lamp, words), on_scar))


def drawings() -> dict[str, Drawing]:
    return {
        "laser": _laser(),
        "microneedling": _microneedling(),
        "prp": _prp(),
        "peel": _peel(),
        "microdermabrasion": _microdermabrasion(),
        "dermabrasion": _dermabrasion(),
        "punch": _punch(),
        "filler": _filler(),
        "topical": _topical(),
        "blue-light": _blue_light(),
    }
