"""What is drawn beside a phase of recovery: a tile, and the days that it covers. Pure: the words an editor wrote in.

The picture only goes with the words, which are always printed too. It is chosen from what they say, so that an edit
on the desk shows at once, and unknown words get the clock.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# The first that fits wins: "Redness has usually settled" is about settling, "Bruises fade" too. Beginnings of words.
PICTURES = (
    ("red", ("no sunscreen", "stay in the shade")),  # fresh, with nothing on it
    ("sun", ("sun", "spf")),
    ("settling", ("settl", "fade", "fading")),
    ("stitch", ("stitch",)),
    ("dressing", ("dressing", "plaster")),
    ("crust", ("crust", "scab", "flak", "peeling")),
    ("bleed", ("bleed", "blood")),
    ("bruise", ("bruis",)),
    ("swollen", ("swell", "swoll", "puff")),
    ("tight", ("tight", "dry")),
    ("red", ("red", "pink", "sore", "irritat", "warm")),
    ("look", ("look", "result", "review")),
    ("well", ("no time off", "back to", "heal")),
)
UNKNOWN = "time"


def picture(words: str) -> str:
    """The name of the tile, a drawing of the kind "phase", that goes with what is usual then."""
    text = words.casefold()
    for name, beginnings in PICTURES:
        if any(re.search(rf"\b{re.escape(start)}", text) for start in beginnings):
            return name
    return UNKNOWN


# --- days -------------------------------------------------------------------------------------------------------------

_UNITS = {"day": 1, "week": 7, "month": 30}  # how many days each is, about
# "The day"; "Days 4 to 6", "From day 4"; "Up to 6 weeks", "For a month or more", "More than 6 weeks", "After 3 to 6 months",
# "6 to 18 months". What lasts minutes ("On the skin", "At the visit") has no bar: the shortest is a day.
_THE_DAY = re.compile(r"the day")
_BY_DAY = re.compile(r"(?P<open>from )?days? (?P<first>\d+)(?: to (?P<last>\d+))?")
_BY_LENGTH = re.compile(
    r"(?P<how>up to |for |about |after |more than )?(?P<first>\d+|an?)(?: to (?P<last>\d+))? "
    r"(?P<unit>day|week|month)s?(?P<open> or more)?"
)
# What the line of days is marked with, as far as it goes.
_MARKS = ((1, "1 day"), (7, "1 week"), (30, "1 month"), (90, "3 months"), (180, "6 months"))
_WIDE, _APART = 100, 20
_POINT = 3
_OPEN = 6  # how much of the line is left for what goes on, if anything does


@dataclass(frozen=True)
class Bar:
    """Where a phase lies on the line of days, in hundredths of its length. `goes_on`: nobody has said when it ends."""

    x: float
    width: float
    goes_on: bool = False

    @property
    def arrow(self) -> str:
        """The same as a path that ends in a point: for what goes on."""
        end = self.x + self.width
        return f"M{self.x:g} .5H{end - _POINT:g}L{end:g} 3L{end - _POINT:g} 5.5H{self.x:g}z"


@dataclass(frozen=True)
class Days:
    """The phases with their bars (None where the words name no number), and the marks under the line."""

    phases: tuple[tuple[str, str, Bar | None], ...]
    marks: tuple[tuple[str, float], ...]

    @property
    def goes_on(self) -> bool:
        """Whether any phase has an open end."""
        return any(bar and bar.goes_on for *_, bar in self.phases)


def span(when: str) -> tuple[int, int | None] | None:
    """The days that the words name, from the treatment on: ("Days 4 to 6") is (4, 7). Without an end the last is None.

    Words that name no number are None themselves: nothing is drawn that nobody has written.
    """
    text = when.strip().casefold()
    if _THE_DAY.fullmatch(text):
        return 0, 1
    if found := _BY_DAY.fullmatch(text):
        first, last = int(found["first"]), int(found["last"] or found["first"])
        return first, (None if found["open"] else last + 1)
    if not (found := _BY_LENGTH.fullmatch(text)):
        return None
    days = _UNITS[found["unit"]]
    first = days * (int(found["first"]) if found["first"].isdigit() else 1)
    if found["last"]:
        return first, days * int(found["last"])
    if found["how"] == "after ":
        return first, None
    return 0, (None if found["open"] or found["how"] == "more than " else first)


def days(recovery: Iterable[tuple[str, str]]) -> Days:
    """The phases on one line of days. Early days get more of its length than late ones, or an hour could not be seen."""
    rows = [(when, what, span(when)) for when, what in recovery]
    ends = [max(found[0] + 1, found[1] or 0) for *_, found in rows if found]
    if len(ends) < 2:  # one bar alone compares with nothing
        return Days(tuple((when, what, None) for when, what, _ in rows), ())
    longest = max(*ends, *(30 for *_, found in rows if found and found[1] is None))
    goes_on = any(found and found[1] is None for *_, found in rows)
    known = _WIDE - _OPEN if goes_on else _WIDE

    def at(day: int) -> float:
        return round(known * math.log1p(day) / math.log1p(longest), 1)

    def bar(found: tuple[int, int | None] | None) -> Bar | None:
        if found is None:
            return None
        first, last = found
        start, end = at(first), (_WIDE if last is None else at(last))
        return Bar(start, round(end - start, 1), goes_on=last is None)

    return Days(tuple((when, what, bar(found)) for when, what, found in rows), _marks(at, longest))


def _marks(at: Callable[[int], float], longest: int) -> tuple[tuple[str, float], ...]:
    """The marks that the line reaches, from the last one back, without those that would stand in its words."""
    marks: list[tuple[str, float]] = []
    for day, words in reversed(_MARKS):
        if day <= longest and (not marks or marks[-1][1] - at(day) > _APART):
            marks.append((words, at(day)))
    return tuple(reversed(marks))
