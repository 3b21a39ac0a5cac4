"""The guide's questions in steps, and which step comes next. Pure.

The answers travel from page to page in the form itself, and nothing is kept. So no step is ever done: the next one is the
first in which something is missing. Somebody who comes back to change one answer is thus led straight to the result.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from content.guide.answers import (
    ACTIVE_SPOTS,
    ALLERGY,
    BLEEDING,
    COLD_SORES,
    IMMUNITY,
    ISOTRETINOIN,
    KELOID,
    PREGNANCY,
    SKIN_DISEASE,
    TAN,
    WHERE,
)


@dataclass(frozen=True)
class Step:
    """One page: what it asks (fields of `Answers`), under which heading, and what is said first."""

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


SEE, SKIN = "see", "skin"
# At most six questions a page.
STEPS = (
    Step(
        SEE,
        "What do you see or feel?",
        "Tick all that fit. It is not a diagnosis, and we store nothing.",
        ("concerns",),
    ),
    Step(
        "safe",
        "What changes what is safe?",
        "“Not sure” is fine. We then take the careful side.",
        ("adult", WHERE, ACTIVE_SPOTS, KELOID, PREGNANCY, ISOTRETINOIN),
    ),
    Step(
        "health",
        "What should we know first?",
        "These can change how and when something is done.",
        (COLD_SORES, BLEEDING, IMMUNITY, ALLERGY, SKIN_DISEASE, TAN),
    ),
    Step(
        SKIN,
        "How does your skin react to the sun?",
        "Some treatments can change the colour of skin that tans easily, and of brown and black skin.",
        ("skin",),
    ),
)


def named(code: str) -> Step | None:
    """The step of that code, if there is one."""
    return next((step for step in STEPS if step.code == code), None)


def first_of(names: Collection[str]) -> Step:
    """The first step that asks one of these."""
    return next(step for step in STEPS if {*step.names} & {*names})
