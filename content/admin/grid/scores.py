"""Several scores at once: which cells of the grid somebody has changed, and a draft for each of them.

The grid's form has one choice a cell. The score that stands is the empty choice; each other one carries the version that
the page showed. So what nobody touched says nothing, and what comes in says by itself what was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms

from clinic.foundation import press as pressed
from clinic.foundation.forms import CleanText
from clinic.foundation.text import id_in
from content import limits
from content.models import Suitability, Version
from content.publishing import facts, verbs
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditConflict, EditRefused, PublishingError
from content.publishing.facts import CellSnapshot
from content.publishing.grid import Cell, Grid

PREFIX = "score."
_CHOICE = re.compile(r"([0-3])\.([0-9]{1,9})")


class NoteForm(forms.Form):
    """What goes with them."""

    note = CleanText(
        limit=limits.NOTE_CHARACTERS,
        label="What is different",
        help_text="A few words for the reviewer and the history.",
    )


@dataclass(frozen=True)
class Choice:
    """A score that somebody has chosen for a cell, looking at version `number`."""

    key: str
    score: int
    number: int


@dataclass
class Outcome:
    """What came of it: cells with a new draft, and by key what stood in the way of the others, with the score chosen."""

    kept: list[Cell] = field(default_factory=list)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)


def value(score: int, number: int) -> str:
    """The value of a choice."""
    return f"{score}.{number}"


def read(posted: Mapping[str, Any]) -> list[Choice]:
    """The cells that somebody changed. What no page of ours can have sent is left out."""
    found = []
    for name, choice in posted.items():
        match = _CHOICE.fullmatch(str(choice)) if name.startswith(PREFIX) else None
        if match:
            found.append(Choice(name.removeprefix(PREFIX), int(match[1]), id_in(match[2])))
    return found


def keep(grid: Grid, choices: Iterable[Choice], edit: Edit, *, note: str) -> Outcome:
    """A draft for every cell whose score really differs. One refusal holds no other back: each is saved by itself."""
    outcome = Outcome()
    for choice in choices:
        cell = grid.cell(choice.key)
        if cell is None:
            continue
        if cell.newest is not None and cell.newest.score == choice.score:
            # Somebody has had the same thought: perhaps this very press, a moment ago.
            if cell.draft and _pressed_before(cell.draft.version, edit.editor):
                outcome.kept.append(cell)
            continue
        try:
            _draft(cell, choice, edit, note)
        except EditConflict as error:
            if _pressed_before(error.version, edit.editor) and _score(error) == choice.score:
                outcome.kept.append(cell)
                continue
            outcome.refused[cell.key] = (choice.score, _meanwhile(error, choice))
        except PublishingError as error:
            outcome.refused[cell.key] = (choice.score, str(error))
        else:
            outcome.kept.append(cell)
    return outcome


def _meanwhile(error: EditConflict, choice: Choice) -> str:
    """Who was first, what the cell says now, and what this person chose."""
    return f"{error} It says {_score(error)} now, and you chose {choice.score}."


def _score(error: EditConflict) -> int:
    return CellSnapshot.from_data(error.version.data).score


def _pressed_before(version: Version, editor: Editor) -> bool:
    """Whether the first of two presses of the same page has done something, and the version is this person's."""
    who = editor.user.pk if editor.user else None
    return pressed.done(editor.press) is not None and version.saved_by_id == who


def _draft(cell: Cell, choice: Choice, edit: Edit, note: str) -> None:
    """What the cell's form would open, with this score. Raises what `save_draft` raises."""
    row = Suitability.objects.filter(pk=cell.row.pk).first() if cell.row else None
    if row is None:
        raise EditRefused("gone", "This cell has been deleted.")
    snapshot = cell.draft.snapshot if cell.draft else facts.of_cell(row)
    snapshot = replace(snapshot, score=choice.score)
    verbs.save_draft(row, replace(edit, number=choice.number), snapshot, note=note)


@dataclass(frozen=True)
class Picker:
    """The choice of one cell: (value, score, whether it is chosen) each, and what stood in its way."""

    cell: Cell
    options: list[tuple[str, int, bool]]
    problem: str = ""


def picker(cell: Cell, outcome: Outcome) -> Picker | None:
    """None for a place without a cell: it takes a reason as well, so its own form makes it.

    Where one has been deleted meanwhile, what stood in the way is told without a choice.
    """
    if cell.newest is None:
        _, problem = outcome.refused.get(cell.key, (0, ""))
        return Picker(cell, [], problem) if problem else None
    chosen, problem = outcome.refused.get(cell.key, (cell.newest.score, ""))
    state = cell.newest.score
    options = [
        ("" if score == state else value(score, cell.number), int(score), score == chosen)
        for score in sorted(Suitability.Score.values)
    ]
    return Picker(cell, options, problem)
