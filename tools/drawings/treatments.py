"""What each treatment does. Origin of every path: the middle of the scene, on the surface.

Teal lines are tools, pale teal is what is put on or in, gold is plasma or the sun, broken lines are what was there
before. A scene called "later" shows what is usual: a dip is shallower, never gone.
"""

from __future__ import annotations

from concerns import ACTIVE, BUMP, DARK, DIP, DOME, ICE_PICK, RED, ROLLING, WAVES, box, stain
from paths import circle, ellipse, place
from skin import BAND, GEL, HEAT, PLASMA, Placed, Scene, Strip, fill, rim, stroke, themed, was

LATER = "H-44C-26 0-22 7 0 7S26 0 44 0"
BEFORE = was(f"M-44 0{DIP}")
NEW = stroke("M-26 24q7-6 13 0t13 0t13 0t13 0M-20 34q7-6 13 0t13 0t13 0", BAND, 2)
BEAMS = "M-24-32V-12M-8-32V-4M8-32V-4M24-32V-12"
NEEDLES = "M-34-28H34V-16H-34zM-26-16V18M-13-16V28M0-16V32M13-16V28M26-16V18"
SYRINGE = "M8 32L42-4M38-12L52 0M46-10L66-28M58-34L72-22"
LATER_DIP = Scene(LATER, inside=(NEW,), over=(BEFORE,))


def solid(path: str) -> str:
    return f'<path {themed("solid")} d="{path}"/>'


def drop(x: float, y: float, size: float = 1, colour: str = PLASMA) -> str:
    return fill(place("M0-14c7 10 10 14 10 20a10 10 0 0 1-20 0c0-6 3-10 10-20z", x, y, size, size), colour)


LASER = Scene(DIP, tool=BEAMS, over=(stroke("M-24 10V34M-8 21V46M8 21V46M24 10V34", HEAT, 4),))
GENTLE = Scene(
    DIP,
    tool=BEAMS,
    over=(stroke("M-24 25V40M-8 36V49M8 36V49M24 25V40", HEAT, 4.6, ' stroke-dasharray=".1 7"'),),
)
NEEDLED = Scene(DIP, tool=NEEDLES)
HEATED = Scene(
    DIP,
    tool=NEEDLES,
    over=(
        fill(
            "".join(circle(x, y, 4.2) for x, y in ((-26, 20), (-13, 30), (0, 34), (13, 30), (26, 20))), HEAT
        ),
    ),
)
PRP = Scene(
    DIP,
    tool="M-34-28H12V-16H-34zM-26-16V18M-13-16V28M0-16V32",
    over=(drop(32, -16), fill("M8 19Q22 18 30 8Q24 20 8 20z", PLASMA)),
)
FILM = "M-60-10q10-6 20 0t20 0t20 0t20 0t20 0t20 0"
PEEL = Scene(
    tool=f"{FILM}M-40-26v6M0-26v6M40-26v6",
    within=(fill("M-52 0H52Q52 6 44 6H-44Q-52 6-52 0z", GEL, ' opacity=".85"'),),
)
PEEL_DEEP = Scene(
    tool=f"{FILM}M-40-30v10M-20-30v10M0-30v10M20-30v10M40-30v10",
    within=(fill("M-52 0H52Q52 26 36 26H-36Q-52 26-52 0z", GEL, ' opacity=".8"'),),
)
POLISH = Scene(
    tool="M-14-32V-12Q-14-6 0-6T14-12V-32",
    over=(solid("".join(circle(x, y, 2.2) for x, y in ((-30, -8), (-22, -16), (22, -16), (30, -8)))),),
)
SAND = Scene(
    box(44, 11),
    tool=circle(0, -6, 15) + "M0-6L38-32M-8-12l3 3M-12-1l4-1M3 2l-1-4M8-12l-2 3",
    over=(rim("M-44 0H-16M16 0H44"),),
)
SOFTER = Scene("H-42C-34 0-34 7-22 7H22C34 7 34 0 42 0", over=(was(f"M-36 0{box(31, 17)}"),))
BLUE = Scene(
    BUMP,
    inside=ACTIVE.inside,
    within=ACTIVE.within,
    over=(fill("M-14-26L-40 22H40L14-26z", "#4f86d9", ' opacity=".22"'),),
    tool="M-16-33H16V-27H-16z",
)
PUNCH = Scene(
    ICE_PICK.surface,
    tool="M-22-32V-4M14-32V-4M-22-31a18 3 0 0 1 36 0a18 3 0 0 1-36 0z",
    over=(was("M-22 0V40Q-4 54 14 40V0", "4 4"),),
)
STITCHED = Scene(
    "H-5Q0 2.5 5 0",
    fat=(stroke("M0 4V38", "{fibres}", 2.6),),
    over=(
        stroke("M-11 6Q-11-7 0-7T11 6", "#1f3f9c", 2.2),
        f'<path {themed("tool")} fill="none" stroke-width="2.2" d="M-4-7l-6-7M4-7l6-7"/>',
    ),
)
FILLER = Scene(DIP, fat=(fill(ellipse(0, 33, 25, 7.5), GEL),), tool=SYRINGE)
LIFTED = Scene(
    "H-44C-26 0-22 3 0 3S26 0 44 0",
    fat=(fill(ellipse(0, 28, 32, 12), GEL),),
    over=(BEFORE,),
)
CREAM = fill("M-42 0C-40-8-24-7-15-9C-6-11-5-19 3-22C2-15 12-14 17-9C25-7 40-8 42 0z", GEL)
SUN = (
    fill(circle(54, -22, 7), PLASMA),
    stroke(
        "M54-34v2M54-12v2M42-22h2M64-22h2M45.5-30.5l1.5 1.5M61-15l1.5 1.5M45.5-13.5l1.5-1.5M61-29l1.5-1.5",
        PLASMA,
        2.4,
    ),
)
TOPICAL = Scene(within=DARK.within, over=(CREAM, *SUN))
FAINTER = Scene(
    within=(
        fill(stain(40, 3, 12), "{dark}", ' opacity=".3"'),
        fill(
            "".join(circle(x, y, 1.4) for x, y in ((-14, 16), (4, 17), (16, 16))), "{dark}", ' opacity=".6"'
        ),
    )
)
SUBCISION = Scene(WAVES, fat=ROLLING.fat, tool="M-74 40H8M-78 34H-66V46H-78z")
FOCAL = Scene(ICE_PICK.surface, tool="M-13-32L-5-8L3-32", over=(fill("M-9 26L-4 40L1 26z", GEL),))
INJECTION = Scene(
    DOME,
    inside=(fill(ellipse(0, -2, 20, 8), GEL),),
    tool="M6-3L40-17M36-25L44-9M41-13L60-21M39-21L58-29M55-34L63-16",
)
VASCULAR = Scene(inside=RED.inside, within=RED.within, tool="M-24-32V-6M-8-32V-6M8-32V-6M24-32V-6")
LOOK = Scene(ICE_PICK.surface, tool=circle(0, 8, 30) + "M22 30L44 54")
DIP_STAYS = Scene(DIP)


def tiles() -> dict[str, Strip]:
    """The tile of every treatment, by the name of its drawing."""
    alone = {
        "laser": LASER,
        "laser-gentle": GENTLE,
        "microneedling": NEEDLED,
        "prp": PRP,
        "rf-microneedling": HEATED,
        "peel": PEEL,
        "peel-deep": PEEL_DEEP,
        "microdermabrasion": POLISH,
        "dermabrasion": SAND,
        "blue-light": BLUE,
        "punch": PUNCH,
        "filler": FILLER,
        "topical": TOPICAL,
        "subcision": SUBCISION,
        "focal-acid": FOCAL,
        "steroid-injection": INJECTION,
        "vascular-laser": VASCULAR,
        "look": LOOK,
        "consultation": LOOK,
    }
    return {name: Strip((Placed(scene),)) for name, scene in alone.items()}
