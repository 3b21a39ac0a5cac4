"""Treatments of one scar from within: punch techniques and fillers."""

from __future__ import annotations

from palette import element
from shapely.geometry import LineString, Polygon
from shared import DIP_WAS, dipped, layers
from skin import Drawing, Label, Scene, dip, patch, pit

PUNCH_PIT = (
    "L104 62 C112 62 113 66 115 78 C117 92 118 104 120 114 C121 119 125 119 126 114"
    " C128 104 129 92 131 78 C133 66 134 62 142 62"
)
ARROW = element("turn", "M164 30h22M180 25l7 5l-7 5")


def _cutter(x: float) -> str:
    left, right = x - 20, x + 20
    return element(
        "tool",
        f"M{left - 6} -10H{right + 6}V0H{left - 6}ZM{left - 3} 0H{left + 3}V42L{left} 48L{left - 3} 42Z"
        f"M{right - 3} 0H{right + 3}V42L{right} 48L{right - 3} 42Z",
    )


def punch() -> Drawing:
    zone = LineString([(115, 70), (123, 118)]).buffer(13)
    seam = "M232 62 C236 62 238 64.5 241 64.5 C244 64.5 246 62 250 62"
    stitched = Scene(
        "Cut out and stitched",
        f"{PUNCH_PIT} L232 62 {seam.replace('M', 'L')}",
        ((98, 148), (232, 250)),
        scar=zone,
        face=pit(123, 13, 6, 54, 0) + patch("was", 123, 62, 20, 10, half=True),
        under=element("seam", "M241 66V128"),
        over=element("cut", "M103 62V130H143V62")
        + _cutter(123)
        + ARROW
        + element("thread", "M226 66C230 52 252 52 256 66M241 56l-7-9M241 56l7-9"),
        labels=(
            *layers(listed=False),
            Label(("Punch",), 154, 4, says="A tiny round blade, 1.5 to 3.5 mm wide. It treats one scar."),
            Label(
                ("Scar comes", "out whole"),
                152,
                104,
                to=(136, 100),
                start=(150, 100),
                on="der",
                says="The whole scar is cut out, as far down as it goes.",
            ),
            Label(
                ("Stitch",),
                268,
                30,
                to=(252, 57),
                start=(270, 35),
                says="It closes the gap. A fine, flatter scar is left.",
            ),
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
                ("Piece of your", "own skin"),
                214,
                4,
                to=(241, 80),
                start=(241, 24),
                says="It fills the gap. It often comes from behind the ear.",
            ),
        ),
    )
    box = (
        "L98 62 C102 62 103 64 103 70 L103 108 C103 110 104 111 106 111 L140 111 C142"
        " 111 143 110 143 108 L143 70 C143 64 144 62 148 62"
    )
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
            Label(
                ("Floor of the scar",),
                66,
                14,
                to=(114, 108),
                start=(114, 19),
                says="A steep scar is cut round, and its floor comes free.",
            ),
            Label(
                ("Floor, now level",),
                316,
                14,
                to=(241, 60),
                start=(256, 19),
                anchor="end",
                says="It is lifted until it is level with the skin around it.",
            ),
        ),
    )
    return Drawing("Punch techniques", (stitched, graft, lifted))


def filler() -> Drawing:
    pocket = (
        "M118 104C130 97 146 99 160 98S190 97 202 104C208 110 196 119 184 120S150 123"
        " 136 120S112 111 118 104Z"
    )
    small = "M146 104C152 99 168 99 176 104C180 109 172 114 162 114S142 110 146 104Z"
    syringe = element("edge", "M246 50L176 103") + element("tool", "M241 46L281 16L290 28L250 58Z")
    syringe += element("tool", "M284 20L298 9L301 13L288 25ZM296 2L309 18L305 21L292 5Z")
    goes_in = dipped(
        "Gel goes under the dip",
        under=element("gel", small),
        over=syringe,
        labels=(
            *layers(listed=False),
            Label(("Dip",), 132, 14, to=(150, 82), start=(143, 19), says="A soft dip with sloping sides."),
            Label(
                ("Syringe",),
                216,
                2,
                to=(262, 32),
                start=(244, 7),
                says="A fine needle puts the gel under the dip.",
            ),
            Label(
                ("Gel",),
                206,
                130,
                to=(166, 108),
                start=(203, 126),
                on="der",
                says="The filler, in the dermis. The fat below is not touched.",
            ),
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
            Label(
                ("Dip before",),
                200,
                14,
                to=(207, 73),
                start=(224, 19),
                says="The dotted line shows how deep it was.",
            ),
            Label(
                ("Nearly level",),
                74,
                14,
                to=(146, 65),
                start=(112, 19),
                says="The surface is lifted from below. Too much would leave a lump.",
            ),
            Label(
                ("Gel lifts it",),
                226,
                138,
                to=(196, 110),
                start=(236, 127),
                on="der",
                says="Hyaluronic acid gel lasts about 6 to 12 months.",
            ),
        ),
    )
    return Drawing("Dermal fillers", (goes_in, lifted), steps=True)
