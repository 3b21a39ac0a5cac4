"""How a consultation works, as five steps that stand on the same line of skin as every other drawing."""

from __future__ import annotations

from dataclasses import dataclass

from palette import circle, element
from skin import SURFACE, Label, Scene, tile

STEP_W, STRIP = 200, 34  # on a wide page: how wide a step is, and how much skin shows under it
ROW_H, PICTURE_W = 118, 120  # on a narrow page


@dataclass(frozen=True)
class Step:
    """One step. `picture` is 120 wide and stands on y = 92."""

    name: str
    short: tuple[str, ...]  # what the picture says under its name
    says: str  # what the list under the picture says
    picture: str


def _ask() -> str:
    lines = element("note", "M38 24h34M38 34h26M38 56h34M38 66h20")
    boxes = element("box", "M27 20h7v7h-7zM27 52h7v7h-7z") + element("tick", "M28 55l3 3l6-8")
    sheet = element("card", "M20 8H84a5 5 0 0 1 5 5V92H15V13a5 5 0 0 1 5-5Z")
    pen = element("tool", "M98 30l8 4l-22 46l-8 5l0-9z")
    return sheet + lines + boxes + pen


def _talk() -> str:
    left = "M14 12H66a8 8 0 0 1 8 8V40a8 8 0 0 1-8 8H36L22 60V48H14a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z"
    right = "M58 42H104a8 8 0 0 1 8 8V68a8 8 0 0 1-8 8H98V88L84 76H58a8 8 0 0 1-8-8V50a8 8 0 0 1 8-8Z"
    words = element("note", "M17 24H60M17 35H48") + element("pale", "M61 54h40M61 65h28")
    return element("card", left) + element("tool", right) + words


def look() -> str:
    """A lens over a dip, 120 wide."""
    glass = circle("lens", 52, 44, 36)
    inside = element("dome", "M22 44H38C46 44 44 58 53 58S60 44 68 44H82A30 30 0 0 1 22 44Z")
    inside += element("rim", "M22 44H38C46 44 44 58 53 58S60 44 68 44H82")
    handle = element("handle", "M78 70L102 90")
    return glass + inside + element("ring", "M88 44a36 36 0 1 1-72 0a36 36 0 1 1 72 0z") + handle


def _plan() -> str:
    sheet = element("card", "M22 6H76L96 26V92H22Z") + element("note", "M76 6V26H96")
    rows = element("note", "M46 40H84M46 56H84M46 72H72") + element(
        "tick", "M30 39l4 4l7-9M30 55l4 4l7-9M30 71l4 4l7-9"
    )
    return sheet + rows + element("tool", "M34 14H62V24H34Z")


def _think() -> str:
    cup = element("tool", "M22 46H84V68C84 82 74 88 62 88H44C32 88 22 82 22 68Z") + element(
        "ring", "M84 52h8a10 10 0 0 1 0 20h-9"
    )
    steam = element("note", "M40 36C34 28 46 24 40 14M54 36C48 28 60 22 54 8M68 36C62 28 74 24 68 14")
    return cup + steam + element("ring", "M12 91H96")


STEPS = (
    Step(
        "Ask", ("A few short", "questions"), "You answer a few short questions. You need no account.", _ask()
    ),
    Step(
        "Talk",
        ("You say what", "matters to you"),
        "You tell us what bothers you and what you hope for.",
        _talk(),
    ),
    Step(
        "Look",
        ("A clinician looks", "at your skin"),
        "A clinician looks at your skin in good light. Nothing is done to it.",
        look(),
    ),
    Step(
        "Plan",
        ("In writing, with", "an estimate"),
        "You get a written plan. It says what could help and what would not.",
        _plan(),
    ),
    Step(
        "Time to think",
        ("No deadline.", "You can say no"),
        "You take your time. There is no deadline, and no is a good answer too.",
        _think(),
    ),
)


def _words(step: Step, number: int, x: int, y: int) -> tuple[Label, Label]:
    return Label((f"{number}. {step.name}",), x, y), Label(step.short, x, y + 17)


def wide() -> tuple[str, list[tuple[Label, Label]], tuple[int, int]]:
    """(pictures, words, size) side by side."""
    skin = tile(Scene())
    width = STEP_W * len(STEPS)
    window = f'y="52" height="{40 + STRIP}" viewBox="0 {SURFACE - 40} 321 {40 + STRIP}"'
    body = f'<defs><g id="s">{skin}</g></defs>'
    body += "".join(f'<svg x="{x}" width="321" {window}><use href="#s"/></svg>' for x in range(0, width, 320))
    words = []
    for i, step in enumerate(STEPS):
        body += f'<g transform="translate({i * STEP_W + 34} -4)">{step.picture}</g>'
        words.append(_words(step, i + 1, i * STEP_W + 34, 92 + STRIP + 20))
    return body, words, (width, 92 + STRIP + 60)


def narrow() -> tuple[str, list[tuple[Label, Label]], tuple[int, int]]:
    """(pictures, words, size) one below the other."""
    body = f'<defs><g id="s">{tile(Scene())}</g></defs>'
    words = []
    for i, step in enumerate(STEPS):
        top = i * ROW_H
        window = (
            f'<svg y="{top + 60}" width="{PICTURE_W}" height="50" viewBox="0 {SURFACE - 32} {PICTURE_W} 50">'
        )
        body += f'{window}<use href="#s"/></svg><g transform="translate(2 {top - 4})">{step.picture}</g>'
        words.append(_words(step, i + 1, PICTURE_W + 14, top + 44))
    return body, words, (320, ROW_H * len(STEPS) - 6)


def tile_scene() -> Scene:
    """The tile: a lens over a dip."""
    return Scene(over=f'<g transform="translate(106 4)">{look()}</g>')


def parts() -> list[list[str]]:
    return [[step.name, step.says] for step in STEPS]
