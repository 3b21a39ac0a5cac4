"""What the crew does with a page that is kept. Every function here runs in a process of the crew and returns plain data."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import ClinicProfile, Edition, Page
from tests.races.crew import Seat

PATH = "/articles/kept/"
EDITS = 15
READS = 40


def write() -> None:
    """One article."""
    Edition.objects.get_or_create(pk=1)
    ClinicProfile.objects.get_or_create(pk=1)
    Page.objects.filter(slug="kept").delete()
    Page.objects.create(
        kind="article", slug="kept", title="Kept", menu_title="Kept", summary="Edit 0.", is_published=True
    )


def edit_or_read(seat: Seat) -> tuple[int, int]:
    """The first edits, one after another; all others read, as nobody and as somebody. Returns how often ready bytes were
    enough, and how often the rows that a process keeps.

    Raises AssertionError if a reader gets less than what was out when they asked.
    """
    reader, somebody = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    somebody.cookies["anything"] = "value"
    enough = {reader: 0, somebody: 0}
    if seat.number == 0:
        for number in range(1, EDITS + 1):
            Page.objects.filter(slug="kept").update(summary=f"Edit {number}.")
            reader.get(PATH)  # which takes as long as it takes the others
        return 0, 0
    for turn in range(READS):
        asking = somebody if turn % 2 else reader
        out = _number(Page.objects.values_list("summary", flat=True).get(slug="kept"))
        with CaptureQueriesContext(connection) as seen:
            content = asking.get(PATH).content.decode()
        enough[asking] += len(seen) == 1
        shown = _number(content.partition('<meta name="description" content="')[2])
        assert shown >= out, f"edit {out} was out, and a reader got {shown}"
    return enough[reader], enough[somebody]


def _number(text: str) -> int:
    return int(text.removeprefix("Edit ").partition(".")[0])
