"""Skin on its way to mend: the little pictures of the recovery strip. content/display/recovery.py chooses among them."""

from __future__ import annotations

from consultation import look
from palette import circle, element
from shapely.geometry import Point
from shared import drop
from skin import Scene, dome, patch, tile

LEFT, UP, WIDE, HIGH = 80, 10, 160, 92  # the part of a tile that shows; it still joins without a seam
STEP = 120
SHARED = '<use href="#g"/>'

BULGE = "L96 62 C122 62 132 48 160 48 C188 48 198 62 224 62"
SMALL = "L112 62 C126 62 130 58 138 58 C146 58 150 62 160 62 C170 62 174 57 182 57 C190 57 194 62 206 62"


def _flush(strength: float) -> tuple[str, str]:
    """(on the surface, in the dermis) of red skin."""
    sizes = (1, 0.7) if strength == 1 else (0.6,)
    face = "".join(patch("spotr", 160, 62, 70 * k, 26 * k, half=True) for k in sizes)
    return face, element("flush", "M92 79H228C228 94 206 106 160 106S92 94 92 79Z")


def _sun() -> str:
    return circle("sun", 160, 30, 14) + element("ray", "M160 8V2M138 30h-7M182 30h7M144 14l-5-5M176 14l5-5")


def phases() -> dict[str, Scene]:
    face, under = _flush(1)
    faint, _ = _flush(0.5)
    crusts = element("crust", "".join(f"M{x - 7} 62q1-7 7-7t7 7z" for x in (112, 136, 160, 184, 208)))
    crusts += element("crust", "".join(f"M{x - 5} 46q1-5 5-5t5 5z" for x in (126, 158, 190)))
    clock = circle("lens", 160, 38, 20) + element("ring", "M180 38a20 20 0 1 1-40 0a20 20 0 1 1 40 0z")
    clock += element("note", "M160 26V38l8 6")
    plaster = element("card", "M104 62c0-12 4-14 14-14h84c10 0 14 2 14 14z") + element(
        "note", "M140 49v13M180 49v13"
    )
    shield = element("cream", "M92 61c3-8 12-7 24-8s28 1 44 0s32 1 40 0s24 0 28 8z")
    return {
        "red": Scene(face=face, under=under),
        "bleed": Scene(
            face=face,
            under=under,
            over="".join(element("blood", drop(x, y, 7)) for x, y in ((134, 36), (160, 26), (188, 38))),
        ),
        "bruise": Scene(
            face=patch("bruise", 160, 62, 62, 24, half=True) + patch("bruise", 166, 62, 40, 15, half=True),
            under=element("bruise", "M98 79H222C224 92 200 104 160 104S96 92 98 79Z"),
        ),
        "swollen": Scene(
            surface=BULGE,
            face=dome(BULGE, 160, 64, 20),
            under=under,
            scar=Point(160, 70).buffer(1),
            over=element(
                "turn", "M160 40V20M154 27l6-7l6 7M126 46l-9-16M117 38l0-8l7 3M194 46l9-16M203 38l0-8l-7 3"
            ),
        ),
        "crust": Scene(face=faint, over=crusts),
        "tight": Scene(
            over=element("turn", "M96 48H132M125 41l7 7l-7 7M224 48H188M195 41l-7 7l7 7")
            + element("top", "M152 40v16M160 38v18M168 40v16")
        ),
        "stitch": Scene(
            under=element("seam", "M160 66V104"),
            over=element(
                "thread", "M122 62q6-14 12 0M142 62q6-14 12 0M162 62q6-14 12 0M182 62q6-14 12 0M116 62H200"
            ),
        ),
        "dressing": Scene(over=plaster),
        "settling": Scene(face=faint, over=element("turn", "M112 22C136 22 150 28 168 42M158 43l11 0l-3-10")),
        "sun": Scene(over=shield + _sun()),
        "look": Scene(over=f'<g transform="translate(116 7) scale(.85)">{look()}</g>'),
        "time": Scene(over=clock),
        "well": Scene(over=element("turn", "M138 36l14 14l28-30")),
    }


def sheet() -> str:
    """All of them in one file, below each other: `phases.svg#red` in an <img> shows one."""
    body, made = f'<defs><g id="flat">{tile(Scene(), SHARED)}</g></defs>', phases()
    for i, (name, scene) in enumerate(made.items()):
        if scene.surface:
            panel = tile(scene, SHARED, f"p{i}")
        else:
            panel = f'<use href="#flat"/>{scene.under}{scene.face}{element("top", "M0 62H320")}{scene.over}'
        window = f'width="{WIDE}" height="{HIGH}" viewBox="{LEFT} {UP} {WIDE} {HIGH}"'
        body += f'<view id="{name}" viewBox="0 {i * STEP} {WIDE} {HIGH}"/><svg y="{i * STEP}" {window}>{panel}</svg>'
    return body
