"""How long a web process goes on giving out the old page after an edit has been published elsewhere."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from django.utils import timezone

from benchmarks.client import Connection
from benchmarks.load import NotMeasured, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, row
from benchmarks.site import WORKERS, Site
from content.models import Page
from content.publishing import verbs
from content.publishing.edit import Edit, Editor
from content.publishing.snapshots import PageSnapshot
from tests import factories, world

PATH, PATIENCE = "/cookies/", 30  # seconds
NEVER, AFTER = 1.0, 1.5  # seconds: never stale for longer; and for so long all processes are asked


def measure(place: Place) -> list[Row]:
    """This process publishes, as another host would; every web process is asked without pause meanwhile."""
    database = place.copy("few")
    site = place.serve(database)
    with world.connected_to(database):
        stale = [_stale(site, f"Cookies, edition {number}") for number in range(place.rounds)]
    return [row("after an edit is published: old pages for", stale, "s", Goal(at_most=NEVER, aim=0))]


def _stale(site: Site, title: str) -> float:
    """Seconds from the commit until the last process has begun its last old answer. Raises NotMeasured."""
    _ask_all(site)
    _publish(title)
    published = last = time.perf_counter()
    met: set[str] = set()
    while time.perf_counter() < last + AFTER or len(met) < WORKERS:
        begun = time.perf_counter()
        worker, shown = _ask(site)
        met.add(worker)
        if shown != title:
            last = begun
        if begun > published + PATIENCE:
            raise NotMeasured(f"a web process still shows {shown!r}")
    return last - published


def _ask_all(site: Site) -> None:
    met: set[str] = set()
    while len(met) < WORKERS:
        met.add(_ask(site)[0])


def _ask(site: Site) -> tuple[str, str]:
    """Which web process answered, and the heading of its page."""
    _, head, body = Connection(site.port).answer(get(PATH).encode())
    worker = re.search(rb"X-Worker: (\d+)", head)
    heading = re.search(rb"<h1[^>]*>([^<]*)", body)
    if worker is None or heading is None:
        raise NotMeasured(f"{PATH} has no heading")
    return worker[1].decode(), heading[1].decode().strip()


def _publish(title: str) -> None:
    page = Page.objects.get(slug=PATH.strip("/"))
    newest = page.versions.kept().order_by("-number")[0]
    editor = Editor.staff(factories.staff("Ed Moss", is_superuser=True))
    changed = replace(PageSnapshot.from_data(newest.data), title=title)
    version = verbs.save_draft(page, Edit(editor, timezone.now()), changed)
    verbs.publish(page, Edit(editor, timezone.now(), version.number))
