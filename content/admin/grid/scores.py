"""Several scores at once: which cells of the grid somebody has changed, and a draft for each of them.

The grid's form has one choice a cell. The score that stands is the empty choice; each other one carries the version that
the page showed. So what nobody touched says nothing, and what comes in says by itself what was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django import forms

from clinic.foundation.forms import CleanText
from clinic.foundation.text import id_in
from content.models import Suitability
from content.publishing import facts, verbs
from content.publishing.core import Actor
from content.publishing.errors import Conflict, PublishingError
from content.publishing.facts import CellSnapshot
from content.publishing.grid import Cell, Grid

PREFIX = "score."
_CHOICE = re.compile(r"([0-3])\.([0-9]{1,9})")


class NoteForm(forms.Form):
    """What goes with them."""

    note = CleanText(
        limit=200, label="What is different", help_text="A few words for the reviewer and the history."
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
    for name, said in posted.items():
        match = _CHOICE.fullmatch(str(said)) if name.startswith(PREFIX) else None
        if match:
            found.append(Choice(name.removeprefix(PREFIX), int(match[1]), id_in(match[2])))
    return found


def keep(grid: Grid, choices: Iterable[Choice], *, note: str, actor: Actor, now: datetime) -> Outcome:
    """A draft for every cell whose score really differs. One refusal holds no other back: each is saved by itself."""
    outcome = Outcome()
    for choice in choices:
        cell = grid.cell(choice.key)
        if cell is None or cell.row is None or cell.newest is None:
            continue
        if cell.newest.score == choice.score:
            continue  # somebody else has had the same thought
        try:
            _draft(cell, choice, note, actor, now)
        except Conflict as error:
            outcome.refused[cell.key] = (choice.score, _meanwhile(error, choice))
        except PublishingError as error:
            outcome.refused[cell.key] = (choice.score, str(error))
        else:
            outcome.kept.append(cell)
    return outcome


def _meanwhile(error: Conflict, choice: Choice) -> str:
    """Who was first, what the cell says now, and what this person chose."""
    score = CellSnapshot.from_data(error.version.data).score
    return f"{error} It says {score} now, and you chose {choice.score}."


def _draft(cell: Cell, choice: Choice, note: str, actor: Actor, now: datetime) -> None:
    """What the cell's form would open, with this score. Raises what `save_draft` raises."""
    row = Suitability.objects.get(pk=cell.row.pk) if cell.row else None
    if row is None:
        return
    said = cell.draft.said if cell.draft else facts.of_cell(row)
    said = replace(said, score=choice.score)
    verbs.save_draft(row, said, number=choice.number, note=note, actor=actor, now=now)


@dataclass(frozen=True)
class Picker:
    """The choice of one cell: (value, score, whether it is chosen) each, and what stood in its way."""

    cell: Cell
    options: list[tuple[str, int, bool]]
    problem: str = ""


def picker(cell: Cell, outcome: Outcome) -> Picker | None:
    """None for a place without a cell: it takes a reason as well, so its own form makes it."""
    if cell.newest is None:
        return None
    chosen, problem = outcome.refused.get(cell.key, (cell.newest.score, ""))
    stands = cell.newest.score
    options = [
        ("" if score == stands else value(score, cell.number), int(score), score == chosen)
        for score in sorted(Suitability.Score.values)
    ]
    return Picker(cell, options, problem)
