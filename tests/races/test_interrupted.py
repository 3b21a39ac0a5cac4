"""The machine dies after a request is saved and before the client is told: sending again finds it, and nothing is taken."""

from __future__ import annotations

from tests.races import interruption
from tests.races.crew import Crew
from tests.races.seen import Row, look


def test_sending_again_after_a_crash_gives_the_same_request(crew: Crew) -> None:
    told: interruption.Told = crew.ask(interruption.send_and_send_again)
    # The first sending really died there, with its request saved and its time held.
    assert told.died
    assert told.marked
    rows: list[Row] = crew.ask(look)
    [row] = rows
    assert row.verbs == ["submit"]
    assert len(row.occupied) == 1
    assert row.queued(["received"]) == ["received"]
    # Looking at the times or sending again: the reference, and no word of a time that is taken.
    assert told.reference == row.reference
    assert [page for page in told.pages if row.reference not in page] == []
    assert [page for page in told.pages if "taken" in page or "not free" in page] == []
