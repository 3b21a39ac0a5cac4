"""What somebody may have on their skin. Origin of every path: the middle of the scene, on the surface."""

from __future__ import annotations

from paths import circle, ellipse, place
from skin import BAND, INFLAMED, PEARL, PEARL_EDGE, PUS, PUS_EDGE, Placed, Scene, Strip, fill, stroke, was

PIT = "H-19C-14.5 0-13 2-12 6L-3.2 32Q0 40 3.2 32L12 6C13 2 14.5 0 19 0"
DIP = "H-44C-26 0-22 23 0 23S26 0 44 0"
DOME = "H-36C-24 0-25-24 0-24S24 0 36 0"
LOBES = "H-43C-51-2-51-17-36-17C-32-29-12-31 0-25C12-31 32-29 36-17C51-17 51-2 43 0"
BUMP = "H-34C-22 0-18-19 0-19S22 0 34 0"
GRAIN = "H-10C-6 0-5-4.5 0-4.5S6 0 10 0"
WAVES = "H-80C-60 0-56 22-39 22S-20 3 0 3S22 22 39 22S60 0 80 0"


def box(half: float, depth: float) -> str:
    """A dip with steep walls and a flat floor."""
    return (
        f"H{-half - 5}Q{-half} 0 {-half + 0.4} 5L{-half + 1.6} {depth - 5}Q{-half + 2} {depth} {-half + 7} {depth}"
        f"H{half - 7}Q{half - 2} {depth} {half - 1.6} {depth - 5}L{half - 0.4} 5Q{half} 0 {half + 5} 0"
    )


def _dots(spots: tuple[tuple[float, float], ...], r: float) -> str:
    return "".join(circle(x, y, r) for x, y in spots)


ICE_PICK = Scene(place(PIT, -4, 0) + place(PIT, 38, 0, 0.72, 0.56))
BOXCAR, SHALLOW, DEEP = Scene(box(29, 26)), Scene(box(31, 12)), Scene(box(27, 35))
ROLLING = Scene(
    WAVES,
    fat=(stroke("M-39 25V49M-46 22L-51 50M-32 22L-27 50M39 25V49M32 22L27 50M46 22L51 50", BAND, 2.2),),
)
HYPERTROPHIC = Scene(
    DOME,
    inside=(stroke("M-24-4Q0-18 24-4M-26 5Q0-9 26 5M-25 14Q0 2 25 14M-20 22Q0 13 20 22", "{fibres}", 2.2),),
    over=(was("M-30-2V26H30V-2", "3 3"),),
)
KELOID = Scene(
    LOBES,
    inside=(
        stroke(
            "M-38-4C-28-14-22 0-12-10S6-18 12-8s14-4 20 4M-34 8C-24 0-14 12-4 2s20 6 34 0M-26 20c10-8 18 4 28-4s14 2 22-2",
            "{fibres}",
            2.6,
        ),
    ),
    over=(was("M-18-2V26H18V-2", "3 3"),),
)


def stain(half: float, top: float, bottom: float) -> str:
    """A patch in the outer layer that is thickest in its middle and has no hard edge."""
    return (
        f"M{-half} {top + 2}Q0 {top - 2} {half} {top + 2}Q{half * 0.6} {bottom} 0 {bottom}T{-half} {top + 2}z"
    )


# Pigment lies low in the outer layer. Plain skin shows above it and at both ends, so that it is no hole on deep skin.
DARK = Scene(
    within=(
        *(fill(stain(half, 3, 12), "{dark}", ' opacity=".5"') for half in (46, 34, 22)),
        fill(
            _dots(((-24, 15), (-11, 17.5), (2, 15.5), (14, 18), (25, 15), (-4, 25), (9, 24.5)), 1.7), "{dark}"
        ),
    ),
)
RED = Scene(
    inside=(
        stroke(
            "M-28 46C-30 34-22 30-24 16M-8 47C-10 34-2 28-4 16M12 47C12 36 18 30 16 16M30 46C32 36 26 30 28 16",
            "{red}",
            3.2,
        ),
    ),
    within=(*(fill(stain(half, 2, 12), "{red}", ' opacity=".45"') for half in (46, 36, 26)),),
)
ACTIVE = Scene(
    BUMP,
    inside=(fill(ellipse(0, 9, 36, 28), INFLAMED, ' opacity=".5"'),),
    within=(
        f'<path fill="{PUS}" stroke="{PUS_EDGE}" stroke-width="1.6"'
        ' d="M0-15c6 0 7 8 11 16s2 24-11 24-15-16-11-24 5-16 11-16z"/>',
    ),
)
MILIA = Scene(
    "".join(place(GRAIN, x, 0) for x in (-32, 2, 36)),
    within=(
        f'<path fill="{PEARL}" stroke="{PEARL_EDGE}" stroke-width="1.5" d="'
        f'{_dots(((-32, 4), (2, 4), (36, 4)), 5.8)}"/>',
    ),
)
MIX = Scene(place(PIT, -50, 0, 0.85, 0.95) + place(DIP, 0, 0, 0.5, 0.85) + place(box(16, 22), 48, 0))

# Whoever cannot tell: healthy skin and a question, and no scar that they might take for theirs.
UNSURE = Scene(tool=f"M-17-10C-17-30 17-30 17-10C17 6 0 6 0 22{circle(0, 34, 1.6)}")


def small(scene: Scene, by: float) -> Scene:
    """The scene narrower, where two stand side by side in a tile."""

    def narrow(layer: tuple[str, ...]) -> tuple[str, ...]:
        return (f'<g transform="scale({by:g} 1)">', *layer, "</g>") if layer else ()

    return Scene(
        place(scene.surface, 0, 0, by),
        narrow(scene.inside),
        narrow(scene.fat),
        narrow(scene.within),
        narrow(scene.over),
        place(scene.tool, 0, 0, by),
    )


def pair(left: Scene, right: Scene, apart: float = 65) -> Strip:
    """Two scenes along one line of skin, as far from the middle as figures need."""
    return Strip((Placed(left, 80 - apart), Placed(right, 80 + apart)))


def tiles() -> dict[str, Strip]:
    """The tile of every concern, by the name of its drawing."""
    alone = {
        "flat": Scene(),
        "ice-pick": ICE_PICK,
        "boxcar": BOXCAR,
        "boxcar-shallow": SHALLOW,
        "boxcar-deep": DEEP,
        "rolling": ROLLING,
        "hypertrophic": HYPERTROPHIC,
        "raised": HYPERTROPHIC,
        "keloid": KELOID,
        "dark-marks": DARK,
        "red-marks": RED,
        "active-spot": ACTIVE,
        "milia": MILIA,
        "mix": MIX,
        "unsure": UNSURE,
    }
    found = {name: Strip((Placed(scene),)) for name, scene in alone.items()}
    found["marks"] = pair(small(DARK, 0.8), small(RED, 0.8), 39)
    return found
