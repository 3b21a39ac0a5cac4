"""The matrix as a grid: every concern by every treatment, what readers see there and what lies beside it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from content.models import Concern, Suitability, Treatment

# Of a treatment's name, above its column. The whole name is read out, and stands in the cell's form.
MOST_LETTERS = 36


@dataclass(frozen=True)
class Cell:
    """One place of the grid. `row` is what readers see there, None where nobody has scored it."""

    concern: Concern
    treatment: Treatment
    row: Suitability | None = None

    @property
    def key(self) -> str:
        """Names the cell in an address and in a form: 'rolling.microneedling'."""
        return f"{self.concern.code}.{self.treatment.code}"

    @property
    def title(self) -> str:
        return f"{self.concern.name}, {self.treatment.name}"

    @property
    def style(self) -> str:
        """Classes: its score, and what is marked."""
        if self.row is None:
            return "none"
        found = [f"s{self.row.score}"]
        found += ["special"] if self.row.specialist_only else []
        found += ["signed"] if self.row.reviewed_by_id else []
        return " ".join(found)

    @property
    def words(self) -> str:
        """All that the cell shows by its looks, as one line: 'Rolling scars, Microneedling: 2, may help'."""
        if self.row is None:
            return f"{self.title}: no score yet"
        parts = [f"{self.title}: {score_words(self.row.score)}"]
        parts += ["only a specialist decides"] if self.row.specialist_only else []
        parts += ["waits in pregnancy"] if self.row.waits_in_pregnancy else []
        parts += [f"signed by {self.row.reviewed_by.name}" if self.row.reviewed_by else "not signed"]
        return "; ".join(parts)


@dataclass(frozen=True)
class Line:
    """A concern with its cells, in the order of the columns."""

    concern: Concern
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """The columns, and the lines of one kind of concern together."""

    treatments: tuple[Treatment, ...]
    groups: tuple[tuple[Line, ...], ...]

    @property
    def cells(self) -> Iterable[Cell]:
        """All of them, line by line."""
        return (cell for group in self.groups for line in group for cell in line.cells)

    @property
    def columns(self) -> list[tuple[Treatment, str]]:
        """Each treatment with the name that fits above its column."""
        return [(treatment, short(treatment.name)) for treatment in self.treatments]

    @property
    def concerns(self) -> int:
        return sum(len(group) for group in self.groups)

    @property
    def scored(self) -> int:
        """How many cells readers have."""
        return sum(1 for cell in self.cells if cell.row is not None)

    @property
    def signed(self) -> int:
        """How many of them stand under a reviewer's name."""
        return sum(1 for cell in self.cells if cell.row is not None and cell.row.reviewed_by_id)

    def cell(self, key: str) -> Cell | None:
        """The cell of that key, or None."""
        return next((cell for cell in self.cells if cell.key == key), None)


def of() -> Grid:
    """As it stands now. Three statements, however large it is."""
    rows = {
        (row.concern_id, row.treatment_id): row
        for row in Suitability.objects.order_by().defer("reason").select_related("reviewed_by")
    }
    return arranged(Concern.objects.all(), Treatment.objects.all(), rows)


def arranged(
    concerns: Iterable[Concern],
    treatments: Iterable[Treatment],
    rows: Mapping[tuple[int, int], Suitability],
) -> Grid:
    """Pure: rows by the ids of their concern and treatment. Concerns of one group that follow each other stand together."""
    columns = tuple(treatments)
    lines = (
        Line(
            concern,
            tuple(Cell(concern, column, rows.get((concern.pk, column.pk))) for column in columns),
        )
        for concern in concerns
    )
    groups = tuple(tuple(group) for _, group in groupby(lines, key=lambda line: line.concern.group))
    return Grid(columns, groups)


def score_words(score: int) -> str:
    """'2, may help'."""
    return f"{score}, {Suitability.Score(score).label.lower()}"


def short(name: str) -> str:
    """A name of at most MOST_LETTERS letters, cut between words where there is a place for it."""
    if len(name) <= MOST_LETTERS:
        return name
    cut = name[: MOST_LETTERS - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
