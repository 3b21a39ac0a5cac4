"""The one page for anyone who wants to begin or continue a request while the clinic takes none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.client import typed


def page(request: HttpRequest, said: typed.Said | None = None, *, until: str = "") -> HttpResponse:
    """Says so, and whom to call; and everything that was filled in (`said`), kept until the hour `until`, or not at all."""
    response = render(request, "bookings/client/shut.html", {"said": said, "until": until})
    response.headers["Cache-Control"] = "no-cache"
    return response
