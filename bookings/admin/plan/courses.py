"""A treatment that may take more visits than are made: of "3 to 4 sessions" the fourth is decided at the third."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bookings.queries.plans import Course
from clinic.foundation.text import ordinal


@dataclass(frozen=True)
class More:
    """What the page says of a treatment of which one more visit may be made, and of the button. `line`: its key."""

    line: int
    kind: str
    words: str
    next: str


def decided(least: int, most: int) -> str:
    """How many visits a yes makes of a line, and when the rest is decided; empty where there is no rest."""
    if least >= most:
        return ""
    if not least:
        return f"A yes makes no visit yet: up to {most} are decided later."
    count = "1 visit" if least == 1 else f"{least} visits"
    rest = ordinal(least + 1) if most == least + 1 else f"{ordinal(least + 1)} to {ordinal(most)}"
    return f"A yes makes {count}. The {rest} {'is' if most == least + 1 else 'are'} decided at the {ordinal(least)}."


def more(courses: Sequence[Course]) -> list[More]:
    """In words, for whoever arranges the visits: nothing of the plan but numbers and the kind of session."""
    return [More(one.line, one.kind, _words(one), ordinal(one.made + 1)) for one in courses]


def _words(one: Course) -> str:
    span = f"{one.least} to {one.most}" if one.least < one.most else str(one.most)
    made = f"{one.made} of {span} visits {'is' if one.made == 1 else 'are'} planned."
    if one.made < one.least or not one.made:
        return made
    return f"{made} The {ordinal(one.made + 1)} is decided at the {ordinal(one.made)}."
