"""The drawings that ship with the site: which exist, what a page prints of them, and what their parts are called.

`tools/drawings` makes them, and writes `parts.json` beside them; this only reads. A page for readers has its drawings in
itself, each once and in no colour of skin: its style says which. So nothing is fetched, and what drawings have in common is
compressed away. Pages behind forms, which are not compressed, fetch tiles as files, in one tone each.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# A tile of skin; a tile of a treatment at work; a tile of skin on its way to mend; the figure with labels.
Kind = Literal["skin", "treat", "phase", "figure"]

# The tones of skin that a page can show, as readers call them, and the one that stands where nobody has said theirs.
TONES = {"light": "light", "brown": "brown", "deep": "deep brown"}
USUAL = "brown"

# Codes of the matrix whose drawing has another name. A code that is not here has a drawing of its own name, or none.
NAMES = {
    "active-acne": "active-spot",
    "laser-fractional-ablative": "laser",
    "laser-fractional-nonablative": "laser-gentle",
    "microneedling-prp": "prp",
    "peel-superficial": "peel",
    "peel-medium-deep": "peel-deep",
    "tca-cross": "focal-acid",
}

DRAWN = Path(settings.BASE_DIR) / "content" / "pictures" / "drawn"
OG_SIZE = (1200, 630)
GENERAL_OG = "drawings/og/site.png"
# What the drawing tool writes where an id belongs to one drawing on a page.
_REF = "@"
# A line of tiles may show pages of both kinds.
_STAND_INS: dict[Kind, tuple[Kind, ...]] = {"skin": ("skin", "treat"), "treat": ("treat", "skin")}

# What the words on a figure are, each with one sentence about it.
Parts = tuple[tuple[str, str], ...]


def inline(kind: Kind, name: str, *place: object, tone: str = "", alt: str = "") -> SafeString:
    """A drawing as an element of a page, or nothing: an editor's typing error must not take a page down.

    `name` is that of a drawing or the code of a concern or a treatment. `place` tells it from the same drawing elsewhere
    on the page: numbers and slugs. Without a tone it is in the one that the page's reader chooses. Without `alt`
    it goes with words that say the same.
    """
    names = (f"{one}-{NAMES.get(name, name)}" for one in _STAND_INS.get(kind, (kind,)))
    found = next((one for one in names if one in _shipped()), "")
    if not found:
        return SafeString("")
    of_tone = f" tone-{tone}" if tone in TONES else ""
    says = format_html('role="img" aria-label="{}"', alt) if alt else 'aria-hidden="true"'
    ref = "-".join(escape(str(part)) for part in (found, *place))
    return mark_safe(f'<svg class="drawing{of_tone}" {says} {_shipped()[found].replace(_REF, ref)}')


def url(kind: Kind, name: str, tone: str = "") -> str:
    """The address of a tile as a file, or an empty text. `kind` is "skin" or "treat". A tone not in TONES is USUAL."""
    name, tone = NAMES.get(name, name), tone if tone in TONES else USUAL
    return next(filter(None, (_static(f"drawings/{one}-{name}-{tone}.svg") for one in _STAND_INS[kind])), "")


def of_concern(code: str, of_page: str) -> str:
    """The name of the drawing of a concern: its own; or its page's, which may be about several; or plain skin."""
    return code if exists(code) else of_page or "flat"


def exists(name: str) -> bool:
    """Whether both the tile and the figure of that name ship."""
    tiles = (f"{kind}-{NAMES.get(name, name)}" for kind in _STAND_INS["skin"])
    return f"figure-{NAMES.get(name, name)}" in _shipped() and any(tile in _shipped() for tile in tiles)


def parts(name: str) -> Parts | None:
    """The words of the figure of that name, or None if there is none."""
    return _parts().get(name)


def og_url(name: str = "") -> str:
    """The picture for links to a page, 1200 x 630: that of its drawing, else the site's own. Empty if neither ships.

    The address is the path on this site; Open Graph wants it with the host in front.
    """
    own = _static(f"drawings/og/{name}.png") if name else ""
    return own or _static(GENERAL_OG)


def _static(path: str) -> str:
    if finders.find(path) is None:
        return ""
    try:
        return staticfiles_storage.url(path)
    except ValueError:  # in production: it came after the last collectstatic
        return ""


@cache
def _shipped() -> dict[str, str]:
    """Every drawing from its first attribute on, by its file's name, read once: they ship with the code."""
    files = DRAWN.glob("*.svg")
    return {file.stem: file.read_text(encoding="utf-8").strip().removeprefix("<svg ") for file in files}


@cache
def _parts() -> dict[str, Parts]:
    """What the drawing tool wrote, read once."""
    found = json.loads((DRAWN / "parts.json").read_text(encoding="utf-8"))
    return {name: tuple((label, says) for label, says in parts) for name, parts in found.items()}


def names() -> frozenset[str]:
    """All drawings of which both the tile and the figure ship."""
    return frozenset(name for name in _parts() if exists(name))
