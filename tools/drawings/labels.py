"""Words on a drawing, and the figure that they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from skin import INK, PAGE, PAGE_TONE, REF, Strip, draw, in_page, themed

BOX = (-50.0, -15.0, 260.0, 115.0)
SIZE = (390, 172)
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
LETTERS = f'font-family="{FONT}" font-weight="600" font-size="10"'  # 15 pixels at 390

OUTER = ("Outer layer", "Thin. Its colour is what you see from outside.")
DERMIS = ("Dermis", "The thick layer under it. Scars start here.")


@dataclass(frozen=True)
class Label:
    """Words on a figure. `leader` is a path from them to what they name. `anchor` is start, middle or end."""

    name: str
    x: float
    y: float
    leader: str = ""
    anchor: str = "start"
    inside: bool = False  # on the skin, where words stay dark by night


@dataclass(frozen=True)
class Figure:
    strip: Strip
    labels: tuple[Label, ...]
    parts: tuple[tuple[str, str], ...]  # what the list says: every label, and what needs no label


def picture(figure: Figure) -> str:
    """A figure, for a page."""
    return in_page(draw(figure.strip, PAGE, REF) + words(figure.labels), BOX, SIZE)


def words(labels: tuple[Label, ...]) -> str:
    """The labels. Leaders come first, so that a word is never crossed out."""
    out = ""
    for inside, paint in ((False, themed("pen")), (True, f'stroke="{INK}"')):
        path = "".join(label.leader for label in labels if label.inside is inside)
        out += f'<path {paint} fill="none" stroke-width="1.1" d="{path}"/>' if path else ""
    return f"{out}<g {LETTERS}>{''.join(_text(label, PAGE_TONE.dermis) for label in labels)}</g>"


def _text(label: Label, halo: str) -> str:
    paint = themed("ink")
    if label.inside:
        paint = f'fill="{INK}" stroke="{halo}" stroke-width="2.4" paint-order="stroke"'
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    return f'<text x="{label.x:g}" y="{label.y:g}"{anchor} {paint}>{label.name}</text>'
