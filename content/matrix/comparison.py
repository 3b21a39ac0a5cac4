"""The comparison of treatments: for one concern or for all, in the order that a reader asks for. Pure: rows in, lines out.

A concern has a table a score, the best first. Only fit, sortable facts and the name order anything: a price never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import TextChoices

from content.display import costs
from content.matrix import fits, visits
from content.matrix.fits import Block, Fit
from content.models import Concern, Suitability, Treatment


class Sort(TextChoices):
    """What a table can be sorted by, with the words of its link. The first is what nobody has to ask for."""

    RISK = "risk", "Lowest risk of colour change"
    RECOVERY = "recovery", "Shortest recovery"
    VISITS = "visits", "Fewest visits"
    NAME = "name", "Name"


USUAL = Sort.RISK


@dataclass(frozen=True)
class Choice:
    """A concern to choose, with the drawing of its page."""

    concern: Concern
    drawing: str


@dataclass(frozen=True)
class Line:
    """One treatment in a table. `price` is "£165 to £195", or nothing; what it is for is the treatment's `cost_basis`."""

    treatment: Treatment
    url: str
    price: str
    fit: Fit | None = None
    """How it fits the chosen concern."""
    fits: tuple[Fit, ...] = ()
    """What it may help, when no concern is chosen."""


@dataclass(frozen=True)
class Table:
    """Lines that stand together: all of one score, or all that there are, where `fit` is None."""

    lines: tuple[Line, ...]
    fit: Fit | None = None
    unsorted: Line | None = None
    """The first line that has nothing to sort by. From here on they stand by name, and the table says so."""


@dataclass(frozen=True)
class Comparison:
    """The tables, and what stands under them."""

    lines: tuple[Line, ...]
    not_offered: tuple[Treatment, ...]
    block: Block | None = None
    """The chosen concern from the matrix: what does not help, what a specialist decides, what is done elsewhere."""
    rows: tuple[Suitability | Treatment, ...] = ()
    """All that it says comes from these."""
    sort: Sort = USUAL

    def sorted(self, sort: Sort) -> Comparison:
        return replace(self, lines=tuple(in_order(self.lines, sort)), sort=sort)

    @property
    def tables(self) -> tuple[Table, ...]:
        """One for each score, the best first, each in the order of the lines. Without a concern there is one."""
        by_score: dict[int, list[Line]] = {}
        for line in self.lines:
            by_score.setdefault(line.fit.score if line.fit else 0, []).append(line)
        return tuple(
            Table(
                tuple(lines),
                lines[0].fit,
                next((one for one in lines if _rank(one, self.sort) == _LAST), None),
            )
            for _, lines in sorted(by_score.items(), reverse=True)
        )


def overall(
    treatments: Sequence[Treatment],
    suggested: Sequence[Suitability],
    urls: Mapping[int, str],
    currency: str,
) -> Comparison:
    """Every treatment that is offered, with all that it may help."""
    helped: dict[int, list[Suitability]] = {}
    for row in suggested:
        helped.setdefault(row.treatment_id, []).append(row)
    lines = [
        replace(_line(treatment, urls, currency), fits=fits.by_score(helped.get(treatment.pk, [])))
        for treatment in treatments
        if treatment.offered and not treatment.unready
    ]
    return Comparison(tuple(lines), _not_offered(treatments), rows=(*suggested, *treatments))


def for_concern(
    treatments: Sequence[Treatment],
    cells: Sequence[Suitability],
    urls: Mapping[int, str],
    currency: str,
) -> Comparison:
    """What may help one concern. `cells` are all its rows of the matrix, with their sources loaded."""
    lines = [
        replace(_line(cell.treatment, urls, currency), fit=fits.one_fit(cell))
        for cell in cells
        if cell.treatment.offered and not cell.unready and cell.score and not cell.specialist_only
    ]
    blocks = fits.by_concern(cells, urls)
    told = {cell.treatment_id for cell in cells}
    named = [row for row in treatments if row.pk in told or not row.offered]
    rows: list[Suitability | Treatment] = [*cells, *named]
    return Comparison(tuple(lines), _not_offered(treatments), blocks[0] if blocks else None, tuple(rows))


def in_order(lines: Iterable[Line], sort: Sort) -> list[Line]:
    """Sorted; equals by name. What has no number to compare comes last."""
    return sorted(lines, key=lambda line: (*_rank(line, sort), line.treatment.name.casefold()))


def wanted(typed: str) -> Sort:
    """The order that an address asks for. The usual order stands for what nobody can sort by."""
    return Sort(typed) if typed in Sort.values else USUAL


def query(concern: Concern | None, sort: Sort) -> str:
    """The part of the address after its path, or nothing for the table as it comes: "?for=k3v9...&sort=visits"."""
    parts = {}
    if concern:
        parts["for"] = concern.public_id
    if sort != USUAL:
        parts["sort"] = sort.value
    return f"?{urlencode(parts)}" if parts else ""


def _rank(line: Line, sort: Sort) -> tuple[int, ...]:
    treatment = line.treatment
    if sort == Sort.RECOVERY:
        return _number(treatment.downtime_days)
    if sort == Sort.VISITS:
        return _visits(treatment)
    if sort == Sort.RISK:
        return _number(treatment.pigment_rank)
    return ()


_LAST = (1,)


def _number(value: int | None) -> tuple[int, ...]:
    """Lowest first; what is not rated comes last."""
    return _LAST if value is None else (0, value)


def _visits(treatment: Treatment) -> tuple[int, ...]:
    """The fewest first, then the higher end: by the words that the table shows, else by `sessions_most`."""
    said = visits.said(treatment.sessions)
    if said is None:
        return _number(treatment.sessions_most)
    least, most = said
    return (*_number(least), most)


def _line(treatment: Treatment, urls: Mapping[int, str], currency: str) -> Line:
    return Line(treatment, urls.get(treatment.pk, ""), costs.amount(treatment, currency))


def _not_offered(treatments: Iterable[Treatment]) -> tuple[Treatment, ...]:
    return tuple(treatment for treatment in treatments if not treatment.offered)
