"""Draws the site's mark for places that take no SVG: /favicon.ico, and the icon that a phone puts on its first screen.

python tools/icons.py          (after static/favicon.svg has changed; Pillow draws, so no browser is needed)
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).parent.parent / "static_root"
GREEN, PAPER = "#0f5150", "#fbf8f2"
# Of static/favicon.svg, in its units of 32 a side: a line of skin with one dip. Straight, two curves, straight.
SIDE, CORNER, WIDTH = 32, 7, 2.6
CURVES = (((9, 12), (14, 12), (13, 22), (16, 22)), ((16, 22), (19, 22), (18, 12), (23, 12)))
START, END = (3, 12), (29, 12)
# Drawn this much larger and then made smaller, for smooth edges.
OVER = 8
STEPS = 24

Point = tuple[float, float]


def bezier(points: tuple[Point, Point, Point, Point], part: float) -> Point:
    """The point of a cubic curve at `part` of its way, from 0 to 1."""
    weights = ((1 - part) ** 3, 3 * part * (1 - part) ** 2, 3 * part**2 * (1 - part), part**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y


def mark(pixels: int, *, corner: float) -> Image.Image:
    """The mark as a square of so many pixels. `corner` 0 fills the square: a phone cuts its own corners."""
    scale = pixels * OVER / SIDE
    image = Image.new("RGBA", (pixels * OVER, pixels * OVER))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, pixels * OVER - 1, pixels * OVER - 1), corner * scale, GREEN)
    line = [START, *(bezier(curve, step / STEPS) for curve in CURVES for step in range(STEPS + 1)), END]
    half = WIDTH * scale / 2
    drawn = [(x * scale, y * scale) for x, y in line]
    pen.line(drawn, PAPER, round(half * 2), joint="curve")
    for x, y in (drawn[0], drawn[-1]):
        pen.ellipse((x - half, y - half, x + half, y + half), PAPER)
    return image.resize((pixels, pixels), Image.Resampling.LANCZOS)


def main() -> None:
    ROOT.mkdir(exist_ok=True)
    mark(48, corner=CORNER).save(ROOT / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
    touch = mark(180, corner=0).convert("RGB").quantize(32)
    touch.save(ROOT / "apple-touch-icon.png", optimize=True)
    for made in sorted(ROOT.iterdir()):
        print(f"{made.name}: {made.stat().st_size} bytes")


if __name__ == "__main__":
    main()
