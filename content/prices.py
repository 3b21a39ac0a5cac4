"""What prices come to: ranges in whole minor units, and how many times a price is paid. Pure.

One arithmetic for the example plans of the page of costs and for the plan that a client is sent after a visit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.foundation import money


@dataclass(frozen=True, slots=True)
class Span:
    """From the least to the most that something costs, in minor units of one currency. Both may be the same."""

    low: int
    high: int

    @classmethod
    def of(cls, low: int | None, high: int | None) -> Span:
        """As a price list has it: without a higher price there is one price, and without any it costs nothing."""
        least = low or 0
        return cls(least, least if high is None else high)

    def times(self, least: int, most: int) -> Span:
        """What it comes to if it is paid `least` to `most` times."""
        return Span(self.low * least, self.high * most)

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def words(self, currency: str) -> str:
        """'£165 to £195', or one amount."""
        return money.span(self.low, self.high, currency)


NOTHING = Span(0, 0)


def total(spans: Iterable[Span]) -> Span:
    """All of them together."""
    return sum(spans, NOTHING)


def unit(basis: str) -> str:
    """What is counted for a price of this basis: 'visit' of 'per visit', 'scar' of 'per scar'; else 'time'."""
    return basis.removeprefix("per ").strip() if basis.startswith("per ") else "time"


def is_per_visit(basis: str) -> bool:
    """Whether the price is paid once a visit, so that visits say how often it is paid."""
    return unit(basis) in ("visit", "session", "time")


def counted(low: int, high: int, basis: str) -> str:
    """'3 to 6 visits' for a price per visit; '3 to 6 times' when the basis names no unit."""
    number = f"{low}" if low == high else f"{low} to {high}"
    return f"{number} {unit(basis)}" if high == 1 else f"{number} {unit(basis)}s"
