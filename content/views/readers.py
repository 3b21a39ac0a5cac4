"""What every view for readers does: it only reads, answers everybody alike, and is sent again only when it has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from content.ready.marks import kept

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """GET and HEAD only; kept as ready bytes. The view sees nothing of the query."""
    return require_safe(kept()(view))


def for_readers_who_choose(**query: Collection[str] | None) -> Callable[[View], View]:
    """The same for a view that reads these of the query: see `kept`."""

    def mark(view: View) -> View:
        return require_safe(kept(**query)(view))

    return mark
