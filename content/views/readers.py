"""What every view for readers does: it only reads, answers everybody alike, and is sent again only when it has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from content.ready.marks import kept
from content.text import phones
from content.views import shown

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """GET and HEAD only; kept as ready bytes. The view sees nothing of the query."""
    return require_safe(kept()(dials(view)))


def for_readers_who_choose(**query: Collection[str] | None) -> Callable[[View], View]:
    """The same for a view that reads these of the query: see `kept`."""

    def mark(view: View) -> View:
        return require_safe(kept(**query)(dials(view)))

    return mark


def dials(view: View) -> View:
    """Whoever an editor names to call can be called by a press: 999, 111, whom to talk to, and the clinic."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            numbers = shown.of(request).clinic.numbers
            response.content = phones.in_main(response.content.decode(), numbers).encode()
        return response

    return answer
