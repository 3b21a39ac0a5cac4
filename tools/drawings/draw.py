"""Writes every drawing of the site to static/drawings. Run it after a change; the files are what ships."""

from __future__ import annotations

import json
from pathlib import Path

import concern_figures
import concerns
import consultation
import phases
import treatment_figures
import treatments
from labels import SIZE, picture
from skin import HIGH, TONES, WIDE, draw, svg

OUT = Path(__file__).resolve().parents[2] / "static" / "drawings"


def files() -> dict[str, str]:
    """Every file by its name."""
    kinds = {"skin": concerns.tiles(), "treat": treatments.tiles(), "phase": phases.tiles()}
    found = {
        f"{kind}-{name}-{tone}.svg": svg(draw(strip, tone), (0, 0, WIDE, HIGH), (2 * WIDE, 2 * HIGH))
        for kind, tiles in kinds.items()
        for name, strip in tiles.items()
        for tone in TONES
    }
    figures = (
        concern_figures.figures() | treatment_figures.figures() | {"consultation": consultation.figure()}
    )
    found |= {
        f"figure-{name}-{tone}.svg": picture(figure, tone)
        for name, figure in figures.items()
        for tone in TONES
    }
    index = {name: {"size": SIZE, "parts": figure.parts} for name, figure in figures.items()}
    return found | {"parts.json": json.dumps(index, indent=1, ensure_ascii=False) + "\n"}


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (OUT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
