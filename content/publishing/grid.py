"""The matrix as a grid: every concern by every treatment, what readers see there and what lies beside it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from content import limits
from content.models import Concern, PageEvent, Suitability, Treatment, Version
from content.publishing.facts import CellSnapshot

# What a draft waits for: a word that fits into its cell, and what it means.
STATES = {
    "waits": "waits for a reviewer",
    "back": "sent back by a reviewer",
    "ready": "approved, not live yet",
    "later": "goes live by itself",
    "kept": "kept back when its time came",
}


@dataclass(frozen=True)
class Draft:
    """What lies beside what readers see. `word` is from the reviewer who sent it back."""

    version: Version
    snapshot: CellSnapshot
    word: str = ""

    @property
    def state(self) -> str:
        """A key of STATES."""
        if self.version.publish_at:
            return "later"
        if self.version.kept_back_at:
            return "kept"
        if self.version.sent_back_at:
            return "back"
        return "ready" if self.approved else "waits"

    @property
    def approved(self) -> bool:
        """Whether a reviewer's name is on it."""
        return self.version.approved_by_id is not None

    @property
    def means(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Cell:
    """One place of the grid. `row` is None where there is no cell yet; `draft` where there is nothing beside the row."""

    concern: Concern
    treatment: Treatment
    row: Suitability | None = None
    draft: Draft | None = None

    @property
    def key(self) -> str:
        """Names the cell in an address and in a form: 'rolling.microneedling'."""
        return f"{self.concern.code}.{self.treatment.code}"

    @property
    def title(self) -> str:
        return f"{self.concern.name}, {self.treatment.name}"

    @property
    def readers(self) -> Suitability | None:
        """The row, if readers are told what it says: as Suitability.objects.published()."""
        return self.row if self.row and self.row.is_published and self.treatment.is_published else None

    @property
    def newest(self) -> CellSnapshot | Suitability | None:
        """What its form opens: the draft, or else the row."""
        return self.draft.snapshot if self.draft else self.row

    @property
    def number(self) -> int:
        """The newest version that this page shows, for a verb to compare. 1 for a row that no verb has touched."""
        if self.draft:
            return self.draft.version.number
        return self.row.live.number if self.row is not None and self.row.live else 1

    @property
    def change(self) -> str:
        """What the draft would change, in short: '2 to 1', or '2 text'. Empty without one."""
        if self.draft is None:
            return ""
        if self.readers is None:
            return f"new {self.draft.snapshot.score}"
        if self.readers.score != self.draft.snapshot.score:
            return f"{self.readers.score} to {self.draft.snapshot.score}"
        return f"{self.readers.score} text"

    @property
    def shows(self) -> str:
        """What stands in it: what the draft would change, else the score, "off", or a sign that something can be added."""
        if self.readers and not self.draft:
            return str(self.readers.score)
        return self.change or ("off" if self.row else "+")

    @property
    def style(self) -> str:
        """Classes: the score that readers see, and what is marked."""
        if self.readers is None:
            return "none draft" if self.draft else "none"
        found = [f"s{self.readers.score}"]
        found += ["special"] if self.readers.specialist_only else []
        found += ["signed"] if self.readers.reviewed_by_id else []
        found += ["draft", self.draft.state] if self.draft else []
        return " ".join(found)

    @property
    def words(self) -> str:
        """All that the cell shows by its looks, as one line: 'Rolling scars, Microneedling: 2, may help; not signed'."""
        row = self.readers
        if row is None:
            parts = [f"{self.title}: readers are told nothing"]
        else:
            parts = [f"{self.title}: {score_words(row.score)}"]
            parts += ["only a specialist decides"] if row.specialist_only else []
            parts += ["waits in pregnancy"] if row.waits_in_pregnancy else []
            parts += [f"signed by {row.reviewed_by.name}" if row.reviewed_by else "not signed"]
        if self.draft:
            parts.append(f"draft: {self.change}, {self.draft.means}")
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

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All of them, line by line."""
        return tuple(cell for group in self.groups for line in group for cell in line.cells)

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
        return sum(1 for cell in self.cells if cell.readers)

    @property
    def signed(self) -> int:
        """How many of them stand under a reviewer's name."""
        return sum(1 for cell in self.cells if cell.readers and cell.readers.reviewed_by_id)

    @property
    def drafts(self) -> list[Cell]:
        """The cells with a draft: those that wait for a reviewer first, and the oldest first."""
        order = list(STATES)
        found = [(cell, cell.draft) for cell in self.cells if cell.draft]
        found.sort(key=lambda pair: (order.index(pair[1].state), pair[1].version.saved_at))
        return [cell for cell, _ in found]

    @property
    def waiting(self) -> list[Cell]:
        """Those whose draft waits for a reviewer, the oldest first."""
        return [cell for cell in self.drafts if cell.draft and cell.draft.state == "waits"]

    def after(self, key: str) -> Cell | None:
        """The next cell whose draft waits for a reviewer, or the first; None if no other does."""
        waiting = self.waiting
        place = next((place for place, cell in enumerate(waiting) if cell.key == key), -1)
        others = [*waiting[place + 1 :], *waiting[: max(place, 0)]]
        return others[0] if others else None

    def cell(self, key: str) -> Cell | None:
        """The cell of that key, or None."""
        return next((cell for cell in self.cells if cell.key == key), None)


def of() -> Grid:
    """As it stands now. Five statements, however large it is."""
    rows = Suitability.objects.order_by().defer("reason").select_related("reviewed_by", "live")
    return arranged(Concern.objects.all(), Treatment.objects.all(), rows.defer("live__data"), _drafts())


def arranged(
    concerns: Iterable[Concern],
    treatments: Iterable[Treatment],
    rows: Iterable[Suitability],
    drafts: Mapping[int, Draft],
) -> Grid:
    """Pure: drafts by the ids of their rows. Concerns of one group that follow each other stand together."""
    columns = tuple(treatments)
    known = {(row.concern_id, row.treatment_id): row for row in rows}

    def line(concern: Concern) -> Line:
        cells = []
        for column in columns:
            row = known.get((concern.pk, column.pk))
            cells.append(Cell(concern, column, row, drafts.get(row.pk) if row else None))
        return Line(concern, tuple(cells))

    groups = groupby(concerns, key=lambda concern: concern.group)
    return Grid(columns, tuple(tuple(map(line, group)) for _, group in groups))


def _drafts() -> dict[int, Draft]:
    """The newest version of each cell that readers have not got, by the id of its row."""
    versions = list(Version.objects.drafts().filter(cell__isnull=False).select_related("approved_by"))
    sent_back = PageEvent.objects.filter(verb="send_back", version__in=[version.pk for version in versions])
    words = dict(sent_back.order_by("pk").values_list("version", "reason"))
    return {
        version.cell_id: Draft(version, CellSnapshot.from_data(version.data), words.get(version.pk, ""))
        for version in versions
        if version.cell_id is not None
    }


def score_words(score: int) -> str:
    """'2, may help'."""
    return f"{score}, {Suitability.Score(score).label.lower()}"


def short(name: str) -> str:
    """A name of at most COLUMN_NAME_CHARACTERS letters, cut between words where there is a place for it."""
    if len(name) <= limits.COLUMN_NAME_CHARACTERS:
        return name
    cut = name[: limits.COLUMN_NAME_CHARACTERS - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
