"""The guide's questions in steps, and which step comes next. Pure.

The answers travel from page to page in the form itself, and nothing is kept. So no step is ever done: the next one is the
first in which something is missing. Somebody who comes back to change one answer is thus led straight to the result.
"""

from __future__ import annotations

from dataclasses import dataclass

from content.guide.answers import HEALTH, WHERE


@dataclass(frozen=True)
class Step:
    """One page: its heading, what is said first, and the fields of `Answers` of which it can ask."""

    code: str
    heading: str
    says: str
    names: tuple[str, ...]

    @property
    def number(self) -> int:
        """Its place, from 1."""
        return STEPS.index(self) + 1

    @property
    def before(self) -> Step | None:
        return STEPS[self.number - 2] if self.number > 1 else None


SEE = Step(
    "see",
    "What do you see or feel?",
    "About a minute. Not a diagnosis. Nothing is kept.",
    ("concerns", "skin", WHERE, "adult"),
)
HEALTH_STEP = Step(
    "health",
    "Does any of this apply to you?",
    "It can change what is safe, or what comes first.",
    tuple(HEALTH),
)
# Only for who has ticked something that says too little by itself.
MORE = Step("more", "Tell us a little more", "“Not sure” is fine. We then take the careful side.", ())
STEPS = (SEE, HEALTH_STEP, MORE)
USUALLY = 2  # how many of them most people see


def named(code: str) -> Step | None:
    """The step of that code, if there is one."""
    return next((step for step in STEPS if step.code == code), None)
