"""Visits of different lengths with buffers, offered, booked and moved by eight processes: no two ever overlap."""

from __future__ import annotations

from collections import Counter

from tests.races import intervals
from tests.races.crew import SIZE, Crew
from tests.races.seen import Row, look, problems
from tests.races.show import FULL, SEED, show


def test_no_two_intervals_overlap(crew: Crew) -> None:
    count = 80 if FULL else 8
    told = crew.race(intervals.juggle, [(count, SEED)] * SIZE)
    outcomes = Counter(outcome.what for outcomes in told for outcome in outcomes)
    show(crew, f"{outcomes.total()} offers, bookings and moves: {dict(outcomes)}", outcomes.total())

    # Both must happen often, or nothing was tried. Anything else would be an error.
    assert set(outcomes) == {"done", "SlotTaken"}
    assert min(outcomes.values()) > outcomes.total() / 10
    rows: list[Row] = crew.ask(look)
    assert problems(rows) == []
    assert {
        (time.blocks_until - time.blocks_from).seconds // 60 for row in rows for time in row.occupied
    } == {
        30,
        25,
        55,
        85,
    }
