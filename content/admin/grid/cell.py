"""One cell of the matrix: what readers see beside what is typed, and a button for everything that can be done.

A draft that waits opens for its reviewer as a comparison, for everybody else as a form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import BoundField
from django.http import Http404, HttpRequest

from clinic.foundation import press as pressed
from clinic.foundation import when
from clinic.foundation.text import id_in
from content import limits
from content.admin import actions, desk
from content.admin.grid.actions import (
    ABOUT,
    ACTIONS,
    ADD,
    CHANGE,
    DELETE,
    CellAction,
    CellPress,
    goes_whole,
    saved,
)
from content.admin.grid.forms import CellActionForm, QuickForm, initial
from content.admin.grid.words import Side, in_words, sides
from content.admin.press import Sent
from content.models import Page, Source, Suitability, Version
from content.publishing import core, facts, history, obstacles, review_dates, states
from content.publishing.check import Problem
from content.publishing.edit import Editor
from content.publishing.errors import EditConflict, EditRefused, PublishingError
from content.publishing.facts import CellSnapshot
from content.publishing.grid import Cell, Grid
from content.publishing.history import Told
from content.publishing.reviewer import person_of


@dataclass
class Answer(Sent):
    """The same of a cell: with what others changed meanwhile."""

    theirs: list[Side] = field(default_factory=list)


@dataclass(frozen=True)
class Listed:
    """What the check has found, with a tick to let it pass."""

    problem: Problem
    key: str
    ticked: bool


@dataclass(frozen=True)
class CheckedField:
    """A field of the form with what the check says of it."""

    field: BoundField
    found: list[Listed]


Found = dict[str, list[Listed]]  # by the name of the field


def panel(
    request: HttpRequest, grid: Grid, cell: Cell, answer: Answer | None, now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """Everything that the cell's part of the page shows."""
    user, row, titles = desk.user_of(request), _row(cell), _titles()
    stored = facts.of_cell(row) if row is not None else CellSnapshot()
    live = stored if cell.readers else None
    newest = cell.draft.snapshot if cell.draft else stored
    reviewer = person_of(Editor.staff(user))
    may_write = user.has_perm(CHANGE if row else ADD)
    reviewing = _opens_for_review(request, cell, answer, may_write and not reviewer)
    # Somebody who may only add, and came second, gets back what they typed.
    typed = answer is not None and answer.form is not None
    found = _found(cell, newest, answer, now, zone)
    return {
        "cell": cell,
        "row": row,
        "state": states.of(row, zone) if row else None,
        "live": in_words(live, titles) if live else [],
        "changed": sides(live, newest, titles) if cell.draft else [],
        "asked": _checked_fields(answer, row, newest, found)
        if (may_write or typed) and not reviewing
        else [],
        "found": [each for listed in found.values() for each in listed],
        "action_form": answer.action_form
        if answer
        else CellActionForm(initial={"next_review": _next_review(now, zone)}),
        "answer": answer,
        "reviewer": reviewer,
        "may_write": may_write,
        "may_publish": user.has_perm(desk.PUBLISH),
        "may_discard": row is not None and (not goes_whole(row) or user.has_perm(DELETE)),
        "unlinked": user.has_perm(desk.REVIEW) and reviewer is None,
        "pages": _pages(cell),
        "told": _told(row, zone),
        "versions": list(row.versions.defer("data")[: limits.CELL_HISTORY_LISTED]) if row else [],
        "next": grid.after(cell.key),
    }


def _next_review(now: datetime, zone: ZoneInfo) -> date:
    """What a reviewer is offered as the day by which the cell is to be checked again."""
    return review_dates.next_date(None, when.local_day(now, zone))


def _opens_for_review(request: HttpRequest, cell: Cell, answer: Answer | None, writes_only: bool) -> bool:
    """Whether the draft is shown as a comparison: not to somebody who only writes or who asked for the form."""
    wants_form = "edit" in request.GET or (answer is not None and answer.form is not None)
    return cell.draft is not None and not writes_only and not wants_form


def _checked_fields(
    answer: Answer | None, row: Suitability | None, newest: CellSnapshot, found: Found
) -> list[CheckedField]:
    """The form: as typed, or as it opens. A new cell opens without a score."""
    first = initial(newest) if row else {}
    form = answer.form if answer and answer.form else QuickForm(initial=first)
    return [CheckedField(form[name], found.get(name, [])) for name in form.fields]


def run(request: HttpRequest, grid: Grid, cell: Cell, now: datetime, zone: ZoneInfo) -> Answer | Cell:
    """Call the verb of the pressed button. Gives the cell to show next, or what stood in the way.

    Raises Http404 for a button that there is not, PermissionDenied for one that is not this person's.
    """
    name = request.POST.get("do", "")
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    user = desk.user_of(request)
    number, _, event = request.POST.get("seen", "").partition("-")
    if not all(user.has_perm(right) for right in _rights(action, cell, id_in(number))):
        raise PermissionDenied
    answer = Answer(
        _typed(request, cell, id_in(number)), CellActionForm(request.POST), ticked=_ticked(request)
    )
    editor = Editor.staff(user, pressed.of(request, user))
    row = _row(cell) or Suitability(concern=cell.concern, treatment=cell.treatment)
    press = CellPress(request, row, editor, now, zone, id_in(number), id_in(event), cell=cell)
    started_from = press.number
    try:
        done = press.perform(name, action, answer, saved)
    except EditConflict as error:
        answer.problem = _too_late(error, press, answer)
        answer.theirs = _theirs(press, started_from, error)
    except EditRefused as error:
        _place(answer, error)
    except PublishingError as error:
        answer.problem = str(error)
    else:
        if done:
            messages.success(request, actions.joined([f"{cell.title}:", *press.told]))
            return (_next(grid, press) if action.goes_on else None) or cell
    # What was done before something stood in the way is done all the same.
    for sentence in filter(None, press.told):
        messages.success(request, sentence)
    return answer


def _adds(cell: Cell, number: int) -> bool:
    """Whether a save adds a cell, or would have if somebody had not been faster: no verb takes a 0 for a version."""
    return cell.row is None or number == 0


def _rights(action: CellAction, cell: Cell, number: int) -> tuple[str, ...]:
    """What the button needs."""
    adds = action.saves and _adds(cell, number)
    return tuple(ADD if adds and right == CHANGE else right for right in action.needs)


def _next(grid: Grid, press: CellPress) -> Cell | None:
    """The next draft that waits for a reviewer: after a second press the one that the first led to."""
    key, tip = press.cell.key, core.newest(press.row)
    if press.done_before and tip is not None:
        others = [each for each in grid.waiting if each.draft and each.key != key]
        later = [each for each in others if each.draft and each.draft.version.saved_at > tip.saved_at]
        return next(iter(later or others), None)
    return grid.after(key)


def _too_late(error: EditConflict, press: CellPress, answer: Answer) -> str:
    """What somebody is told who came second: with a form or without one, and with something of their own done or not."""
    if answer.form is None:
        return f"{error} Nothing was done. Look at what it says now, and press again if you still mean it."
    after = "What you typed is still here."
    if desk.user_of(press.request).has_perm(CHANGE):
        after = f"{after} Saving now puts yours on top of theirs."
    # Once something of the press is done, the last event is the person's own.
    if any(press.told):
        return f"Somebody else changed this cell while you had it open. {after}"
    return f"{error} Nothing of yours is saved. {after}"


def _place(answer: Answer, error: EditRefused) -> None:
    """A refusal beside the field that it is about, or above the form."""
    name = ABOUT.get(error.code)
    if name is None:
        answer.problem = str(error)
    else:
        answer.action_form.add_error(name, str(error))


def _typed(request: HttpRequest, cell: Cell, number: int) -> QuickForm | None:
    """The cell's form as it was sent, or None if none was sent, or by somebody who may not write."""
    may = desk.user_of(request).has_perm(ADD if _adds(cell, number) else CHANGE)
    return QuickForm(request.POST) if may and "reason_code" in request.POST else None


def _ticked(request: HttpRequest) -> frozenset[str]:
    return frozenset(request.POST.getlist("override"))


def _theirs(press: CellPress, number: int, error: EditConflict) -> list[Side]:
    """What the others changed since the version that this person started from, or have made where there was no cell."""
    seen = press.document.versions.filter(number=number).first()
    return sides(_said(seen) if seen else CellSnapshot(), _said(error.version), _titles())


def _said(version: Version) -> CellSnapshot:
    return CellSnapshot.from_data(version.data)


def _titles() -> dict[str, str]:
    return dict(Source.objects.values_list("code", "title"))


def _row(cell: Cell) -> Suitability | None:
    """The cell's whole row: the grid reads only what it shows."""
    if cell.row is None:
        return None
    rows = Suitability.objects.select_related("concern", "treatment", "live", "reviewed_by")
    return rows.filter(pk=cell.row.pk).first()


def _found(cell: Cell, snapshot: CellSnapshot, answer: Answer | None, now: datetime, zone: ZoneInfo) -> Found:
    """What the check finds in the draft, under the names of the fields of the form. Nothing in what readers have."""
    if cell.draft is None:
        return {}
    ticked = answer.ticked if answer else ()
    by_field: Found = {}
    for problem in obstacles.problems(snapshot, when.local_day(now, zone)):
        key = obstacles.key(problem)
        by_field.setdefault(problem.field, []).append(Listed(problem, key, key in ticked))
    return by_field


def _pages(cell: Cell) -> list[Page]:
    """The pages that show what the cell says."""
    about = Q(concerns=cell.concern) | Q(treatments=cell.treatment)
    return list(Page.objects.published().filter(about).distinct())


def _told(row: Suitability | None, zone: ZoneInfo) -> list[Told]:
    if row is None:
        return []
    events = row.events.select_related("version").defer("version__data")[: limits.CELL_HISTORY_LISTED]
    return [history.told(event, zone) for event in events]
