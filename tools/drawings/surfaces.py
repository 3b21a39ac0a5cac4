"""Treatments from above: peels, polishing, sanding, creams and light."""

from __future__ import annotations

import random
from dataclasses import replace

from marks import mark, spot
from palette import circle, element
from shapely.geometry import LineString
from shapes import area, dots, trace
from shared import dipped, layers
from skin import Drawing, Label, Scene, dip, patch


def _soaks(low: float) -> str:
    """How far down an acid goes."""
    return element("reach", "".join(f"M{x} 60V{low + (x // 8) % 2 * 2}" for x in range(98, 226, 8)))


def peel() -> Drawing:
    film = "M92 61c2-9 10-10 20-9s26-2 48-1s38 0 48 0s18 1 20 10z"
    light = Scene(
        "Light peel",
        face=patch("spotd", 160, 62, 60, 20, half=True),
        pigment=0.86,
        within=_soaks(70),
        over=element("cream", film) + element("depth", "M250 66V74M246 71l4 5l4-5"),
        labels=(
            *layers(listed=False),
            Label(
                ("Mild acid",),
                128,
                14,
                to=(160, 55),
                start=(160, 19),
                says="It stays on the skin for minutes, and stings.",
            ),
            Label(
                ("Outer layer only",),
                194,
                104,
                to=(250, 77),
                start=(250, 92),
                on="der",
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
            Label(
                ("Stronger acid",),
                112,
                14,
                to=(160, 55),
                start=(160, 19),
                says="It lifts off more of the skin.",
            ),
            Label(
                ("Reaches", "further down"),
                226,
                118,
                to=(250, 101),
                start=(250, 107),
                on="der",
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
                ("Lighter mark",),
                108,
                14,
                to=(160, 54),
                start=(160, 19),
                says="Tone and fine texture may be more even.",
            ),
            Label(
                ("Dermis", "much as before"),
                196,
                112,
                to=(178, 104),
                start=(194, 108),
                on="der",
                says="Peels do little for depth.",
            ),
        ),
    )
    flap = "M236 60C214 57 196 50 178 40C162 31 148 22 136 24C126 26 127 38 137 38"
    peeling = element("wall", _ribbon(flap, 5)) + element("top", flap)
    tile = replace(light, over=peeling, within="", labels=())
    return Drawing("Chemical peels", (light, medium, later), tile)


def _ribbon(path: str, width: float) -> str:
    """The outline of a strip that follows a path."""
    return area(LineString(trace(path)).buffer(width, cap_style="flat"), 0.2)


ROUGH = (
    "L88 62 C92 62 93 59 97 59 C101 59 102 62 106 62 C110 62 111 58.5 115 58.5 C119 58.5 120 62 124 62"
    " C128 62 132 76 146 77 L172 77 C188 76 190 62 196 62 C200 62 201 59 205 59 C209 59 210 62 214 62 C218 62"
    " 219 58.5 223 58.5 C227 58.5 228 62 232 62"
)
SMOOTH = (
    "L88 62 C90 62 92 63 96 63 L118 63 C128 63 132 77 146 77 L172 77 C188 77 190 63"
    " 200 63 L224 63 C228 63 230 62 232 62"
)


def microdermabrasion() -> Drawing:
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
            *layers(listed=False),
            Label(
                ("Polishing tip",),
                218,
                16,
                to=(186, 20),
                start=(219, 12),
                says="Fine crystals or a diamond tip rub the surface.",
            ),
            Label(
                ("Only the very top", "comes away"),
                86,
                2,
                to=(102, 48),
                start=(102, 22),
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
            Label(
                ("Smoother surface",),
                316,
                -4,
                to=(212, 62),
                start=(238, 1),
                anchor="end",
                says="Fine texture may feel smoother.",
            ),
            Label(
                ("The dip stays",),
                92,
                14,
                to=(150, 76),
                start=(136, 19),
                says="Polishing does not reach the depth of a scar.",
            ),
        ),
    )
    return Drawing("Microdermabrasion", (before, after), steps=True)


SANDED = "L66 62 C72 62 76 81 88 81 L228 81 C240 81 246 62 254 62"
RENEWED = (
    "L66 62 C84 62 92 66 104 66 L126 66 C136 66 138 72 148 72 L172 72 C182 72 184 66"
    " 194 66 L216 66 C228 66 236 62 254 62"
)
BOX_WAS = element(
    "was",
    "M112 62C116 62 117 64 118 70L120 82C121 87 124 88 128 88H192C196 88 199 87 200 82L202 70C203 64 204 62 208 62",
)


def dermabrasion() -> Drawing:
    wheel = (
        element("tool", "M196 34L212 -14H226L212 40Z")
        + circle("tool", 200, 50, 29)
        + circle("tool2", 200, 50, 9)
    )
    turn = element("turn", "M176 22a38 38 0 0 0-14 30M158 46l4 7l6-6")
    sanding = Scene(
        "A wheel sands the skin",
        "L96 62 C100 62 102 80 110 81 L228 81 C234 79 236 70 240 62",
        bare=(100, 236),
        face=element("rawf", "M98 62a72 22 0 0 1 140 0v20H98z"),
        over=element("raw", "M104 78c2 2 3 3 6 3H226c4 0 7-3 9-8")
        + element("was", "M98 62H172")
        + turn
        + wheel,
        labels=(
            *layers(listed=False),
            Label(("Sanding", "wheel"), 236, 8, says="A fast-turning tool. You have an anaesthetic."),
            Label(("Surface before",), 60, 14, to=(118, 61), start=(106, 19), says="The dotted line."),
            Label(
                ("Sanded into", "the dermis"),
                112,
                112,
                to=(140, 82),
                start=(140, 101),
                on="der",
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
            Label(
                ("Scar before",),
                206,
                14,
                to=(201, 76),
                start=(226, 19),
                says="The dotted line shows its edges and its floor.",
            ),
            Label(
                ("Softer edges",),
                86,
                14,
                to=(136, 67),
                start=(124, 19),
                says="A shallow scar may have softer edges. Pinkness lasts about 3 months.",
            ),
        ),
    )
    return Drawing("Dermabrasion", (sanding, healed), steps=True)


def topical() -> Drawing:
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
            *layers(listed=False),
            Label(
                ("Sunlight",),
                172,
                -12,
                to=(243, -4),
                start=(232, -14),
                says="It can make marks and scars darker.",
            ),
            Label(
                ("Sun protection", "and cream"),
                50,
                4,
                to=(108, 55),
                start=(100, 24),
                says="Sun protection every day, and a cream for marks if one suits you. Creams work near the surface.",
            ),
            Label(
                ("Dark mark",),
                230,
                100,
                to=(196, 76),
                start=(228, 96),
                on="der",
                says="Extra colour in the outer layer.",
            ),
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
                ("Fainter mark",),
                108,
                14,
                to=(160, 46),
                start=(154, 19),
                says="Flat marks usually fade over months, sometimes years.",
            ),
        ),
    )
    return Drawing("Creams and sun protection", (day, later), steps=True)


def blue_light() -> Drawing:
    lamp = element("tool", "M104 -10H216V0H104Z") + element("lamp", "M108 0H212V5H108Z")
    on_spot = element(
        "blue", "M112 4H208L232 61C214 61 204 42 178 34.5C170 32.5 150 32.5 142 34.5C116 42 106 61 88 61Z"
    )
    words = (
        *layers(listed=False),
        Label(
            ("Blue light",),
            226,
            4,
            to=(204, 14),
            start=(224, 2),
            says="It acts on the bacteria in spots. No drug is used.",
        ),
        Label(
            ("Active spot",),
            232,
            104,
            to=(186, 84),
            start=(230, 100),
            on="der",
            says="It may help the spot itself. The studies were small and short.",
        ),
    )
    on_scar = dipped(
        "On a scar",
        over=element("blue", "M112 4H208L236 62C210 62 204 84 182 84H138C116 84 110 62 84 62Z") + lamp,
        labels=(
            Label(
                ("The dip stays",),
                216,
                112,
                to=(176, 86),
                start=(214, 106),
                on="der",
                says="We found no evidence that blue light helps a scar.",
            ),
        ),
    )
    return Drawing("Blue light", (spot("On an active spot", on_spot + lamp, words), on_scar))
