"""The comparison of treatments: for one concern or for all, in the order that a reader asks for. Pure: rows in, lines out.

Only fit, sortable facts and the name order anything: a price never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import TextChoices

from content.display import costs
from content.matrix import fits
from content.matrix.fits import Block, Fit
from content.models import Concern, Suitability, Treatment


class Sort(TextChoices):
    """What the table can be sorted by, with the words of its link."""

    FIT = "fit", "Best fit"
    RECOVERY = "recovery", "Shortest recovery"
    VISITS = "visits", "Fewest visits"
    RISK = "risk", "Lowest risk of colour change"
    NAME = "name", "Name"


@dataclass(frozen=True)
class Choice:
    """A concern to choose, with the drawing of its page."""

    concern: Concern
    drawing: str


@dataclass(frozen=True)
class Line:
    """One treatment in the table."""

    treatment: Treatment
    url: str
    price: str
    fit: Fit | None = None
    """How it fits the chosen concern."""
    fits: tuple[Fit, ...] = ()
    """What it may help, when no concern is chosen."""


@dataclass(frozen=True)
class Comparison:
    """The table, and what stands under it."""

    lines: tuple[Line, ...]
    not_offered: tuple[Treatment, ...]
    block: Block | None = None
    """The chosen concern from the matrix: what does not help, what a specialist decides, what is done elsewhere."""
    rows: tuple[Suitability | Treatment, ...] = ()
    """All that it says comes from these."""

    def sorted(self, sort: Sort) -> Comparison:
        return replace(self, lines=tuple(in_order(self.lines, sort)))


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


def wanted(typed: str, *, chosen: bool) -> Sort:
    """The order that an address asks for. The usual order stands for what nobody can sort by, or only with a concern."""
    usual = Sort.FIT if chosen else Sort.NAME
    found = Sort(typed) if typed in Sort.values else usual
    return found if chosen or found != Sort.FIT else usual


def query(concern: Concern | None, sort: Sort | None) -> str:
    """The part of the address after its path, or nothing for the table as it comes: "?for=k3v9...&sort=visits"."""
    parts = {}
    if concern:
        parts["for"] = concern.public_id
    if sort and sort != wanted("", chosen=concern is not None):
        parts["sort"] = sort.value
    return f"?{urlencode(parts)}" if parts else ""


def _rank(line: Line, sort: Sort) -> tuple[int, ...]:
    treatment = line.treatment
    if sort == Sort.FIT:
        return (-line.fit.score if line.fit else 0,)
    if sort == Sort.RECOVERY:
        return _number(treatment.downtime_days)
    if sort == Sort.VISITS:
        return _number(treatment.sessions_most)
    if sort == Sort.RISK:
        return _number(treatment.pigment_rank)
    return ()


def _number(value: int | None) -> tuple[int, ...]:
    """Lowest first; what is not rated comes last."""
    return (1,) if value is None else (0, value)


def _line(treatment: Treatment, urls: Mapping[int, str], currency: str) -> Line:
    return Line(treatment, urls.get(treatment.pk, ""), costs.price(treatment, currency))


def _not_offered(treatments: Iterable[Treatment]) -> tuple[Treatment, ...]:
    return tuple(treatment for treatment in treatments if not treatment.offered)
