"""How often one network may send anything here, and the page that says so once it is too often.

Every form counts before it is read, right or wrong; readers of pages are never counted. Both numbers are far above what a
family, an office or a waiting room does. What a day allows (requests, new links) is counted elsewhere, when a form is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import limits
from bookings.client.phone_hours import opening
from clinic.foundation import throttle, when
from clinic.foundation.crypto import Unreadable
from clinic.foundation.network import client_address, network_of

_OURS = ("csrfmiddlewaretoken",)
View = Callable[..., HttpResponse]


def get_or_post(view: View) -> View:
    """For every view that takes a form: only GET, HEAD and POST, and POST only while its network has some left.

    A draft's answers that no key of this server opens are neither shown nor overwritten: a page of its own says so.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            now = timezone.now()
            if not may_send(request, now):
                return too_often(request, now)
        try:
            return view(request, *args, **kwargs)
        except Unreadable:
            return unopened(request, timezone.now())

    return wrapper


def may_send(request: HttpRequest, now: datetime) -> bool:
    """Count one form of the sender's network; False once they are used up."""
    return throttle.allow(
        "attempt",
        _network(request),
        limit=limits.floods.FORMS_PER_NETWORK,
        window=limits.floods.FORMS_WINDOW,
        now=now,
    )


def may_begin(request: HttpRequest, now: datetime) -> bool:
    """Count one request that the sender's network begins; False once they are used up."""
    return throttle.allow(
        "draft", _network(request), limit=limits.floods.DRAFTS_PER_NETWORK_HOUR, window=when.HOUR, now=now
    )


def too_often(
    request: HttpRequest, now: datetime, *, window: timedelta = limits.floods.FORMS_WINDOW, why: str = ""
) -> HttpResponse:
    """429: wait or call us. What was typed stands in the page's own form, so that the same can be sent again.

    `window` belongs to the limit that is used up: the page says how much of it is left. `why` replaces the sentence about a
    whole network.
    """
    seconds = math.ceil((throttle.opens(window, now) - now).total_seconds())
    wait = when.length(math.ceil(seconds / 60))
    context = {"typed": _typed(request), "wait": wait, "why": why, "opens": opening(now)}
    response = render(request, "bookings/client/too_often.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def unopened(request: HttpRequest, now: datetime) -> HttpResponse:
    """503: none of our keys opens the kept answers. What was typed just now can be sent again from here."""
    context = {"typed": _typed(request), "opens": opening(now)}
    response = render(request, "bookings/client/unopened.html", context, status=503)
    response.headers["Retry-After"] = "300"
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of everything in the form; nothing of one that only a program can have filled in."""
    pairs = [(name, value) for name, values in request.POST.lists() if name not in _OURS for value in values]
    long = sum(len(name) + len(value) for name, value in pairs) > limits.texts.TYPED_BACK_CHARACTERS
    return [] if long or len(pairs) > limits.texts.TYPED_BACK_FIELDS else pairs


def _network(request: HttpRequest) -> str:
    return network_of(client_address(request))
