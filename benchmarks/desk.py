"""The desk's worklist: its statements, its processor time and its weight."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.test import Client

from benchmarks.in_process import browser, statements
from benchmarks.load import NotMeasured, Target, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio, row
from benchmarks.weight import first_visit
from tests import factories, world

WORKLIST = "/admin/bookings/consultationrequest/"


def measure(place: Place) -> list[Row]:
    """As the owner of the clinic sees it, who may do everything."""
    site = place.site()
    with world.connected_to(site.database):
        owner = signed_in()
        asked = len(statements(partial(_open, owner, WORKLIST)))
        cookie = session(owner)
    worklist = Target("worklist", site, [get(WORKLIST, Cookie=cookie)])
    found = place.measure(place.floor("page"), worklist)
    visit = first_visit(site, WORKLIST, cookie)
    return [
        row("worklist of 50 at 20,000 requests: SQL statements", [asked], "SQL", Goal(at_most=8, aim=6)),
        ratio(
            "worklist of 50 at 20,000 requests: CPU against page",
            found["worklist"].processor,
            found["page"].processor,
            Goal(at_most=4, aim=2),
        ),
        row("worklist of 50 at 20,000 requests: CPU an answer", found["worklist"].processor, "ms"),
        row("worklist, cold and compressed: weight", [visit.kilobytes], "KB", Goal(at_most=100, aim=60)),
        row("worklist, cold: requests", [visit.requests], ""),
    ]


def signed_in() -> Client:
    """A browser of the owner, signed in, in the database that is connected."""
    client = browser()
    client.force_login(factories.staff("Olive Stone", is_superuser=True))
    return client


def session(client: Client) -> str:
    """Its cookie, as the load sends it."""
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _open(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise NotMeasured(f"{path} was answered with {answer.status_code}")
