"""Floors: the least that an answer of this gunicorn costs, through the same middleware as every page of the site.

Rows are ratios to one of these, measured in the same run. They use nothing of the product but one model. `page` is as
heavy as the one that the goals were set by: `const` is four to five times as quick.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle, islice

from django.http import HttpRequest, HttpResponse
from django.template import loader

from content.models import ClinicProfile

_WORDS = (
    *(
        "skin",
        "scar",
        "light",
        "needle",
        "hour",
        "clinic",
        "visit",
        "answer",
        "week",
        "doctor",
        "price",
        "result",
    ),
    *(
        "cheek",
        "depth",
        "healing",
        "question",
        "morning",
        "plan",
        "colour",
        "sun",
        "cream",
        "treatment",
        "time",
    ),
)
SIZE = 10_240  # bytes


def _text(words: int, start: int = 0) -> str:
    return " ".join(islice(cycle(_WORDS), start, start + words))


CONST = f"<!doctype html><title>const</title><p>{_text(3000)}".encode()[:SIZE]
ITEMS = [
    {
        "number": number,
        "name": _text(4, number),
        "text": _text(24, number * 7),
        "on": date(2026, 1, 1) + timedelta(weeks=number),
        "price": number * 35.5,
        "new": number % 3 == 0,
    }
    for number in range(34)
]


def const(request: HttpRequest, number: int = 0) -> HttpResponse:
    """10 KB that are there already."""
    return HttpResponse(CONST)


def page(request: HttpRequest) -> HttpResponse:
    """10 KB out of a template that loops over 34 items, with a link, a date and a price each. Nothing of ours runs in it."""
    return HttpResponse(loader.render_to_string("floor_page.html", {"title": "Page", "items": ITEMS}))


def row(request: HttpRequest) -> HttpResponse:
    """One row of the database, as a model."""
    return HttpResponse(ClinicProfile.objects.get(pk=1).name)
