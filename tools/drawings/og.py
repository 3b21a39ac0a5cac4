"""Pictures for links to a page (Open Graph): 1200 x 630, drawn from the same scenes by headless Chromium.

Run it after draw.py when a scene has changed. The letters come from this machine's serif, so the files differ a little
from one machine to the next; that is why they are kept in the repository and this is a step of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import concerns
import treatments
from draw import ROOT, STATIC
from PIL import Image
from skin import LEFT, RIGHT, Strip, draw, svg

SIZE, TONE, COLOURS = (1200, 630), "brown", 96
BOX = (LEFT, -20, RIGHT - LEFT, 120)
HEIGHT = round(SIZE[0] * BOX[3] / BOX[2])
TITLES = {
    "site": "Acne scars and marks, explained",
    "consultation": "How a consultation works",
    "flat": "Skin in layers",
    "ice-pick": "Ice pick scars",
    "boxcar": "Boxcar scars",
    "boxcar-shallow": "Shallow boxcar scars",
    "boxcar-deep": "Deep boxcar scars",
    "rolling": "Rolling scars",
    "hypertrophic": "Raised scars",
    "raised": "Raised scars",
    "keloid": "Keloid scars",
    "marks": "Dark and red marks",
    "dark-marks": "Dark marks",
    "red-marks": "Red or purple marks",
    "active-spot": "Active spots",
    "milia": "Milia",
    "mix": "A mix of scars",
    "laser": "Fractional laser",
    "microneedling": "Microneedling",
    "prp": "PRP with microneedling",
    "peel": "Chemical peels",
    "microdermabrasion": "Microdermabrasion",
    "dermabrasion": "Dermabrasion",
    "punch": "Punch techniques",
    "filler": "Dermal fillers",
    "topical": "Creams and sun protection",
    "blue-light": "Blue light",
}
STYLE = """
body { margin: 0; background: #fbf8f2; }
div { position: relative; width: 1200px; height: 630px; overflow: hidden; }
h1 { position: absolute; left: 64px; top: 34px; margin: 0; color: #231e19; z-index: 1;
     font: 400 62px/1.1 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif; }
svg { position: absolute; bottom: 0; left: 0; }
"""


def _card(name: str, strip: Strip) -> str:
    picture = svg(draw(strip, TONE, f"s-{name}"), BOX, (SIZE[0], HEIGHT))
    return f"<div><h1>{TITLES[name]}</h1>{picture}</div>"


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("og.py needs Chromium on the path.")
    strips = {**treatments.tiles(), **concerns.tiles(), "site": concerns.tiles()["rolling"]}
    with tempfile.TemporaryDirectory() as made:
        page, shot = Path(made) / "page.html", Path(made) / "shot.png"
        cards = "".join(_card(name, strips[name]) for name in TITLES)
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{cards}", encoding="utf-8")
        switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        window = f"--window-size={SIZE[0]},{SIZE[1] * len(TITLES)}"
        subprocess.run(
            [chromium, *switches, window, f"--screenshot={shot}", page.as_uri()],
            check=True,
            capture_output=True,
        )
        whole = Image.open(shot).convert("RGB")
    (ROOT / STATIC / "og").mkdir(exist_ok=True)
    for i, name in enumerate(TITLES):
        card = whole.crop((0, i * SIZE[1], SIZE[0], (i + 1) * SIZE[1]))
        small = card.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(ROOT / STATIC / "og" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
