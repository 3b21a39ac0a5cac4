"""The one page for anyone who wants to begin or continue a request while the clinic takes none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.client import typed


def page(request: HttpRequest, typed_lines: typed.Lines | None = None, *, until: str = "") -> HttpResponse:
    """Says so, and whom to call; and everything that was filled in, kept until the hour `until`, or not at all."""
    response = render(request, "bookings/client/shut.html", {"typed_lines": typed_lines, "until": until})
    response.headers["Cache-Control"] = "no-cache"
    return response
