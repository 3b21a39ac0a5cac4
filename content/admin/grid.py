"""The page of the matrix: a grid of cells, the chosen one under it, and the drafts that wait.

GET shows: `?cell=rolling.microneedling` opens a cell.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from clinic.foundation.generic import ModelAdmin
from content.admin import desk
from content.models import Suitability
from content.publishing import grid
from content.publishing.grid import Cell, Grid

VIEW, CHANGE = "content.view_suitability", "content.change_suitability"


def page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The grid. Raises PermissionDenied for whoever may not see the matrix, Http404 for a cell that is not there."""
    desk.require(request, VIEW, CHANGE, desk.REVIEW)
    shown = grid.of()
    context = {
        "grid": shown,
        "chosen": _chosen(shown, request.GET.get("cell", "")),
        "scores": [(score.value, score.label.lower()) for score in reversed(Suitability.Score)],
        "may_write": desk.user_of(request).has_perm(CHANGE),
    }
    return desk.shown(admin, request, "admin/content/suitability/grid.html", "Suitability", context)


def _chosen(shown: Grid, key: str) -> Cell | None:
    if not key:
        return None
    cell = shown.cell(key)
    if cell is None:
        raise Http404
    return cell
