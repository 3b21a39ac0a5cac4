"""Two kinds on one page, side by side: a line for each thing, a column for each kind. Pure: rows in, words out.

A page about laser has two kinds of it; a page about boxcar scars has deep ones and shallow ones. Lines stand as they would
in a list of one kind (content.matrix.order): what may help by its fit, and treatments with a higher risk after all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from content.matrix import order
from content.matrix.fits import Fit, Name, in_a_sentence, one_fit, small
from content.models import Concern, Suitability, Treatment

Thing = Concern | Treatment
# As many columns as fit on a phone.
COLUMNS = 2


@dataclass(frozen=True)
class Kind:
    """What one column says in a line. `fit` is None where the matrix says nothing, or a specialist decides."""

    name: str
    fit: Fit | None = None
    specialist_only: bool = False


@dataclass(frozen=True)
class Line:
    """Everything of which all columns say the same."""

    names: tuple[Name, ...]
    kinds: tuple[Kind, ...]
    higher_risk: bool = False
    """Whether these are treatments with a higher risk of a lasting change of colour."""
    offered: bool = True
    """False for treatments that are not done here."""

    @property
    def best(self) -> int | None:
        """The highest score in it; None if a specialist decides whatever it says."""
        return max((kind.fit.score for kind in self.kinds if kind.fit), default=None)

    @property
    def fits(self) -> tuple[Fit, ...]:
        return tuple(kind.fit for kind in self.kinds if kind.fit)

    @property
    def reason(self) -> Fit | None:
        """The one reason that all columns share, if they do."""
        same = all(kind.fit and kind.fit.reason == self.fits[0].reason for kind in self.kinds)
        return self.fits[0] if same else None


@dataclass(frozen=True)
class Board:
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    elsewhere: tuple[
        Line, ...
    ] = ()  # scored, not done here and not at its rank among `lines`: the best fit first

    @property
    def may_help(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.best)

    @property
    def lower_risk(self) -> tuple[Line, ...]:
        return tuple(line for line in self.may_help if not line.higher_risk)

    @property
    def higher_risk(self) -> tuple[Line, ...]:
        return tuple(line for line in self.may_help if line.higher_risk)

    @property
    def does_not_help(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.best == 0)

    @property
    def suggests(self) -> bool:
        """Whether any of our own treatments may help."""
        return any(line.offered for line in self.may_help)

    @property
    def discussed(self) -> tuple[Line, ...]:
        """What may help, and what a specialist decides."""
        return tuple(line for line in self.lines if line.best != 0)

    @property
    def not_suggested(self) -> tuple[Name, ...]:
        return _inside(self.does_not_help)

    @property
    def not_offered(self) -> tuple[Name, ...]:
        return _inside(self.elsewhere)


def of_concerns(rows: Iterable[Suitability], treatment_urls: Mapping[int, str]) -> Board | None:
    """For a page about two concerns: a line for each treatment. None for fewer and for more."""
    cells = [row for row in rows if not row.unready]
    columns = _in_order(row.concern for row in cells)
    if len(columns) != COLUMNS:
        return None
    # What a specialist decides is named apart, and what does not help is only named if it is ours.
    shown = [row for row in cells if row.treatment.offered or (row.score and not row.specialist_only)]
    lines = _lines(shown, columns, _concern, _treatment, treatment_urls)
    named = tuple(line for line in lines if order.is_named(line.best or 0, offered=line.offered))
    elsewhere = (line for line in lines if line not in named)
    return Board(
        tuple(map(_heading, columns)), named, tuple(sorted(elsewhere, key=lambda one: -(one.best or 0)))
    )


def of_treatments(rows: Iterable[Suitability], concern_urls: Mapping[int, str]) -> Board | None:
    """For a page about two treatments that are offered: a line for each concern. None for fewer and for more."""
    cells = [row for row in rows if row.treatment.offered and not row.unready]
    columns = _in_order(row.treatment for row in cells)
    if len(columns) != COLUMNS:
        return None
    return Board(tuple(map(_heading, columns)), _lines(cells, columns, _treatment, _concern, concern_urls))


def _lines(
    rows: Iterable[Suitability],
    columns: Sequence[Thing],
    column: Callable[[Suitability], Thing],
    line: Callable[[Suitability], Thing],
    urls: Mapping[int, str],
) -> tuple[Line, ...]:
    """The best first; equals by their burden, and then as the editors order them."""
    cells = {(line(row), column(row)): row for row in rows}
    together: dict[tuple[object, ...], list[Thing]] = {}
    for thing in sorted({thing for thing, _ in cells}, key=_burden):
        said = tuple(_said(cells.get((thing, one))) for one in columns)
        together.setdefault((_higher_risk(thing), _offered(thing), *said), []).append(thing)
    lines = [
        Line(
            # Named without a link if it is not done here: an address to click would read as an offer.
            in_a_sentence(Name(one.name, urls.get(one.pk, "") if _offered(one) else "") for one in things),
            tuple(_kind(one, cells.get((things[0], one))) for one in columns),
            _higher_risk(things[0]),
            _offered(things[0]),
        )
        for things in together.values()
    ]
    # sorted() keeps the order of the things among equals.
    return tuple(sorted(lines, key=_rank))


def _burden(thing: Thing) -> tuple[int | str, ...]:
    if isinstance(thing, Concern):
        return thing.order, thing.name
    return (*order.burden(thing.pigment_rank, thing.downtime_days, thing.invasiveness), thing.order)


def _higher_risk(thing: Thing) -> bool:
    return isinstance(thing, Treatment) and order.marks(thing.pigment_rank)


def _offered(thing: Thing) -> bool:
    return not isinstance(thing, Treatment) or thing.offered


def _inside(lines: Iterable[Line]) -> tuple[Name, ...]:
    """All names of the lines, as they read inside a sentence and without addresses."""
    return tuple(Name(small(name).words) for line in lines for name in line.names)


def _concern(row: Suitability) -> Thing:
    return row.concern


def _treatment(row: Suitability) -> Thing:
    return row.treatment


def _in_order(things: Iterable[Thing]) -> list[Thing]:
    return sorted(set(things), key=lambda one: (one.order, one.name))


def _said(row: Suitability | None) -> tuple[object, ...]:
    return () if row is None else (row.score, row.specialist_only, row.reason)


def _kind(column: Thing, row: Suitability | None) -> Kind:
    if row is None or row.specialist_only:
        return Kind(_heading(column), None, row is not None)
    return Kind(_heading(column), one_fit(row))


def _heading(column: Thing) -> str:
    return column.short if isinstance(column, Treatment) else column.name


def _rank(line: Line) -> tuple[bool, float, int]:
    """What a specialist decides stands before what is not suggested."""
    best = 0.5 if line.best is None else line.best
    return line.higher_risk and best > 0, -best, -sum(fit.score for fit in line.fits)
