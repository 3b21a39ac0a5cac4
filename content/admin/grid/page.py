"""The page of the matrix: a grid of cells, the chosen one under it, and the drafts that wait.

GET shows: `?cell=rolling.microneedling` opens a cell, `?change=scores` draws a choice into every cell. POST does what a
button says and leads back here with 303, or comes back with what was typed and the reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from clinic.foundation import press as pressed
from clinic.foundation.generic import ModelAdmin
from clinic.foundation.responses import SeeOther
from content import limits
from content.admin import desk
from content.admin.grid import cell as one
from content.admin.grid import scores
from content.admin.grid.actions import CHANGE
from content.admin.grid.scores import Outcome
from content.models import ClinicProfile, Suitability
from content.publishing import grid
from content.publishing.edit import Edit, Editor
from content.publishing.grid import STATES, Cell, Grid

VIEW = "content.view_suitability"


def page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The grid. Raises PermissionDenied for anyone who may not see the matrix, Http404 for a cell that is not there."""
    desk.require(request, VIEW, CHANGE, desk.REVIEW)
    shown, now, zone = grid.of(), timezone.now(), ClinicProfile.current().zone
    if request.method == "POST" and request.POST.get("do") == "scores":
        return _several(admin, request, shown, now, zone)
    chosen, answer = _chosen(shown, request.GET.get("cell", "")), None
    if request.method == "POST":
        if chosen is None:
            raise Http404
        result = one.run(request, shown, chosen, now, zone)
        if isinstance(result, Cell):
            return SeeOther(address(result.key))
        shown, answer = grid.of(), result
        chosen = _chosen(shown, chosen.key)
    if "change" in request.GET and desk.user_of(request).has_perm(CHANGE):
        return _drawn(admin, request, shown, {"lines": _lines(shown, Outcome())})
    context = one.panel(request, shown, chosen, answer, now, zone) if chosen else {}
    return _drawn(admin, request, shown, context)


def address(key: str) -> str:
    """Where a cell is open."""
    return f"{reverse('admin:content_suitability_changelist')}?{urlencode({'cell': key})}#cell"


def _several(
    admin: ModelAdmin, request: HttpRequest, shown: Grid, now: datetime, zone: ZoneInfo
) -> HttpResponse:
    """A draft for every score that was changed. What somebody else changed meanwhile comes back, with what was chosen."""
    desk.require(request, CHANGE)
    note = scores.NoteForm(request.POST)
    if not note.is_valid():
        outcome = Outcome(refused={each.key: (each.score, "") for each in scores.read(request.POST)})
    else:
        user = desk.user_of(request)
        edit = Edit(Editor.staff(user, pressed.of(request, user)), now)
        words = note.cleaned_data["note"]
        outcome = scores.keep(shown, scores.read(request.POST), edit, note=words)
        _tell(request, outcome)
        if not outcome.refused:
            return SeeOther(reverse("admin:content_suitability_changelist"))
    shown = grid.of()
    context = {"lines": _lines(shown, outcome), "outcome": outcome, "note": note}
    return _drawn(admin, request, shown, context)


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    count = len(outcome.kept)
    if count:
        names = "; ".join(cell.title for cell in outcome.kept[:5])
        more = f" and {count - 5} more" if count > 5 else ""
        drafts = "1 score is a draft now" if count == 1 else f"{count} scores are drafts now"
        messages.success(request, f"{drafts}: {names}{more}. Readers see no change yet.")
    elif not outcome.refused:
        messages.info(request, "No score was changed.")


def _chosen(shown: Grid, key: str) -> Cell | None:
    if not key:
        return None
    cell = shown.cell(key)
    if cell is None:
        raise Http404
    return cell


def _lines(shown: Grid, outcome: Outcome) -> list[Any]:
    """The grid with a choice in every cell: groups of (concern, [(cell, its picker or None)])."""
    return [
        [(line.concern, [(cell, scores.picker(cell, outcome)) for cell in line.cells]) for line in group]
        for group in shown.groups
    ]


def _drawn(admin: ModelAdmin, request: HttpRequest, shown: Grid, context: dict[str, Any]) -> HttpResponse:
    user = desk.user_of(request)
    drafts = shown.drafts
    states = {cell.draft.state for cell in drafts if cell.draft}
    context = {
        "grid": shown,
        "drafts": drafts,
        "listed": drafts[: limits.GRID_DRAFTS_LISTED],
        "more": len(drafts[limits.GRID_DRAFTS_LISTED :]),
        "states": [(state, means) for state, means in STATES.items() if state in states],
        "scores": [(score.value, score.label.lower()) for score in reversed(Suitability.Score)],
        "may_change": user.has_perm(CHANGE),
        "note": scores.NoteForm(),
        **context,
    }
    return desk.shown(admin, request, "admin/content/suitability/grid.html", "Suitability", context)
