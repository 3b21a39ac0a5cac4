"""Every concern by the name of its drawing."""

from __future__ import annotations

from dataclasses import replace

import marks
import scars
from shared import layers
from skin import Drawing, Scene


def _pair(title: str, first: Scene, second: Scene, tile: int = 0) -> Drawing:
    """Two scenes side by side. The layers are named once."""
    named = {label.name for label in layers()}
    rest = tuple(label for label in second.labels if label.name not in named)
    return Drawing(title, (first, replace(second, labels=rest)), tile)


def drawings() -> dict[str, Drawing]:
    alone = {
        "ice-pick": scars.ice_pick(),
        "boxcar-shallow": scars.boxcar_shallow(),
        "boxcar-deep": scars.boxcar_deep(),
        "rolling": scars.rolling(),
        "hypertrophic": scars.hypertrophic(),
        "keloid": scars.keloid(),
        "dark-marks": marks.dark_marks(),
        "red-marks": marks.red_marks(),
        "active-spot": marks.active_spot(),
        "milia": marks.milia(),
        "flat": marks.flat(),
    }
    found = {name: Drawing(scene.heading, (scene,)) for name, scene in alone.items()}
    found["boxcar"] = _pair("Boxcar scars", alone["boxcar-shallow"], alone["boxcar-deep"], 1)
    found["raised"] = _pair("Raised scars", alone["hypertrophic"], alone["keloid"])
    found["marks"] = _pair("Dark and red marks", alone["dark-marks"], alone["red-marks"])
    return found
