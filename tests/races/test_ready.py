"""A page that processes keep while an editor changes it: no reader of any process gets what was out before they asked."""

from __future__ import annotations

from tests.races import readers
from tests.races.crew import SIZE, Crew
from tests.races.show import show


def test_no_process_answers_with_an_older_page_than_was_out_when_it_was_asked(crew: Crew) -> None:
    crew.ask(readers.write)
    enough = crew.race(readers.edit_or_read, [()] * SIZE)
    show(crew, f"{readers.EDITS} edits under {SIZE - 1} readers", readers.READS * (SIZE - 1))
    for ready, drawn in enough[1:]:
        assert ready and drawn, "nobody got what is kept, so nothing was tried"
