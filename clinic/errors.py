"""The pages for what went wrong. While the database answers they have the site's frame: its name, menu and phone.

While it does not, and for a fault of ours, they come without, and read of the request only its number.
"""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from clinic import request_id
from clinic.foundation import failures, limits

log = logging.getLogger(__name__)


def _framed(
    request: HttpRequest, name: str, status: int, *, desk: bool = False, **headers: str
) -> HttpResponse:
    """In the site's frame. `desk`: the way on leads to the desk. Whatever keeps the frame away, its reader gets the page."""
    try:
        html = loader.render_to_string(name, _known(frame="framed.html", desk=desk), request)
    except Exception as error:
        why = type(error).__name__
        log.warning("The page for %s comes without its frame: %s", status, why, exc_info=settings.DEBUG)
        return _bare(name, status, desk=desk, **headers)
    return _response(html, status, headers)


def _bare(name: str, status: int, *, desk: bool = False, **headers: str) -> HttpResponse:
    return _response(loader.render_to_string(name, _known(frame="bare.html", desk=desk)), status, headers)


def _known(**known: str | bool) -> dict[str, str | bool]:
    number = request_id.current()
    return known if number == request_id.NONE else known | {"number": number}


def _response(html: str, status: int, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(html, status=status)
    for header, value in headers.items():
        response.headers[header.replace("_", "-")] = value
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read."""
    return _framed(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, but not allowed."""
    return _framed(request, "403.html", 403, desk=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, even for what this person may not know exists. The desk's are for its staff: others were asked to sign in."""
    return _framed(request, "404.html", 404, desk=request.path.startswith(settings.DESK_PATH))


def length_required(request: HttpRequest) -> HttpResponse:
    """411: a body whose length is not stated."""
    return _framed(request, "400.html", 411)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than is read at this address. Nothing of it was looked at."""
    return _framed(request, "413.html", 413)


class Counted(HttpResponse):
    """A page for a failure of ours. It is counted once the page has gone: the page itself needs no database."""

    def close(self) -> None:
        failures.count(failures.SITE)
        super().close()


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 with Retry-After while the database does not answer, which passes of its own accord."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return Counted(_bare("500.html", 500).content, status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the request is fine, but the site cannot answer just now."""
    return _bare("503.html", 503, Retry_After=str(limits.waits.RETRY_SECONDS))


def too_many_requests(request: HttpRequest, retry_seconds: int = 3600) -> HttpResponse:
    """429: a limit of ours is used up; says when it opens again, in seconds."""
    return _framed(request, "429.html", 429, Retry_After=str(retry_seconds))


def not_sure(request: HttpRequest) -> HttpResponse:
    """403: the form was not ours, too old, or came without its cookie. Says what to do."""
    return _framed(request, "csrf.html", 403)
