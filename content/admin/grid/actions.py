"""The buttons of a cell in the grid: those of its own page, and what the grid alone has.

These are a place without a cell, which the first save makes, and a reviewer's two steps in one press.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.admin.models import DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction

from clinic.foundation import press as pressed
from clinic.foundation.models import Press as FirstPress
from content.admin import actions, desk
from content.admin.grid.forms import QuickForm, read
from content.admin.press import Action, Press
from content.models import Suitability
from content.publishing import facts, verbs
from content.publishing.facts import CellSnapshot
from content.publishing.grid import Cell

CHANGE, ADD = "content.change_suitability", "content.add_suitability"
DELETE = "content.delete_suitability"
# What came of a press that took the whole cell away, in the place of its id; and in words.
GONE = "gone"
REMOVED = "The draft is discarded, and with it the cell: readers have never had it."
# Which field of the form a refusal is about.
ABOUT = {
    "no_word": "word",
    "no_time": "publish_at",
    "not_ahead": "publish_at",
    "no_reason": "reason",
    "review_not_ahead": "next_review",
    "review_too_far": "next_review",
}


@dataclass(kw_only=True)
class CellPress(Press):
    """A button pressed on a cell. Its row is not saved yet while there is no cell."""

    cell: Cell

    @property
    def document(self) -> Suitability:
        """The row as what it is."""
        assert isinstance(self.row, Suitability)
        return self.row

    def resume(self, first: FirstPress | None) -> bool:
        """The same where the first press has made the cell, or has taken it away."""
        if first is None:
            return False
        cell = self.cell
        row = Suitability.objects.filter(concern=cell.concern, treatment=cell.treatment).first()
        if row is not None:
            self.row = row
            return super().resume(first)
        if first.result != GONE:
            return False
        self.done_before, self.told = frozenset({"discard"}), [REMOVED]
        return True


@dataclass(frozen=True)
class CellAction(Action[CellPress]):
    """A button of a cell. `also`: a second right that it needs. `goes_on`: it leads to the next draft that waits."""

    also: str = ""
    goes_on: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """Anyone who holds all of these may press it."""
        return (self.right, self.also) if self.also else (self.right,)


def saved(press: CellPress, form: QuickForm) -> str:
    """Save what was typed; the press goes on from there. Nothing new is nothing to tell."""
    row, note, before = press.document, press.typed["note"], press.number
    if row.pk is None:
        snapshot = read(form, CellSnapshot())
        press.row = row = verbs.add_cell(press.edit, row.concern, row.treatment, snapshot, note=note)
        press.number, press.event = 1, row.events.latest("pk").pk
        return "Saved as a draft. Readers see nothing of it yet."
    snapshot = read(form, press.cell.draft.snapshot if press.cell.draft else facts.of_cell(row))
    version = verbs.save_draft(row, press.edit, snapshot, note=note)
    if version.number == before:
        return ""
    press.number = version.number
    press.did(version.events.order_by("pk")[0])
    return f"Saved as version {version.number}, a draft."


def _approve_and_publish(press: CellPress) -> str:
    if "approve" not in press.done_before:
        press.told.append(actions.ACTIONS["approve"].run(press))
        press.did(press.row.events.latest("pk"))
    return press.run("publish", actions.ACTIONS["publish"].run)


def goes_whole(row: Suitability) -> bool:
    """Whether the cell goes with its draft: readers have never had it."""
    return row.live_id is None and not row.is_published


def _remove(press: CellPress) -> str:
    """Raises PermissionDenied for anyone who may not delete cells."""
    row, user = press.document, press.editor.user
    if user is None or not user.has_perm(DELETE):
        raise PermissionDenied
    with transaction.atomic():
        # As the admin does when it deletes: anyone who looks for the cell is told who deleted it.
        LogEntry.objects.log_actions(user.pk, [row], DELETION, single_object=True)
        verbs.remove(row, press.edit)
        pressed.keep(press.editor.press, press.now, GONE)
    return REMOVED


def _discard(press: CellPress) -> str:
    if goes_whole(press.document):
        return _remove(press)
    return actions.ACTIONS["discard"].run(press)


ACTIONS = {
    "save": CellAction(CHANGE, actions.ACTIONS["save"].run),
    "publish": CellAction(desk.PUBLISH, actions.ACTIONS["publish"].run),
    "schedule": CellAction(desk.PUBLISH, actions.ACTIONS["schedule"].run),
    "unschedule": CellAction(desk.PUBLISH, actions.ACTIONS["unschedule"].run, first=True),
    "unpublish": CellAction(desk.PUBLISH, actions.ACTIONS["unpublish"].run, first=True),
    "approve": CellAction(desk.REVIEW, actions.ACTIONS["approve"].run, goes_on=True),
    "approve_and_publish": CellAction(desk.REVIEW, _approve_and_publish, also=desk.PUBLISH, goes_on=True),
    "send_back": CellAction(desk.REVIEW, actions.ACTIONS["send_back"].run, saves=False, goes_on=True),
    "discard": CellAction(CHANGE, _discard, saves=False),
    "restore": CellAction(CHANGE, actions.ACTIONS["restore"].run, saves=False),
}
