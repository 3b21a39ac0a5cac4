"""Which tile stands over a phase of recovery. Pure: the words an editor wrote in, a name out.

The picture only goes with the words, which are always printed too. It is chosen from what they say, so that an edit
on the desk shows at once, and unknown words get the clock.
"""

from __future__ import annotations

import re

# The first that fits wins: "Redness has usually settled" is about settling, "Bruises fade" too. Beginnings of words.
PICTURES = (
    ("sun", ("sun",)),
    ("settling", ("settl", "fade", "fading")),
    ("stitch", ("stitch",)),
    ("dressing", ("dressing", "plaster")),
    ("crust", ("crust", "scab", "flak", "peeling")),
    ("bleed", ("bleed", "blood")),
    ("bruise", ("bruis",)),
    ("swollen", ("swell", "swoll", "puff")),
    ("tight", ("tight", "dry")),
    ("red", ("red", "pink", "sore", "irritat", "warm")),
    ("look", ("look", "result", "review")),
    ("well", ("no time off", "back to", "heal")),
)
UNKNOWN = "time"


def picture(words: str) -> str:
    """The name of the tile, a drawing of the kind "phase", that goes with what is usual then."""
    text = words.casefold()
    for name, beginnings in PICTURES:
        if any(re.search(rf"\b{re.escape(start)}", text) for start in beginnings):
            return name
    return UNKNOWN
