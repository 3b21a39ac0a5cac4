"""Answers a page for readers from ready bytes: after every check of what was asked, before sessions and everything personal.

It stands where https, the host, the body and the text of a request have been looked at, and where all headers are still to
come, so a ready page differs from a drawn one in its cost alone. Who gets one, and what is kept, is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from content.display import week
from content.models import ClinicProfile
from content.ready import edition, marks, shelf
from content.ready.shelf import Shelf

# Cookies with which a reader is still anybody. With any other, ours or not, the page is drawn: a session, a draft.
HARMLESS_COOKIES = frozenset(
    {settings.CSRF_COOKIE_NAME, settings.KNOWN_COOKIE_NAME, settings.TRUSTED_COOKIE_NAME}
)
# Where a request keeps the shelf that its page is put on, and what it asked for.
_SHELF = "clinic.ready.shelf"


class ReadyMiddleware:
    """Comes after the host's check and before sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("whoever changes a template wants to see it")
        self.get_response = get_response
        self._shelf: Shelf | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        held = self._shelf
        # The probes and private pages are on no shelf, so nothing is asked of the database for them.
        if held and held.has(request.path_info) and gets_ready(request):
            current = self._current()
            page = current.find(request) if current else None
            if page:
                return page.answer(request)
        return self._drawn(request, self.get_response(request))

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """Just before the page is drawn: which edition it belongs to. What changes meanwhile can only make it newer."""
        query = marks.query_of(view)
        if query is not None and gets_ready(request):
            request.META[_SHELF] = (self._current(), query, marks.asked(request, query))

    def _drawn(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The drawn page with its ETag, and kept if it may be."""
        if not (isinstance(response, HttpResponse) and is_same_for_all(response)):
            return response
        current, query, pairs = request.META.pop(_SHELF, (None, {}, ()))
        if current is None:
            response.headers["ETag"] = shelf.etag(response.content)
            return shelf.unless_known(request, response)
        page = shelf.made_ready(response)
        current.put(request, query, pairs, page)
        return page.answer(request)

    def _current(self) -> Shelf | None:
        """The shelf of the edition that is out; a new one after a change, at the clinic's midnight, and whenever
        it opens or closes.

        None within a transaction: what is seen there may be a draft, and never become true.
        """
        if connection.in_atomic_block:
            return None
        token, held = edition.token(), self._shelf
        if token is None:
            return None
        now = timezone.now()
        if held is None or held.token != token or not held.since <= now < held.until:
            # Another zone, and other hours, are another edition.
            held = self._shelf = Shelf(token, *week.unchanged(ClinicProfile.current(), now))
        return held


def gets_ready(request: HttpRequest) -> bool:
    """Whether this reader may be answered with what anybody else was answered with, and the other way round."""
    return (
        request.method in ("GET", "HEAD")
        and request.path == request.path_info  # under another root, its links would be others
        and ("HTTP_COOKIE" not in request.META or HARMLESS_COOKIES.issuperset(request.COOKIES))
    )


def is_same_for_all(response: HttpResponse) -> bool:
    """Whether it is a whole page of a marked view that neither said otherwise nor read anything of one reader."""
    return (
        response.status_code == 200
        and response.headers.get("Cache-Control") == marks.KEPT
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not response.has_header("Content-Encoding")
        and not response.cookies
        and not response.has_header("Vary")  # whatever it differs by, the shelf does not ask for it
    )
