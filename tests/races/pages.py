"""What the crew does with pages. Every function here runs in a process of the crew and returns plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from clinic.foundation.written_once import lifted
from content.models import Page, PageEvent
from content.publishing import clock, obstacles, snapshots, verbs
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditConflict
from content.publishing.obstacles import Overrides
from content.publishing.snapshots import PageSnapshot
from tests.factories import NOW
from tests.races.crew import Seat

THEN = NOW + timedelta(hours=1)
ED = Editor("Ed")


@dataclass(frozen=True)
class Seen:
    """A page afterwards."""

    is_published: bool
    live: int
    planned: int
    events: tuple[str, ...]


def drafts(count: int) -> list[int]:
    """This many pages that readers have never had, and no others."""
    with lifted(PageEvent):
        for page in Page.objects.all():
            page.delete()
    return [
        verbs.add_page(
            Edit(ED, NOW),
            PageSnapshot("article", f"page-{n}", f"Page {n}", f"Page {n}", summary="One sentence."),
        ).pk
        for n in range(count)
    ]


def plan(count: int) -> None:
    """The same, each planned for the same moment."""
    for pk in drafts(count):
        page = Page.objects.get(pk=pk)
        keys = frozenset(
            obstacles.key(problem) for problem in obstacles.problems(snapshots.of(page), NOW.date())
        )
        verbs.schedule(
            page, Edit(ED, NOW, 1), publish_at=THEN, overrides=Overrides(keys, "Pages made for a race.")
        )


def publish_due(seat: Seat) -> int:
    """What a worker does each turn; how many went live."""
    return clock.publish_due(THEN)


def save_together(seat: Seat) -> list[str]:
    """All save every page based on what they saw, one page after another, each at the same moment."""
    outcomes = []
    for page in Page.objects.order_by("pk"):
        snapshot = replace(snapshots.of(page), title=f"By {seat.number}")
        seat.together()
        try:
            verbs.save_draft(page, Edit(ED, NOW, 1), snapshot)
            outcomes.append("saved")
        except EditConflict:
            outcomes.append("Conflict")
    return outcomes


def look() -> list[Seen]:
    """All pages as they are now."""
    return [
        Seen(
            page.is_published,
            page.live.number if page.live else 0,
            page.versions.to_publish().count(),
            tuple(page.events.order_by("pk").values_list("verb", flat=True)),
        )
        for page in Page.objects.order_by("pk")
    ]
