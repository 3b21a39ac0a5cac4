"""Writes every drawing of the site to static/drawings. Run it after a change; the SVG files are what ships."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import concerns
import treatments
from palette import DAY, HALO, element, night_style
from skin import H, Label, Scene, W, tile

OUT = Path(__file__).resolve().parents[2] / "static" / "drawings"

# Words are 12.5 units high, which is 12.5 px where the figure is 320 px wide; on wider figures they shrink in
# units and stay about 19 px on the screen.
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
WIDE = "@media(min-width:481px){.w{font-size:9.5px}}"
LINE_HEIGHT = 14
LETTERS = (
    f'font-family="{FONT}" font-weight="600" font-size="12.5" stroke-width="4" stroke-linejoin="round"'
    ' paint-order="stroke"'
)


def words(label: Label) -> str:
    paper, _ = HALO[label.on]
    ink = DAY["t"]["fill"]
    lines = label.lines[0] + "".join(
        f'<tspan x="{label.x:g}" dy="1.12em">{text}</tspan>' for text in label.lines[1:]
    )
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    place = f'x="{label.x:g}" y="{label.y:g}"{anchor}'
    out = f'<text class="t h-{label.on} w" {place} fill="{ink}" stroke="{paper}">{lines}</text>'
    if label.to:
        last = label.y + (len(label.lines) - 1) * LINE_HEIGHT
        x, y = label.start or (label.to[0], last + 6)
        tx, ty = label.to
        out += element("ld", f"M{x:g} {y:g}L{tx:g} {ty:g}")
        out += f'<circle class="dot" fill="{ink}" cx="{tx:g}" cy="{ty:g}" r="2"/>'
    return out


def svg(title: str, body: str, extra_style: str = "") -> str:
    style = extra_style + night_style(body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}" width="{W}" height="{H}" role="img">'
        f"<title>{title}</title><style>{style}</style>{body}</svg>\n"
    )


def figure(scene: Scene) -> str:
    lettering = "".join(words(label) for label in scene.labels)
    body = tile(scene) + f"<g {LETTERS}>{lettering}</g>"
    return svg(f"{scene.title}, labelled", body, WIDE)


def sheet(title: str, scenes: dict[str, Scene]) -> str:
    """Many tiles in one file: `sheet.svg#name` in an <img> shows one. Parts that tiles share are written once."""
    tiles = {name: re.findall(r"<[^>]+/>", tile(scene)) for name, scene in scenes.items()}
    count = Counter(part for parts in tiles.values() for part in parts if len(part) > 60)
    shared = {part: f"p{i}" for i, part in enumerate(part for part, times in count.items() if times > 1)}
    defs = "".join(part.replace(" ", f' id="{ref}" ', 1) for part, ref in shared.items())
    body = ""
    for i, (name, parts) in enumerate(tiles.items()):
        x = i * (W + 80)  # far enough apart that nothing shows from the neighbour
        drawn = "".join(f'<use href="#{shared[part]}"/>' if part in shared else part for part in parts)
        body += f'<view id="{name}" viewBox="{x} 0 {W} {H}"/><g transform="translate({x} 0)">{drawn}</g>'
    return svg(title, f"<defs>{defs}</defs>{body}")


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    flat = {"flat": concerns.scenes()["flat"]}
    for name, scenes in {
        "concerns": concerns.scenes(),
        "treatments": {**treatments.scenes(), **flat},
    }.items():
        (OUT / f"{name}.svg").write_text(sheet(f"Skin, {name}", scenes), encoding="utf-8")
    for name, scene in {**concerns.scenes(), **treatments.scenes()}.items():
        (OUT / f"skin-{name}.svg").write_text(svg(scene.title, tile(scene)), encoding="utf-8")
        (OUT / f"figure-{name}.svg").write_text(figure(scene), encoding="utf-8")


if __name__ == "__main__":
    main()
