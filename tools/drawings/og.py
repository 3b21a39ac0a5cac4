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
import consultation
import treatments
from draw import OUT, TOP, svg
from PIL import Image
from skin import H, Scene, W, tile

SIZE = (1200, 630)
SCALE = 2.2
COLOURS = 96
GENERAL = "site", "Acne scars and marks, explained"
STYLE = """
body { margin: 0; background: #fbf8f2; }
div { position: relative; width: 1200px; height: 630px; overflow: hidden; }
h1 { position: absolute; left: 64px; top: 34px; margin: 0; color: #231e19; z-index: 1;
     font: 400 62px/1.1 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif; }
img { position: absolute; bottom: 0; height: 541px; width: 704px; }
"""


def _scenes() -> dict[str, tuple[str, Scene]]:
    """Name -> (words, scene)."""
    found = {
        name: (made.title, made.tile if isinstance(made.tile, Scene) else made.panels[made.tile])
        for name, made in {**concerns.drawings(), **treatments.drawings()}.items()
    }
    found["consultation"] = ("How a consultation works", consultation.tile_scene())
    found[GENERAL[0]] = (GENERAL[1], concerns.drawings()["rolling"].panels[0])
    return found


def _card(folder: Path, name: str, words: str, scene: Scene) -> str:
    (folder / f"{name}.svg").write_text(svg(words, (0, -TOP, W, H + TOP), tile(scene)), encoding="utf-8")
    sides = "".join(f'<img src="flat.svg" style="left:{x}px">' for x in (248 - 704, 248 + 704))
    return f'<div><h1>{words}</h1>{sides}<img src="{name}.svg" style="left:248px"></div>'


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("og.py needs Chromium on the path.")
    scenes = _scenes()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        cards = "".join(_card(folder, name, *scene) for name, scene in scenes.items())
        page, shot = folder / "page.html", folder / "shot.png"
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{cards}", encoding="utf-8")
        window = f"--window-size={SIZE[0]},{SIZE[1] * len(scenes)}"
        switches = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--allow-file-access-from-files",
        ]
        subprocess.run(
            [chromium, *switches, window, f"--screenshot={shot}", page.as_uri()],
            check=True,
            capture_output=True,
        )
        whole = Image.open(shot).convert("RGB")
    (OUT / "og").mkdir(exist_ok=True)
    for i, name in enumerate(scenes):
        card = whole.crop((0, i * SIZE[1], SIZE[0], (i + 1) * SIZE[1]))
        small = card.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(OUT / "og" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
