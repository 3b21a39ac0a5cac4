"""A number for each request: in every line logged about it, in its answer, and on the page that says sorry.

So what a client reads out on the telephone leads to the lines. It is random and reveals nothing about anybody.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "X-Request-ID"
# Where gunicorn's access line finds it: the environ of a request outlives the request.
ENVIRON = "clinic.request_id"
NONE = "-"
# Digits and letters a to f, as proxies make them: neither a word nor a link's token can come in this way.
_WELL_FORMED = re.compile(r"[0-9a-f-]{8,64}")

_current: ContextVar[str] = ContextVar("request_id", default=NONE)


def current() -> str:
    """The number of the request that is being answered here; "-" outside of one, as in the worker."""
    return _current.get()


class RequestIdMiddleware:
    """Comes before all others, so that whatever they log and answer carries the number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = _given(request) or secrets.token_hex(4)
        request.META[ENVIRON] = number
        before = _current.set(number)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(before)
        response.headers[HEADER] = number
        return response


def _given(request: HttpRequest) -> str | None:
    """The number that our own proxy gave it. With no proxy in front, anybody could write that header."""
    number = request.headers.get(HEADER, "").lower()
    return number if settings.PROXY_HOPS and _WELL_FORMED.fullmatch(number) else None
