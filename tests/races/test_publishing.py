"""Two workers at one planned page, and editors who save the same page at the same moment: one winner, one event each."""

from __future__ import annotations

from collections import Counter

from tests.races import pages
from tests.races.crew import SIZE, Crew
from tests.races.show import FULL, show

PAGES = 24 if FULL else 8


def test_a_planned_page_goes_live_once_however_many_workers_look(crew: Crew) -> None:
    crew.ask(pages.plan, PAGES)
    told = crew.race(pages.publish_due, [()] * SIZE)
    show(crew, f"{PAGES} planned pages under {SIZE} workers", PAGES * SIZE)

    assert sum(told) == PAGES
    state: list[pages.Seen] = crew.ask(pages.look)
    assert len(state) == PAGES
    assert all(page.live == 1 and page.is_published and page.planned == 0 for page in state)
    assert {page.events for page in state} == {("add", "schedule", "publish")}


def test_of_those_who_save_at_once_one_is_first_and_the_others_are_told(crew: Crew) -> None:
    crew.ask(pages.drafts, PAGES)
    told = crew.race(pages.save_together, [()] * SIZE)
    show(crew, f"{PAGES} pages saved by {SIZE} editors at once", PAGES * SIZE)

    for outcomes in zip(*told, strict=True):
        assert Counter(outcomes) == {"saved": 1, "Conflict": SIZE - 1}
    state: list[pages.Seen] = crew.ask(pages.look)
    assert {page.events for page in state} == {("add", "save")}
