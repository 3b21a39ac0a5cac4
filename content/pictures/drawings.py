"""The drawings that ship with the site: which exist, where they are, and what their parts are called.

`tools/drawings` makes them, and writes `parts.json` beside them; this only reads.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

# A tile of skin; a tile of a treatment at work; a tile of skin on its way to mend; the figure with labels.
Kind = Literal["skin", "treat", "phase", "figure"]

# The tones of skin that every drawing of skin ships in, and the one that stands where nobody has said theirs.
TONES = ("light", "brown", "deep")
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

PARTS = Path(settings.BASE_DIR) / "static" / "drawings" / "parts.json"
TILE_SIZE = (320, 200)
OG_SIZE = (1200, 630)
GENERAL_OG = "drawings/og/site.png"


@dataclass(frozen=True)
class Picture:
    """One file, with the size that keeps its place on the page until it has come. Units are CSS pixels."""

    src: str
    width: int
    height: int
    tone: str

    @property
    def skin(self) -> str:
        """The tone as readers call it: light, brown, deep brown."""
        return "deep brown" if self.tone == "deep" else self.tone


@dataclass(frozen=True)
class Figure:
    """A drawing as a page prints it: once in each tone, in the order of TONES."""

    pictures: tuple[Picture, ...]
    parts: tuple[tuple[str, str], ...]  # (the words on the figure, one sentence about them)


def url(kind: Kind, name: str, tone: str = "") -> str:
    """The address of a drawing, or an empty text: an editor's typing error must not take a page down.

    `name` is that of a drawing or the code of a concern or a treatment. A tone that is not in TONES is USUAL. Both
    kinds of tile, "skin" and "treat", stand in for each other, since a line of tiles may show pages of both kinds.
    """
    name, tone = NAMES.get(name, name), tone if tone in TONES else USUAL
    kinds = {"skin": ("skin", "treat"), "treat": ("treat", "skin")}.get(kind, (kind,))
    return next(filter(None, (_static(f"drawings/{one}-{name}-{tone}.svg") for one in kinds)), "")


def in_tones(kind: Kind, name: str) -> tuple[Picture, ...]:
    """The drawing once in each tone, or nothing if there is none of that name."""
    width, height = _index().get(name, {}).get("size", TILE_SIZE) if kind == "figure" else TILE_SIZE
    found = ((url(kind, name, tone), tone) for tone in TONES)
    return tuple(Picture(src, width, height, tone) for src, tone in found if src)


def of_concern(code: str, of_page: str) -> str:
    """The name of the drawing of a concern: its own; or its page's, which may be about several; or plain skin."""
    return code if exists(code) else of_page or "flat"


def exists(name: str) -> bool:
    """Whether both the tile and the figure of that name ship."""
    return bool(url("skin", name) and url("figure", name))


def figure(name: str) -> Figure | None:
    """The figure of that name with its parts, or None if there is none."""
    entry, pictures = _index().get(name), in_tones("figure", name)
    if not entry or not pictures:
        return None
    return Figure(pictures, tuple((label, says) for label, says in entry["parts"]))


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
def _index() -> dict[str, dict[str, Any]]:
    """What the drawing tool wrote, read once: it ships with the code."""
    found: dict[str, dict[str, Any]] = json.loads(PARTS.read_text(encoding="utf-8"))
    return found


def names() -> frozenset[str]:
    """All drawings of which both the tile and the figure ship."""
    return frozenset(name for name in _index() if exists(name))
