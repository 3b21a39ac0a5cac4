"""The door of the invented clinic, 4 Alder Row, with the window of the room where people wait, drawn on 320 x 200 units."""

from __future__ import annotations

from paths import circle, ellipse
from people import outlined
from skin import INK, NIGHT, fill, stroke

RIM, BOX = NIGHT["rim"][1], (2.0, 22.0, 316.0, 178.0)
WALL, BRICK, STONE, DOOR, PANEL, LIGHT = "#ecd9c0", "#d9b795", "#f6ead9", "#0f5150", "#1d6663", "#f8e6b4"
LEAF, LEAF_EDGE, POT, BRASS, FLAGS = "#6f9b84", "#2f5f52", "#b5673f", "#e2a93b", "#cdbba4"

BRICKS = (
    (16, 30),
    (52, 46),
    (18, 98),
    (46, 130),
    (186, 20),
    (292, 40),
    (176, 150),
    (288, 148),
    (196, 128),
    (26, 62),
)
LEAVES = (
    (24, 150, -30),
    (38, 134, 20),
    (19, 128, -60),
    (44, 152, 60),
    (31, 118, 0),
    (15, 144, -80),
    (51, 140, 80),
)


def draw() -> str:
    """The whole picture as elements."""
    bricks = "".join(f"M{x} {y}h16v7h-16z" for x, y in BRICKS)
    return (
        fill("M0 0H320V176H0Z", WALL)
        + fill(bricks, BRICK)
        + fill("M0 174H320V200H0Z", FLAGS)
        + stroke(
            "M0 174H320M0 187H320M40 174L28 200M140 187L136 200M226 174L236 187M290 187L298 200",
            "#a8937a",
            1.6,
        )
        + _door()
        + _window()
        + _tree()
        + _lantern()
    )


def _door() -> str:
    frame = "M78 174V76C78 30 154 30 154 76V174Z"
    fan = "M90 72C90 44 142 44 142 72Z"
    rays = "M116 72V51M116 72L98 58M116 72L134 58"
    panels = "M97 86h15v32h-15zM120 86h15v32h-15zM97 134h15v26h-15zM120 134h15v26h-15z"
    number = "M117.5 110V96L112 105H121"
    return (
        outlined(frame, STONE)
        + outlined("M88 174V76H144V174Z", DOOR)
        + outlined(fan, LIGHT)
        + stroke(rays, RIM, 2)
        + f'<path fill="{PANEL}" stroke="#0a3534" stroke-width="1.6" d="{panels}"/>'
        + fill("M103 122h26v6h-26z", BRASS)
        + fill(circle(138, 126, 3.4), BRASS)
        + fill(circle(116, 102, 11), STONE)
        + stroke(number, INK, 2.6)
        + outlined("M66 174H166V185H66Z", STONE)
    )


def _window() -> str:
    """A sash window with a lamp, the backs of two chairs and a plant behind the glass."""
    chair = "M{x} 128v-14q0-7 7-7h8q7 0 7 7v14z"
    return (
        outlined("M200 44H290V136H200Z", STONE)
        + fill("M207 51H283V128H207Z", LIGHT)
        + fill("M207 51H222C220 78 216 100 207 112ZM283 51H268C270 78 274 100 283 112Z", "#f3ebdd")
        + stroke("M222 51C220 78 216 100 207 112M268 51C270 78 274 100 283 112", "#c9ab7f", 1.6)
        + outlined("M236 70H254L259 84H231Z", BRASS, 2)
        + stroke("M245 84V108", RIM, 2.2)
        + outlined(chair.format(x=214), DOOR, 2)
        + outlined(chair.format(x=252), POT, 2)
        + stroke("M207 51H283V128H207ZM245 51V66M207 90H229M261 90H283", RIM, 2.4)
        + outlined("M194 128H296V138H194Z", STONE)
        + outlined("M212 138H278L273 158H217Z", POT)
        + fill("".join(ellipse(x, 137, 8, 8) for x in (220, 234, 247, 260, 271)), LEAF)
        + fill(
            "".join(
                circle(x, y, 2.6) for x, y in ((219, 133), (231, 138), (243, 132), (255, 139), (268, 133))
            ),
            "#f6ead9",
        )
    )


def _tree() -> str:
    """A young alder in a pot beside the door."""
    leaves = "".join(
        f'<path fill="{LEAF}" stroke="{LEAF_EDGE}" stroke-width="1.8" transform="translate({x} {y - 34}) rotate({turn})"'
        ' d="M0 10C-11 6-11-8 0-12C11-8 11 6 0 10ZM0 10V-4"/>'
        for x, y, turn in LEAVES
    )
    return (
        stroke(
            "M28 160C28 140 26 112 27 92M28 138C20 130 16 120 13 110M27 128C36 122 40 114 42 106",
            "#6b4a34",
            3,
        )
        + leaves
        + outlined("M12 156H46L42 186H16Z", POT)
        + outlined("M9 152H49V160H9Z", POT)
    )


def _lantern() -> str:
    return (
        stroke("M177 62V72M169 62H177", RIM, 2.6)
        + outlined("M171 74H184L187 92H168Z", LIGHT, 2.2)
        + outlined("M169 74Q177 66 186 74Z", DOOR, 2.2)
    )
