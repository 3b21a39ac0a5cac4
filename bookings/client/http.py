"""What every view here answers with, and the limit that every form here counts against."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.client import attempts
from clinic.foundation.crypto import Unreadable
from clinic.foundation.responses import SeeOther

View = Callable[..., HttpResponse]


def get_or_post(view: View) -> View:
    """For every view that takes a form: GET, HEAD and POST alone, and a POST only while its network has some left.

    Answers that no key of this server opens (a draft's) are neither shown nor written over: a page of its own says so.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            now = timezone.now()
            if not attempts.may_send(request, now):
                return attempts.too_often(request, now)
        try:
            return view(request, *args, **kwargs)
        except Unreadable:
            return attempts.unopened(request, timezone.now())

    return limited


def redirect(address: str) -> SeeOther:
    """303 to `address`."""
    return SeeOther(address)
