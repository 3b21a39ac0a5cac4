"""What is refused before Django has begun: `wsgi.py` loads it first, so it imports nothing that needs the apps."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

REFUSED = "application/x-refused"


class CharsetGuard:
    """Comes before Django: a request may name no charset but UTF-8.

    Django tries the named one on the address while it makes the request, before any middleware: "hex" raises there,
    and "unicode_escape" turns checked text into NUL. What is refused here goes on as a body of no known kind, to be
    answered by CleanInputMiddleware with our own page.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_utf_8(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = REFUSED
        return self.application(environ, start_response)


def _is_utf_8(content_type: str) -> bool:
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        return codecs.lookup(charset).name == "utf-8"
    except (ValueError, LookupError):
        return False
