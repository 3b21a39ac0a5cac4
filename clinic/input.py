"""Refuses, at the door, bytes that are not text: NUL and what is not UTF-8.

PostgreSQL raises on a NUL in any value, also in one that is only looked up (a session key, a user name, a slug), and that
would be a 500; SQLite hides it. A stray "%" in an address ("50%") is text, if clumsy, and passes as itself.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase

from clinic.errors import bad_request

NUL = "\0"


class CleanInputMiddleware:
    """Answers 400 to a request with NUL or broken UTF-8 in its path, query, form, file names, cookies or headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request) if is_clean(request) else bad_request(request)


def is_clean(request: HttpRequest) -> bool:
    """Whether everything this request carries is text. Reads the form, if there is one."""
    meta = request.META
    headers = (str(value) for name, value in meta.items() if name.startswith(("HTTP_", "CONTENT_")))
    return (
        NUL
        not in request.path_info  # Django has already spelled broken UTF-8 in a path as "%FF", which is text
        and _query_is_text(meta.get("QUERY_STRING", ""))
        and not any(NUL in header for header in headers)
        # A quoted cookie may spell NUL as "\000", which only shows once it is parsed.
        and not any(NUL in name or NUL in value for name, value in request.COOKIES.items())
        and _form_is_text(request)
    )


def _query_is_text(query: str) -> bool:
    try:
        return _quoted_is_text(query.encode("latin-1"))
    except UnicodeEncodeError:
        return False


def _quoted_is_text(raw: bytes) -> bool:
    try:
        return NUL not in unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return False


def _form_is_text(request: HttpRequest) -> bool:
    if request.method != "POST":
        return True
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            return _quoted_is_text(request.body)
        if request.content_type == "multipart/form-data":
            values = (text for name, entries in request.POST.lists() for text in (name, *entries))
            names = (upload.name or "" for _, uploads in request.FILES.lists() for upload in uploads)
            return not any(NUL in text for text in (*values, *names))
    except UnreadablePostError:  # the client hung up; nobody reads the answer
        return False
    return True
