"""A line of the table: a number with its spread, beside what it should be; and how ratios are made of interleaved rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a row should reach: at least, or at most, this; and what we would like."""

    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None


NO_GOAL = Goal()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured thing. `value` is the median of `rounds`, `min` and `max` are the worst and the best of them.

    Units: "x" is a ratio, "ms" and "s" are time, "/s" a rate, "SQL" statements, "KB" 1,000 bytes as they travel.
    """

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None
    min: float
    max: float
    rounds: int

    def verdict(self) -> str:
        """One of aim, holds and under; empty where there is no goal."""
        if self.at_least is not None:
            if self.aim is not None and self.value >= self.aim:
                return "aim"
            return "holds" if self.value >= self.at_least else "under"
        if self.at_most is not None:
            if self.aim is not None and self.value <= self.aim:
                return "aim"
            return "holds" if self.value <= self.at_most else "under"
        return ""


def row(name: str, values: Sequence[float], unit: str, goal: Goal = NO_GOAL) -> Row:
    """A row out of what each round gave. Raises ValueError without any."""
    if not values:
        raise ValueError(f"nothing was measured for: {name}")
    return Row(
        name=name,
        value=median(values),
        unit=unit,
        at_least=goal.at_least,
        at_most=goal.at_most,
        aim=goal.aim,
        min=min(values),
        max=max(values),
        rounds=len(values),
    )


def ratio(name: str, above: Sequence[float], below: Sequence[float], goal: Goal = NO_GOAL) -> Row:
    """`above` divided by `below`, round by round: what else the machine did in a round slowed both of its halves.

    Raises ValueError when they are not of the same rounds.
    """
    return row(name, [one / other for one, other in zip(above, below, strict=True)], "x", goal)


def table(rows: Sequence[Row], *, head: bool = True) -> str:
    """The rows as a table in Markdown that also reads well in a terminal."""
    heading = f"| {'what':76} | {'value':>9} | {'unit':4} | {'goal':>9} | {'aim':>6} | {'holds':5} | spread of rounds |"
    lines = [heading, "| --- | ---: | --- | ---: | ---: | --- | --- |"] if head else []
    for one in rows:
        goal = one.at_least if one.at_least is not None else one.at_most
        sign = "" if goal is None else "≥ " if one.at_least is not None else "≤ "
        spread = f"{_figure(one.min)} to {_figure(one.max)}, {one.rounds}" if one.rounds > 1 else ""
        lines.append(
            f"| {one.name:76} | {_figure(one.value):>9} | {one.unit:4} | {sign + _figure(goal):>9} "
            f"| {_figure(one.aim):>6} | {one.verdict():5} | {spread} |"
        )
    return "\n".join(lines)


def _figure(number: float | None) -> str:
    """Three digits that count."""
    if number is None:
        return ""
    return f"{number:.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.3g}"
