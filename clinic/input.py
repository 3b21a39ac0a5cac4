"""What is refused at the door, before anything is parsed or looked up: bodies too large, and bytes that are not text.

PostgreSQL raises on a NUL in any value, even in one that is only looked up (a session key, a user name, a slug), and that
would be a 500; SQLite hides it. A stray "%" in an address ("50%") is text, if clumsy, and passes as itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import reverse

from clinic.charset import REFUSED
from clinic.errors import bad_request, length_required, too_large
from clinic.foundation import limits

NUL = "\0"


class BodyLimitMiddleware:
    """Answers 413 to a body that is larger than its address takes, whether or not there is a page or the method is allowed.

    Only Content-Length is believed: Django reads no further than it says. A body that comes without one (chunked) is not
    read at all and answered with 411, because browsers and proxies never send a form like that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return length_required(request)
        length, most = request.META.get("CONTENT_LENGTH") or "0", most_bytes(request.path_info)
        if not (length.isascii() and length.isdigit()):
            return bad_request(request)  # Django would read on endlessly, or fail
        return refused(request, most) if _longer(length, most) else self.get_response(request)


def most_bytes(path: str) -> int:
    """How large a body sent to this address may be, in bytes."""
    if any(re.fullmatch(pattern, path) for pattern in settings.UPLOAD_PATHS):
        return limits.bodies.UPLOAD_BODY_BYTES
    return (
        limits.bodies.DESK_BODY_BYTES
        if path.startswith(settings.DESK_PATH)
        else limits.bodies.PUBLIC_BODY_BYTES
    )


def _longer(length: str, most: int) -> bool:
    # As digits first: Python takes its time over a number with thousands of them, and then refuses it.
    return len(length.lstrip("0")) > 15 or int(length) > most


def refused(request: HttpRequest, most: int) -> HttpResponseBase:
    """The answer to a body of more than `most` bytes, after part of it has been read. Nothing is kept."""
    left = most * limits.bodies.BODY_THROWN_AWAY_TIMES
    try:
        while left > 0 and (chunk := request.read(min(left, 64 * 1024))):
            left -= len(chunk)
    except UnreadablePostError:  # the sender hung up
        pass
    return too_large(request)


class CleanInputMiddleware:
    """Answers 400 to a request with NUL or broken UTF-8 in its path, query, form, file names, cookies or headers.

    The form is read only once a page is found: none of it is parsed for an address that leads nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request) if _head_is_text(request) else bad_request(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        """Before any other middleware or the page itself reads the form."""
        if _longer(
            request.META.get("CONTENT_LENGTH") or "0", limits.bodies.DESK_BODY_BYTES
        ) and not _is_staff(request):
            return _not_signed_in(request)
        return None if _form_is_text(request) else bad_request(request)


def _not_signed_in(request: HttpRequest) -> HttpResponseBase:
    """Uploads are for people signed in: a stranger's file is not even put on the disk. The sign-in page says so."""
    refused(request, limits.bodies.DESK_BODY_BYTES)
    query = urlencode({"next": request.get_full_path(), "lost": "upload"})
    return HttpResponseRedirect(f"{reverse('admin:login')}?{query}")


def _is_staff(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_active and user.is_staff


def _head_is_text(request: HttpRequest) -> bool:
    meta = request.META
    headers = (str(value) for name, value in meta.items() if name.startswith(("HTTP_", "CONTENT_")))
    return (
        NUL
        not in request.path_info  # Django has already spelled broken UTF-8 in a path as "%FF", which is text
        and request.content_type != REFUSED
        and _query_is_text(meta.get("QUERY_STRING", ""))
        and not any(NUL in header for header in headers)
        # A quoted cookie may spell NUL as "\000", which only shows once it is parsed.
        and not any(NUL in name or NUL in value for name, value in request.COOKIES.items())
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
