"""The comparison of treatments: for one concern or for all, in the order that a reader asks for. Pure: rows in, lines out.

Nobody has to ask for the usual order, which is the one of a concern's page and of the guide (content.matrix.order): for one
concern a table a score, the best first, and what has a higher risk of colour change comes last. A price orders nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import TextChoices

from content.display import costs, visits
from content.matrix import figures, fits, order
from content.matrix.fits import Block, Fit
from content.models import Concern, Suitability, Treatment


class Sort(TextChoices):
    """What a table can be sorted by, with the words of its link. The first is what nobody has to ask for."""

    RISK = "risk", "Lowest colour risk"
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
    """One treatment in a table. `price` is "£165 to £195", or nothing; what it is for is the treatment's `cost_basis`.
    `starts_at` is "from £165"."""

    treatment: Treatment
    url: str
    price: str
    starts_at: str = ""
    course: str = ""
    """What a whole course comes to (`figures.course`)."""
    fit: Fit | None = None
    """How it fits the chosen concern."""
    fits: tuple[Fit, ...] = ()
    """What it may help, when no concern is chosen."""

    @property
    def visits(self) -> str:
        return figures.visits(self.treatment.sessions)

    @property
    def recovery(self) -> str:
        return figures.recovery(self.treatment.downtime)

    @property
    def studies(self) -> str:
        return figures.studies(self.treatment.evidence)

    @property
    def why(self) -> str:
        """The first sentence of how it fits the chosen concern; `why_more` is what comes after it."""
        return self._reason[0]

    @property
    def why_more(self) -> str:
        return self._reason[1]

    @property
    def _reason(self) -> tuple[str, str]:
        first, stop, more = (self.fit.reason if self.fit else "").partition(". ")
        return first + stop.strip(), more


@dataclass(frozen=True)
class Table:
    """Lines that stand together: all of one score, or all that there are, where `fit` is None."""

    lines: tuple[Line, ...]
    fit: Fit | None = None
    unsorted: Line | None = None
    """The first line that has nothing to sort by. From here on they stand as usual, and the table says so."""

    @property
    def higher_risk(self) -> bool:
        """Whether it stands last for its risk of a change of colour, however well it fits."""
        return self.fit is not None and order.marks(self.lines[0].treatment.pigment_rank)


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

    @property
    def cells(self) -> tuple[Suitability, ...]:
        return tuple(row for row in self.rows if isinstance(row, Suitability))

    def sorted(self, sort: Sort) -> Comparison:
        return replace(self, lines=tuple(in_order(self.lines, sort)), sort=sort)

    @property
    def tables(self) -> tuple[Table, ...]:
        """One for each score, the best first, and then one for each of what has a higher risk; without a concern one."""
        parts: dict[tuple[bool, int], list[Line]] = {}
        for line in self.lines:
            part = (order.marks(line.treatment.pigment_rank), -line.fit.score) if line.fit else (False, 0)
            parts.setdefault(part, []).append(line)
        return tuple(
            Table(
                tuple(lines),
                lines[0].fit,
                next((one for one in lines if _rank(one, self.sort) == _LAST), None),
            )
            for _, lines in sorted(parts.items(), key=lambda part: part[0])
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
        replace(
            _line(cell.treatment, urls if cell.treatment.offered else {}, currency), fit=fits.one_fit(cell)
        )
        for cell in cells
        if cell.score and not cell.specialist_only and fits.is_named(cell)
    ]
    blocks = fits.by_concern(cells, urls)
    told = {cell.treatment_id for cell in cells}
    named = [row for row in treatments if row.pk in told or not row.offered]
    rows: list[Suitability | Treatment] = [*cells, *named]
    return Comparison(tuple(lines), _not_offered(treatments), blocks[0] if blocks else None, tuple(rows))


def in_order(lines: Iterable[Line], sort: Sort) -> list[Line]:
    """Sorted; equals by their burden (content.matrix.order). What has no number to compare comes last."""
    return sorted(lines, key=lambda line: (*_rank(line, sort), *_burden(line.treatment)))


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


def _rank(line: Line, sort: Sort) -> tuple[int | str, ...]:
    treatment = line.treatment
    if sort == Sort.RECOVERY:
        return _recovery(treatment)
    if sort == Sort.VISITS:
        return _visits(treatment)
    if sort == Sort.RISK:
        return _number(treatment.pigment_rank)
    return (treatment.name.casefold(),)


def _burden(treatment: Treatment) -> tuple[int | str, ...]:
    known = order.burden(treatment.pigment_rank, treatment.downtime_days, treatment.invasiveness)
    return (*known, treatment.order, treatment.name.casefold())


_LAST = (1,)


def _number(value: int | None) -> tuple[int, ...]:
    """Lowest first; what is not rated comes last."""
    return _LAST if value is None else (0, value)


def _recovery(treatment: Treatment) -> tuple[int, ...]:
    """By its days, unless the table shows words that name no time: what it shows is what the order follows."""
    shown = not treatment.downtime or figures.names_a_time(treatment.downtime)
    return _number(treatment.downtime_days) if shown else _LAST


def _visits(treatment: Treatment) -> tuple[int, ...]:
    """The fewest first, then the higher end: by the words that the table shows, else by `sessions_most`."""
    said = visits.said(treatment.sessions)
    if said is None:
        return _number(treatment.sessions_most)
    least, most = said
    return (*_number(least), most)


def _line(treatment: Treatment, urls: Mapping[int, str], currency: str) -> Line:
    url = urls.get(treatment.pk, "")
    return Line(
        treatment,
        url,
        costs.amount(treatment, currency),
        costs.starts_at(treatment, currency),
        figures.course(treatment, currency),
    )


def _not_offered(treatments: Iterable[Treatment]) -> tuple[Treatment, ...]:
    return tuple(treatment for treatment in treatments if not treatment.offered)
