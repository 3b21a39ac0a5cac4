"""How many visits the words of a treatment name, to sort by: what a reader sees is what the order follows."""

from __future__ import annotations

import re

# Then the numbers beside it are those of a study, and nobody can count on them.
_UNKNOWN = re.compile(r"\bno (?:agreed|fixed|known|set) number\b", re.IGNORECASE)
# What makes a number of visits a lowest one.
_MORE = re.compile(r"\b(?:more|repeated|stages)\b", re.IGNORECASE)
_COUNT = re.compile(
    r"""
    (?P<none> \b no\ visits \b )
    | (?P<once> \b once \b | \b one\ or\ more \b )
    | \b (?P<least> \d+ ) \b (?: \ to\ (?P<most> \d+ ) \b )?
      (?! \ to\ \d | \ (?: minute|hour|day|week|month|year ) )  # "4 weeks apart" and "6 to 12 months" count no visits
    """,
    re.VERBOSE | re.IGNORECASE,
)


def said(words: str) -> tuple[int, int] | None:
    """The fewest and the most visits that the words name first. Nothing where they name no number or say that none is known.

    "3 to 4, 6 weeks apart" is (3, 4). "One or more" counts as 1: more is not said.
    """
    found = None if _UNKNOWN.search(words) else _COUNT.search(words)
    if not found:
        return None
    if found["none"]:
        return 0, 0
    if found["once"]:
        return 1, 1
    least = int(found["least"])
    return least, int(found["most"] or least)


def may_be_more(words: str) -> bool:
    """Whether they say that it may take more visits than they count: "often 3 or more"."""
    return bool(_MORE.search(words))
