"""Pages as bytes, compressed once, and the shelf that holds those of one edition and one stretch of the clinic's day."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from clinic.foundation import encodings
from content import limits
from content.ready.marks import Asked, Query, asked

# The smallest first.
_ENCODINGS = ("br", "gzip")


@dataclass(frozen=True)
class ReadyPage:
    """One answer: its headers, and its body plain ("") and compressed."""

    headers: Mapping[str, str]
    bodies: Mapping[str, bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values()))

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """200 in the smallest form that the browser reads; 304 if it has the page; nothing of it is this reader's own."""
        encoding = encodings.readable(request.META.get("HTTP_ACCEPT_ENCODING", ""), _ENCODINGS)
        response = HttpResponse(self.bodies[encoding], headers=dict(self.headers))
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return unless_known(request, response)


def made_ready(response: HttpResponse) -> ReadyPage:
    """The answer as it can be sent again. Tens of milliseconds: the smallest form is worth it once."""
    plain = response.content
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    headers |= {"ETag": etag(plain), "Vary": "Accept-Encoding"}
    bodies = {"": plain, "gzip": gzip.compress(plain, 9, mtime=0), "br": brotli.compress(plain)}
    return ReadyPage(headers, bodies)


def etag(content: bytes) -> str:
    """Weak: the same for every form that the same page is sent in."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response, or 304 without a body if the browser says that it has it."""
    return get_conditional_response(request, response.headers["ETag"], None, response) or response


class Shelf:
    """The ready pages of one edition, true from `since` until `until` (UTC, end excluded).

    Threads may put and take at the same time.
    """

    def __init__(self, token: str, since: datetime, until: datetime) -> None:
        self.token, self.since, self.until = token, since, until
        self._places: dict[str, tuple[Query, dict[Asked, ReadyPage]]] = {}
        self._size = 0
        self._lock = Lock()

    def has(self, path: str) -> bool:
        """Whether any page of this address is here."""
        return path in self._places

    def find(self, request: HttpRequest) -> ReadyPage | None:
        place = self._places.get(request.path_info)
        if place is None:
            return None
        query, pages = place
        return pages.get(asked(request, query))

    def put(self, request: HttpRequest, query: Query, pairs: Asked, page: ReadyPage) -> None:
        """`pairs`: what was asked for. A shelf that is full is emptied: its next readers fill it with what is read."""
        with self._lock:
            if self._size + page.size > limits.READY_BYTES:
                self._places, self._size = {}, 0
            pages = self._places.setdefault(request.path_info, (query, {}))[1]
            if pairs not in pages:
                self._size += page.size
            pages[pairs] = page
