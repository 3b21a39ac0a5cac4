"""Two to four treatments, set side by side as a reader ticked them. Pure: lines in, columns out.

They stand in the order of the comparison, whatever was ticked first: nobody's favourite comes first by being ticked first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from content.matrix import fits
from content.matrix.comparison import Line
from content.matrix.fits import Fit
from content.models import Concern, Suitability, Treatment

LEAST = 2
MOST = 4
"""More columns than this do not fit beside each other at 1280 pixels, and nobody weighs more at once."""


# What the table says of a treatment in a cell of its own.
_FACTS = ("sessions", "downtime", "comfort", "pigment_risk", "main_risk", "evidence_words")
_NOT_SUGGESTED = Fit(0, Suitability.Score.NOT_SUGGESTED.label, (), "")


@dataclass(frozen=True)
class Tick:
    """One treatment that can be ticked. `value` is its number: a word would tell whoever reads addresses."""

    line: Line
    is_ticked: bool

    @property
    def value(self) -> str:
        return str(self.line.treatment.pk)


@dataclass(frozen=True)
class Column:
    """One treatment. `fit` and `specialist_only` say how it fits the concern that was chosen, if one was."""

    line: Line
    without: str
    """The part of the address after its path that leaves this treatment out; nothing where two are left."""
    fit: Fit | None = None
    specialist_only: bool = False


@dataclass(frozen=True)
class Mark:
    """How well one column fits one concern."""

    column: Column
    fit: Fit


@dataclass(frozen=True)
class Helps:
    """One concern across all columns, so that a reader finds theirs in one line."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class SideBySide:
    """`columns` is empty while too few or too many are ticked; `lost` if something was asked for that is not here."""

    ticks: tuple[Tick, ...]
    columns: tuple[Column, ...]
    helps: tuple[Helps, ...] = ()
    """What they may help, while no concern is chosen."""
    rows: tuple[Suitability | Treatment, ...] = ()
    """All that the columns say comes from these."""
    lost: bool = False

    @property
    def alike(self) -> frozenset[str]:
        """The facts that all columns share, by name: what differs is then what is left to read."""
        treatments = [column.line.treatment for column in self.columns]
        return frozenset(fact for fact in _FACTS if len({getattr(one, fact) for one in treatments}) == 1)

    @property
    def asks(self) -> str:
        """The columns as an address of the request takes them along: "with=3.7"."""
        return (
            f"with={'.'.join(str(column.line.treatment.pk) for column in self.columns)}"
            if self.columns
            else ""
        )

    @property
    def ticked(self) -> int:
        return sum(tick.is_ticked for tick in self.ticks)


def chosen(
    lines: Sequence[Line], asked: Sequence[str], concern: Concern | None, cells: Sequence[Suitability]
) -> SideBySide:
    """What `asked` names of `lines`, each once. `cells`: their rows of the matrix; the concern's alone, with sources, if one
    is chosen."""
    wanted = set(filter(None, asked))
    ticks = tuple(Tick(line, str(line.treatment.pk) in wanted) for line in lines)
    picked = [tick for tick in ticks if tick.is_ticked]
    shown = picked if LEAST <= len(picked) <= MOST else []
    treatments = {tick.line.treatment.pk: tick.line.treatment for tick in shown}
    told = [cell for cell in cells if cell.treatment_id in treatments]
    fit = {cell.treatment_id: cell for cell in told} if concern else {}
    columns = tuple(_column(tick.line, shown, concern, fit.get(tick.line.treatment.pk)) for tick in shown)
    helps = () if concern else _helps(columns, told)
    return SideBySide(ticks, columns, helps, (*treatments.values(), *told), lost=len(wanted) > len(picked))


def query(values: Sequence[str], concern: Concern | None) -> str:
    """The part of the address after its path: "?with=3&with=7&for=k3v9..."."""
    pairs = [("with", value) for value in values]
    if concern:
        pairs.append(("for", concern.public_id))
    return f"?{urlencode(pairs)}"


def _helps(columns: Sequence[Column], cells: Sequence[Suitability]) -> tuple[Helps, ...]:
    """A line for each concern that any column may help, as the editors order concerns."""
    scored: dict[tuple[int, str], dict[int, Fit]] = {}
    for cell in cells:
        fit = Fit(cell.score, Suitability.Score(cell.score).label, (), "")
        scored.setdefault((cell.concern.order, cell.concern.name), {})[cell.treatment_id] = fit
    return tuple(
        Helps(
            name,
            tuple(Mark(column, found.get(column.line.treatment.pk, _NOT_SUGGESTED)) for column in columns),
        )
        for (_, name), found in sorted(scored.items(), key=lambda one: one[0])
    )


def _column(line: Line, picked: Sequence[Tick], concern: Concern | None, cell: Suitability | None) -> Column:
    others = [tick.value for tick in picked if tick.line is not line]
    without = query(others, concern) if len(others) >= LEAST else ""
    if cell is None:
        return Column(line, without)
    return Column(line, without, fits.one_fit(cell), cell.specialist_only)
