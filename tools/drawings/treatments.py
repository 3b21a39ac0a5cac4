"""Every treatment by the name of its drawing.

Tools are grey-green. Each story ends with what is usual later, never with skin as if nothing had been.
"""

from __future__ import annotations

import columns
import deep
import surfaces
from skin import Drawing


def drawings() -> dict[str, Drawing]:
    return {
        "laser": columns.laser(),
        "microneedling": columns.microneedling(),
        "prp": columns.prp(),
        "peel": surfaces.peel(),
        "microdermabrasion": surfaces.microdermabrasion(),
        "dermabrasion": surfaces.dermabrasion(),
        "punch": deep.punch(),
        "filler": deep.filler(),
        "topical": surfaces.topical(),
        "blue-light": surfaces.blue_light(),
    }
