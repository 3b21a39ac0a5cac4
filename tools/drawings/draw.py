"""Writes every drawing of the site to static/drawings. Run it after a change; the files are what ships."""

from __future__ import annotations

import json
from pathlib import Path

import concerns
import consultation
import phases
import treatments
from palette import DAY, HALO, element, night_style
from skin import SURFACE, Drawing, H, Label, Scene, W, fat_line, ground, ground_behind, tile

OUT = Path(__file__).resolve().parents[2] / "static" / "drawings"

# Words are 12.5 units high where the figure is about as many pixels wide as it has units. Where it is shown larger
# they shrink in units, and stay at 15 to 20 pixels.
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
LARGER = "@media(min-width:481px){.w{font-size:10px}}"
SIZE, LINE_HEIGHT = 12.5, 1.12
LETTERS = f'font-family="{FONT}" font-weight="600" font-size="{SIZE}" stroke-width="3.5" paint-order="stroke"'
TOP = 46  # units above the tile: a heading and two lines of words
STACKED, GAP = 180, 14  # how far down a panel goes where others follow below it


def _text(label: Label, shrinks: str = " w") -> str:
    paper, _ = HALO[label.on]
    ink = DAY["t"]["fill"]
    rest = "".join(f'<tspan x="{label.x:g}" dy="{LINE_HEIGHT}em">{text}</tspan>' for text in label.lines[1:])
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    place = f'x="{label.x:g}" y="{label.y:g}"{anchor}'
    return f'<text class="t h-{label.on}{shrinks}" {place} fill="{ink}" stroke="{paper}">{label.lines[0]}{rest}</text>'


def _leader(label: Label) -> str:
    if not label.to:
        return ""
    x, y = label.start or (label.to[0], label.y + (len(label.lines) - 1) * SIZE * LINE_HEIGHT + 6)
    tx, ty = label.to
    dot = f'<circle class="dot" fill="{DAY["dot"]["fill"]}" stroke="none" cx="{tx:g}" cy="{ty:g}" r="2"/>'
    return element("ld", f"M{x:g} {y:g}L{tx:g} {ty:g}") + dot


def lettering(scene: Scene, number: int | None) -> str:
    """Heading, scale of depth and words. Leaders come first, so that a word is never crossed out."""
    heading = f"{number}. {scene.heading}" if number else scene.heading
    out = "".join(_leader(label) for label in scene.labels)
    if any(label.name == "Dermis" for label in scene.labels):
        out += element("bar", f"M6 {SURFACE + 1}V{H}M2 {SURFACE + 14}h8M2 {fat_line(6):.0f}h8")
    words = "".join(_text(label) for label in scene.labels)
    title = Label((heading,), 6, 12 - TOP)
    return f'{out}<g {LETTERS}>{words}<g font-size="14.5">{_text(title, "")}</g></g>'


def svg(title: str, box: tuple[int, int, int, int], body: str, extra_style: str = "") -> str:
    x, y, w, h = box
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {w} {h}" width="{w}" height="{h}" role="img"'
        ' stroke-linecap="round" stroke-linejoin="round">'
        f"<title>{title}</title><style>{extra_style}{night_style(body)}</style>{body}</svg>\n"
    )


def _panels(drawing: Drawing) -> list[str]:
    """Each panel with its words; the ground under them is written once."""
    several = len(drawing.panels) > 1
    below = '<use href="#g"/>' if several else None
    return [
        tile(scene, below, f"e{i}") + lettering(scene, i if several and drawing.steps else None)
        for i, scene in enumerate(drawing.panels, 1)
    ]


def _shared() -> str:
    return f'<defs><g id="g">{ground()}</g><g id="b">{ground_behind()}</g></defs>'


def figure(drawing: Drawing) -> tuple[str, tuple[int, int]]:
    """The figure for a narrow page, its panels one below the other; with its width and height."""
    panels = _panels(drawing)
    if len(panels) == 1:
        return svg(drawing.title, (0, -TOP, W, H + TOP), panels[0], LARGER), (W, H + TOP)
    step = TOP + STACKED
    body = _shared()
    for i, panel in enumerate(panels):
        body += f'<svg y="{i * step}" width="{W}" height="{step - GAP}" viewBox="0 {-TOP} {W} {step - GAP}">{panel}</svg>'
    height = step * len(panels) - GAP
    return svg(drawing.title, (0, 0, W, height), body, LARGER), (W, height)


def wide_figure(drawing: Drawing) -> tuple[str, tuple[int, int]]:
    """The figure for a wide page: its panels along one line of skin; with its width and height."""
    body = _shared()
    for i, panel in enumerate(_panels(drawing)):
        clip = f'<svg x="{i * W}" y="{-TOP}" width="{W}" height="{H + TOP}" viewBox="0 {-TOP} {W} {H + TOP}">'
        body += f"{clip}{panel}</svg>"
        if i:
            body += element("part", f"M{i * W} {-TOP + 2}V{H}")
    width = W * len(drawing.panels)
    return svg(drawing.title, (0, -TOP, width, H + TOP), body), (width, H + TOP)


def parts(drawing: Drawing) -> list[list[str]]:
    """The words of the figure, each with its sentence, in reading order; the same words once."""
    said = {label.name: label.says for scene in drawing.panels for label in scene.labels if label.says}
    return [[name, says] for name, says in said.items()]


def strip(made: tuple[str, list[tuple[Label, Label]], tuple[int, int]]) -> tuple[str, tuple[int, int]]:
    """The steps of a consultation with their words."""
    body, words, size = made
    names = "".join(_text(name, "") for name, _ in words)
    rest = "".join(_text(label, "") for _, label in words)
    body += f'<g {LETTERS}><g font-size="15">{names}</g><g font-weight="400" font-size="13">{rest}</g></g>'
    return svg("How a consultation works", (0, 0, *size), body), size


def _consultation() -> dict[str, object]:
    text, size = strip(consultation.narrow())
    (OUT / "figure-consultation.svg").write_text(text, encoding="utf-8")
    text, wide = strip(consultation.wide())
    (OUT / "wide-consultation.svg").write_text(text, encoding="utf-8")
    text = svg("A lens over skin", (0, 0, W, H), tile(consultation.tile_scene()))
    (OUT / "skin-consultation.svg").write_text(text, encoding="utf-8")
    return {"panels": len(consultation.STEPS), "size": size, "parts": consultation.parts(), "wide": wide}


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    index: dict[str, object] = {"consultation": _consultation()}
    for name, drawing in {**concerns.drawings(), **treatments.drawings()}.items():
        text, size = figure(drawing)
        (OUT / f"figure-{name}.svg").write_text(text, encoding="utf-8")
        entry: dict[str, object] = {"panels": len(drawing.panels), "size": size, "parts": parts(drawing)}
        if len(drawing.panels) > 1:
            text, entry["wide"] = wide_figure(drawing)
            (OUT / f"wide-{name}.svg").write_text(text, encoding="utf-8")
        scene = drawing.tile if isinstance(drawing.tile, Scene) else drawing.panels[drawing.tile]
        skin = svg(drawing.title, (0, 0, W, H), tile(scene))
        (OUT / f"skin-{name}.svg").write_text(skin, encoding="utf-8")
        index[name] = entry
    # The box is that of one view, so that a page knows the shape of the picture.
    text = svg("Skin on its way to mend", (0, 0, phases.WIDE, phases.HIGH), _shared() + phases.sheet())
    (OUT / "phases.svg").write_text(text, encoding="utf-8")
    text = json.dumps(index, indent=1, ensure_ascii=False)
    (OUT / "parts.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
