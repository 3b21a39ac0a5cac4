"""What the crew does with forms of the admin. Every function here runs in a process of the crew and returns plain data."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from bookings.models import Practitioner
from tests import factories as make
from tests.content.html import filled
from tests.races.crew import Seat

Form = tuple[str, dict[str, Any]]


def _sue() -> Client:
    make.profile()
    client = Client(HTTP_HOST="localhost")
    client.force_login(make.staff("Sue Root", is_superuser=True))
    return client


def add(count: int) -> list[Form]:
    """This many forms for a new practitioner, as they were drawn."""
    Practitioner.objects.filter(name__startswith="Ula").delete()
    url, kind = "/admin/bookings/practitioner/add/", make.consultation_type().pk
    sue = _sue()
    return [(url, filled(sue, url) | {"name": f"Ula {n}", "consultation_types": kind}) for n in range(count)]


def rename() -> list[Form]:
    """A form for each of them, with another name and a row of time off."""
    row = {"starts_at": "5 Dec 2150 10:00", "ends_at": "5 Dec 2150 12:00"}
    typed = {f"time_off-0-{name}": value for name, value in row.items()}
    return [(url, filled(sue, url) | typed | {"name": f"{name} Reyes"}) for sue, name, url in _each("change")]


def delete() -> list[Form]:
    """A confirmation for each of them."""
    return [(url, filled(sue, url)) for sue, _, url in _each("delete")]


def _each(do: str) -> list[tuple[Client, str, str]]:
    sue, rows = _sue(), Practitioner.objects.filter(name__startswith="Ula").order_by("pk")
    return [(sue, row.name, f"/admin/bookings/practitioner/{row.pk}/{do}/") for row in rows]


def press(seat: Seat, forms: list[Form]) -> list[tuple[int, str]]:
    """All send every form, each at the same moment; where it led."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="sue"))
    answers = []
    for url, data in forms:
        seat.together()
        response = client.post(url, data)
        answers.append((response.status_code, response.headers.get("Location", "")))
    return answers


def look() -> dict[str, int]:
    """Each of them with how many rows of time off they have, and how often the name is there."""
    rows = Practitioner.objects.filter(name__startswith="Ula")
    names = Counter(row.name for row in rows)
    assert set(names.values()) <= {1}, names
    return {row.name: row.time_off.count() for row in rows}
