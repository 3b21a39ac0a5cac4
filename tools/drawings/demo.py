"""Pictures of the demonstration, as an editor would have uploaded them: its people and its door, for content/demo/.

Like og.py it needs Pillow and Chromium. Run it when people.py or door.py has changed; content/demo/pictures.yaml names
the folders, with the words for who cannot see them.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import door
import people
from PIL import Image
from skin import svg

OUT = Path(__file__).resolve().parents[2] / "content" / "demo" / "pictures"
# The folder of each picture in the storage, and its widths in pixels: portraits stand small, the door across a column.
FOLDERS = {
    "imogen-farrow": "a1d35c0e8b7f4261",
    "tomas-adeyemi": "b2e46d1f9c805372",
    "ruth-calloway": "c3f57e20ad916483",
    "door": "d4068f31bea27594",
}
FACE, WIDE = (240, 480), (480, 960)


def drawn() -> dict[str, tuple[str, tuple[float, float, float, float], tuple[int, ...]]]:
    """Each picture by its name: its elements, its box, its widths."""
    faces = {name: (people.draw(who), people.BOX, FACE) for name, who in people.portraits().items()}
    return faces | {"door": (door.draw(), door.BOX, WIDE)}


def photographed(text: str, width: int, height: int, chromium: str) -> Image.Image:
    """The drawing as pixels."""
    with tempfile.TemporaryDirectory() as made:
        page, shot = Path(made) / "page.html", Path(made) / "shot.png"
        page.write_text(
            f"<!doctype html><meta charset=utf-8><style>body{{margin:0}}svg{{display:block}}</style>{text}",
            encoding="utf-8",
        )
        switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        subprocess.run(
            [
                chromium,
                *switches,
                f"--window-size={width},{height + 200}",
                f"--screenshot={shot}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        return Image.open(io.BytesIO(shot.read_bytes())).convert("RGB").crop((0, 0, width, height))


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("demo.py needs Chromium on the path.")
    for name, (body, box, widths) in drawn().items():
        size = (widths[-1], round(widths[-1] * box[3] / box[2]))
        large = photographed(svg(body, box, size), *size, chromium)
        folder = OUT / FOLDERS[name]
        folder.mkdir(parents=True, exist_ok=True)
        for width in widths:
            small = large.resize((width, round(width * size[1] / size[0])), Image.Resampling.LANCZOS)
            small.save(folder / f"{width}.webp", quality=88, method=6)


if __name__ == "__main__":
    main()
