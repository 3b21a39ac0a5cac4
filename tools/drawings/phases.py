"""Skin on its way to mend: the tiles of the recovery strip. content/display/recovery.py chooses among them."""

from __future__ import annotations

from concerns import INFLAMED, stain
from paths import circle, ellipse
from skin import Placed, Scene, Strip, fill
from treatments import CREAM, LATER, STITCHED, SUN, drop

BLOOD, BRUISE, CRUST = "#b5312a", "#54406e", "#6b3320"
FLUSH = fill(ellipse(0, 10, 62, 22), INFLAMED, ' opacity=".4"')
REDDENED = tuple(fill(stain(half, 1, 12), "{red}", ' opacity=".45"') for half in (70, 52, 34))
FAINT = (fill(stain(56, 1, 12), "{red}", ' opacity=".4"'),)
SWELLING = "H-66C-40 0-28-13 0-13S40 0 66 0"


def tiles() -> dict[str, Strip]:
    """Every phase by its name."""
    bruise = tuple(fill(stain(half, 1, 12), BRUISE, ' opacity=".45"') for half in (66, 46, 28))
    crusts = "".join(f"M{x - 8} 0q1-8 8-8t8 8z" for x in (-48, -24, 0, 24, 48))
    bleeding = tuple(drop(x, y, 0.7, BLOOD) for x, y in ((-28, -14), (0, -20), (28, -12)))
    alone = {
        "red": Scene(inside=(FLUSH,), within=REDDENED),
        "bleed": Scene(inside=(FLUSH,), within=REDDENED, over=bleeding),
        "bruise": Scene(inside=(fill(ellipse(0, 12, 60, 22), BRUISE, ' opacity=".35"'),), within=bruise),
        "swollen": Scene(
            SWELLING,
            inside=(FLUSH,),
            within=FAINT,
            tool="M0-17V-30M-6-25l6-6 6 6M-34-12l-6-11M-41-16l1-8 7 3M34-12l6-11M41-16l-1-8-7 3",
        ),
        "crust": Scene(within=FAINT, over=(fill(crusts, CRUST),)),
        "tight": Scene(tool="M-64-13H-34M-41-20l7 7-7 7M64-13H34M41-20l-7 7 7 7M-12-9v-8M0-9v-11M12-9v-8"),
        "stitch": STITCHED,
        "dressing": Scene(tool="M-50-2V-7Q-50-13-43-13H43Q50-13 50-7V-2M-18-13V-3M18-13V-3M-6-8h1M5-8h1"),
        "settling": Scene(within=FAINT),
        "sun": Scene(over=(CREAM, *SUN)),
        "look": Scene(LATER, tool=f"{circle(0, 2, 26)}M19 20L38 40"),
        "well": Scene(LATER, tool="M-14-17l10 10 20-22"),
        "time": Scene(tool=f"{circle(0, -17, 13)}M0-25v8l6 4"),
    }
    return {name: Strip((Placed(scene),)) for name, scene in alone.items()}
