"""The figures of the start page, worked out from tallies: pure arithmetic, no database and no clock.

Of a week nothing is said under FEW requests, replies or visits, and what is under FEW in all weeks together is put with the
others: a small number could point at a person (docs/decisions/tallies.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bookings.limits.figures import FEW, WEEKS
from bookings.states import Status
from bookings.tally import Outcome, What
from clinic.foundation import when

# A sum of tallies: the Monday of its week, what, key, number.
Sum: TypeAlias = tuple[date, str, str, int]


@dataclass(frozen=True)
class Week:
    """One week from `monday` on. `outcomes` are of the requests of that week, replies and visits those made in it.

    `median` and `ninety` are opening minutes. What is None is too little to be said.
    """

    monday: date
    asked: int | None
    outcomes: Mapping[Outcome, int]
    median: int | None
    ninety: int | None
    attended: int | None
    missed: int | None

    @property
    def still_open(self) -> int:
        return (self.asked or 0) - sum(self.outcomes.values())

    @property
    def decided(self) -> int:
        return sum(self.outcomes.values())

    @property
    def share(self) -> int | None:
        """Confirmed, out of a hundred that were decided; None while none are. What is still open is not a no."""
        if not self.decided:
            return None
        return round(100 * self.outcomes.get(Outcome.CONFIRMED, 0) / self.decided)


@dataclass(frozen=True)
class Named:
    """How many of something with a code, and how many of these were confirmed. The code "" stands for all the others."""

    code: str
    number: int
    confirmed: int = 0


@dataclass(frozen=True)
class Unmet:
    """Wishes that no opening hours met: how many, and how many of them each window ("3-evening") would have met."""

    number: int
    windows: Sequence[Named]


@dataclass(frozen=True)
class Figures:
    """`weeks`: WEEKS of them, the oldest first. The lists are of the requests of those that say how many they were, the most
    frequent first.

    `unmet` is None under FEW.
    """

    weeks: Sequence[Week]
    concerns: Sequence[Named]
    sources: Sequence[Named]
    declined: Sequence[Named]
    unmet: Unmet | None

    @property
    def is_empty(self) -> bool:
        """Whether there is no week of which anything could be said."""
        return all(week.asked is None and week.attended is None for week in self.weeks)


def last_week(counted_until: date) -> date:
    """The Monday of the last week that is counted to its end."""
    after = counted_until + when.DAY
    return after - (after.weekday() + 7) * when.DAY


def figures(sums: Iterable[Sum], last: date) -> Figures:
    """Of the WEEKS that end with the week of the Monday `last`; what lies outside them is left out."""
    mondays = [last - 7 * n * when.DAY for n in reversed(range(WEEKS))]
    by_week: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    whole: dict[str, Counter[str]] = defaultdict(Counter)
    for monday, what, key, number in sums:
        if mondays[0] <= monday <= last:
            by_week[monday, what][key] += number
    weeks = [_week(monday, by_week) for monday in mondays]
    told = {week.monday for week in weeks if week.asked is not None}
    for (monday, what), numbers in by_week.items():
        if monday in told:  # else the difference of two sums would tell of a week that is too small
            whole[what].update(numbers)
    unmet = whole[What.UNMET]
    return Figures(
        weeks,
        together(whole[What.CONCERN], whole[What.CONCERN_CONFIRMED]),
        together(whole[What.SOURCE]),
        together(whole[What.DECLINED]),
        _unmet(unmet) if unmet[""] >= FEW else None,
    )


def _week(monday: date, found: Mapping[tuple[date, str], Counter[str]]) -> Week:
    def of(what: What) -> Counter[str]:
        return found.get((monday, what), Counter())

    asked = of(What.ASKED).total()
    replies = Counter({int(key): number for key, number in of(What.REPLY).items()})
    visits, said = of(What.VISIT), replies.total() >= FEW
    enough = visits.total() >= FEW
    outcomes = {one: of(What.OUTCOME)[one] for one in Outcome}
    return Week(
        monday,
        asked if asked >= FEW else None,
        outcomes if asked >= FEW else {},
        percentile(replies, 50) if said else None,
        percentile(replies, 90) if said else None,
        visits[Status.ATTENDED] if enough else None,
        visits[Status.NO_SHOW] if enough else None,
    )


def percentile(numbers: Counter[int], percent: int) -> int:
    """The smallest value that so many in a hundred do not exceed. Raises ValueError if there is none."""
    rank, seen = -(-numbers.total() * percent // 100), 0
    for value in sorted(numbers):
        seen += numbers[value]
        if seen >= rank and numbers[value] > 0:
            return value
    raise ValueError("there are no numbers")


def together(numbers: Counter[str], confirmed: Counter[str] | None = None) -> list[Named]:
    """The most frequent first; those under FEW as one at the end, unless they are under FEW together."""
    yes = confirmed or Counter()
    named = [Named(code, n, max(0, min(n, yes[code]))) for code, n in numbers.items() if n >= FEW]
    rest = [code for code, n in numbers.items() if 0 < n < FEW]
    others = sum(numbers[code] for code in rest)
    shown = sorted(named, key=lambda one: (-one.number, one.code))
    if others >= FEW and len(rest) > 1:
        shown.append(Named("", others, max(0, min(others, sum(yes[code] for code in rest)))))
    return shown


def _unmet(numbers: Counter[str]) -> Unmet:
    windows = [Named(code, n) for code, n in numbers.items() if code and n >= FEW]
    return Unmet(numbers[""], sorted(windows, key=lambda one: (-one.number, one.code)))
