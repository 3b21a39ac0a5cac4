"""Writes every drawing of the site: for pages to content/pictures/drawn, as files of their own to static/drawings.

Run it after a change; what it writes is what ships.
"""

from __future__ import annotations

import json
from pathlib import Path

import concern_figures
import concerns
import consultation
import phases
import treatment_figures
import treatments
from labels import picture
from skin import HIGH, PAGE, REF, TONES, WIDE, Strip, draw, in_page, svg

ROOT = Path(__file__).resolve().parents[2]
# What stands in a page, and what a page fetches.
DRAWN, STATIC = "content/pictures/drawn", "static/drawings"
# Between one tone and the next in a file, so that no edge shines through.
GAP = 20
BOX, SIZE = (0.0, 0.0, WIDE, HIGH), (2 * WIDE, 2 * HIGH)


def files() -> dict[str, str]:
    """Every file by its path."""
    kinds = {"skin": concerns.tiles(), "treat": treatments.tiles(), "phase": phases.tiles()}
    tiles = [(kind, f"{kind}-{name}", strip) for kind, of in kinds.items() for name, strip in of.items()]
    found = {f"{DRAWN}/{name}.svg": in_page(draw(strip, PAGE, REF), BOX, SIZE) for _, name, strip in tiles}
    found |= {
        f"{STATIC}/{name}-{tone}.svg": svg(draw(strip, tone), BOX, SIZE)
        for kind, name, strip in tiles
        for tone in TONES
        if kind != "phase"  # only pages for readers show how skin mends
    }
    figures = (
        concern_figures.figures() | treatment_figures.figures() | {"consultation": consultation.figure()}
    )
    found |= {f"{DRAWN}/figure-{name}.svg": picture(figure) for name, figure in figures.items()}
    index = {name: figure.parts for name, figure in figures.items()}
    found[f"{STATIC}/flat.svg"] = flat()
    return found | {f"{DRAWN}/parts.json": json.dumps(index, indent=1, ensure_ascii=False) + "\n"}


def flat() -> str:
    """Healthy skin in every tone, one under the other, to repeat behind lines of tiles: a stylesheet loads one file."""
    tones = (
        f'<svg y="{number * (HIGH + GAP)}" width="{WIDE}" height="{HIGH}">{draw(Strip(), tone, tone)}</svg>'
        for number, tone in enumerate(TONES)
    )
    high = len(TONES) * (HIGH + GAP) - GAP
    return svg("".join(tones), (0.0, 0.0, WIDE, high), (2 * WIDE, 2 * high))


def main() -> None:
    for path, text in files().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
