"""How a consultation works: five steps in the lines of the tools, standing on one line of skin.

Origin of every path: the middle of the step, on the surface.
"""

from __future__ import annotations

from concerns import DIP
from labels import Figure, Label
from paths import circle, place
from skin import Placed, Scene, Strip

FIRST, APART = -24, 52
TICKS = "".join(f"M-9 {y}l2.5 2.5 4.5-5M3 {y}H9" for y in (-33, -22, -11))
SHEET = "M-14-43H14V-4H-14z"
BUBBLES = "M-21-43H5V-26H-8L-14-20V-26H-21zM-3-21H21V-7H15V-1L9-7H-3z"
LENS = f"{circle(0, -6, 15)}M11 5L19 13"
PLAN = "M-14-43H7L14-36V-4H-14zM7-43V-36H14M-8-28H8M-8-20H8M-8-12H3"
CUP = "M-15-26H9V-14Q9-4-1-4H-5Q-15-4-15-14zM9-22h4a5 5 0 0 1 0 11h-4M-8-32q-4-4 0-9M2-32q-4-4 0-9"

STEPS = (
    ("Ask", SHEET + TICKS, "You answer a few short questions. You need no account."),
    ("Talk", BUBBLES, "You tell us what bothers you and what you hope for."),
    ("Look", LENS, "A clinician looks at your skin in good light. Nothing is done to it."),
    ("Plan", PLAN, "You get a written plan. It says what could help and what would not."),
    ("Time to think", CUP, "You take your time. There is no deadline, and no is a good answer too."),
)


def figure() -> Figure:
    """The five steps. Their names stand on the skin; the last one takes two lines."""
    places, labels = [], []
    for i, (name, tool, _) in enumerate(STEPS):
        x = FIRST + i * APART
        places.append(Placed(Scene(place(DIP, 0, 0, 0.28, 0.4) if name == "Look" else "", tool=tool), x))
        for line, text in enumerate(f"{i + 1}. {name}".replace("Time to", "Time\nto").split("\n")):
            labels.append(Label(text, x, 66 + 12 * line, anchor="middle", inside=True))
    return Figure(Strip(tuple(places)), tuple(labels), tuple((name, says) for name, _, says in STEPS))
