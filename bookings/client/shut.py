"""The one page for anyone who wants to begin or continue a request while the clinic takes none."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings.client import typed
from bookings.queries.clinic import Clinic, clinic
from clinic.foundation import when


def page(request: HttpRequest, typed_lines: typed.Lines | None = None, *, until: str = "") -> HttpResponse:
    """Says so, and whom to call; and everything that was filled in, kept until the hour `until`, or not at all."""
    now = timezone.now()
    place = clinic(now)
    context = {"typed_lines": typed_lines, "until": until, "shut": place.shut, "opens": _opens(place, now)}
    response = render(request, "bookings/client/shut.html", context)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _opens(place: Clinic, now: datetime) -> str:
    """'tomorrow, Tuesday 1 December', 'Monday 7 December': the day on which requests can begin again; empty if unknown."""
    if place.shut is None or place.shut.opens is None:
        return ""
    day, today = place.shut.opens, when.local_day(now, place.zone)
    words = when.date_words(day) + (f" {day.year}" if day.year != today.year else "")
    return f"tomorrow, {words}" if day == today + when.DAY else words
