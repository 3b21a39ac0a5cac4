"""Treatments that work in fine columns: lasers, needles, and needles with plasma."""

from __future__ import annotations

import random

from palette import element
from shapes import dots, number
from shared import dipped, drop, floor_at, later, layers
from skin import Drawing, Label, Scene

COLUMNS = tuple(range(103, 218, 19))


def _laser_head(columns: tuple[int, ...], end: float = 0) -> str:
    beams = "".join(f"M{number(160 + (x - 160) * 0.62)} 10L{x} {number(floor_at(x) + end)}" for x in columns)
    return element("beam", beams) + element("tool", "M108 -8H212L204 10H116Z")


def laser() -> Drawing:
    columns = (110, 135, 160, 185, 210)
    holes = "".join(
        f"M{x - 4} {number(floor_at(x) - 2)}V122a4 4 0 0 0 8 0V{number(floor_at(x) - 2)}Z" for x in columns
    )
    heat = "".join(
        f"M{x - 4} {number(floor_at(x) + 13)}V122a4 4 0 0 0 8 0V{number(floor_at(x) + 13)}a4 4 0 0 0-8 0Z"
        for x in columns
    )
    head = Label(("Laser",), 222, 4)
    ablative = dipped(
        "Ablative laser",
        within=element("heat", holes),
        over=_laser_head(columns),
        labels=(
            *layers(listed=False),
            head,
            Label(
                ("Open column",),
                314,
                146,
                to=(212, 116),
                start=(236, 135),
                on="der",
                anchor="end",
                says="The stronger kind turns tiny columns of skin to vapour, down into the dermis.",
            ),
            Label(
                ("Skin left", "alone"),
                112,
                137,
                to=(147.5, 112),
                start=(143, 126),
                on="der",
                says="Untouched skin between the columns helps the rest to heal.",
            ),
        ),
    )
    gentle = dipped(
        "Non-ablative laser",
        within=element("warm", heat),
        over=_laser_head(columns, 14),
        labels=(
            Label(
                ("Surface", "stays whole"),
                230,
                0,
                to=(232, 59),
                start=(248, 20),
                says="The gentler kind goes through the surface and leaves it whole.",
            ),
            Label(
                ("Heated column",),
                316,
                146,
                to=(212, 118),
                start=(232, 135),
                on="der",
                anchor="end",
                says="It heats the dermis in tiny columns.",
            ),
        ),
    )
    return Drawing("Laser resurfacing", (ablative, gentle, later("Later, with both")))


def _channels() -> tuple[str, str]:
    glow = element("glow", "".join(f"M{x} {number(floor_at(x) + 6)}V124" for x in COLUMNS))
    cuts = "".join(
        f"M{number(x - 1.9)} {number(floor_at(x) - 1)}L{x} 122L{number(x + 1.9)} {number(floor_at(x) - 1)}Z"
        for x in COLUMNS
    )
    return glow, element("chan", cuts)


def _needles() -> str:
    shafts = "".join(f"M{x - 1.2} 6h2.4V{number(floor_at(x) + 12)}l-1.2 6l-1.2-6Z" for x in COLUMNS)
    return element("needle", shafts) + element("tool", "M98 -10H222a8 8 0 0 1 0 16H98a8 8 0 0 1 0-16Z")


THOUGHT = "The repair is thought to build new collagen."


def _needling(heading: str) -> Scene:
    glow, channels = _channels()
    return dipped(
        heading,
        under=glow,
        within=channels,
        over=_needles(),
        labels=(
            *layers(listed=False),
            Label(
                ("Needles",), 234, 4, says="Fine needles make tiny punctures. How deep depends on the device."
            ),
            Label(
                ("Channel",),
                246,
                112,
                to=(218, 116),
                start=(244, 110),
                on="der",
                says="Each puncture leaves a fine channel, and starts a repair.",
            ),
        ),
    )


def microneedling() -> Drawing:
    return Drawing(
        "Microneedling", (_needling("Fine needles go in"), later("Later", says=THOUGHT)), steps=True
    )


def prp() -> Drawing:
    rnd = random.Random(4)
    specks = [(rnd.uniform(126, 196), rnd.uniform(3, 19)) for _ in range(20)]
    tube = element("gold", "M118 0H200V22H118Z") + element("redc", "M200 0H256a11 11 0 0 1 0 22H200Z")
    tube += element("plt", dots(specks)) + element("glass", "M110 -1H256a12 12 0 0 1 0 24H110M110 -4V26")
    blood = Scene(
        "Your blood is spun",
        over=tube,
        labels=(
            *layers(listed=False),
            Label(
                ("Plasma with platelets",),
                84,
                -12,
                to=(150, 8),
                start=(150, -7),
                says="The clear part of your own blood. Spinning leaves many platelets in it.",
            ),
            Label(
                ("Red cells",),
                238,
                43,
                to=(236, 14),
                start=(252, 32),
                on="face",
                says="PRP is the plasma, kept apart from these.",
            ),
        ),
    )
    glow, channels = _channels()
    film = (
        "M96 64C108 58 112 78 134 80C150 82 170 82 186 80C208 78 212 58 224 64C210 68"
        " 206 86 182 86H138C114 86 110 68 96 64Z"
    )
    filled = "".join(
        f"M{number(x - 1.3)} {number(floor_at(x))}L{x} 118L{number(x + 1.3)} {number(floor_at(x))}Z"
        for x in COLUMNS
    )
    falling = "".join(drop(x, y, 7) for x, y in ((120, 18), (146, 32), (170, 12), (192, 30)))
    needled = dipped(
        "Plasma goes on needled skin",
        under=glow,
        within=channels + element("gold", filled),
        over=element("drop", film) + element("drop", falling),
        labels=(
            Label(
                ("Plasma",),
                226,
                10,
                to=(175, 22),
                start=(224, 8),
                says="It is put on the skin and runs into the channels.",
            ),
            Label(
                ("Needle", "channel"),
                246,
                108,
                to=(218, 112),
                start=(244, 108),
                on="der",
                says="Fine needles make it first, as in microneedling.",
            ),
        ),
    )
    return Drawing("Microneedling with PRP", (blood, needled, later("Later", says=THOUGHT)), 1, True)
