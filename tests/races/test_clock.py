"""Several workers look at the clock at the same moment: what is due is done once, by whichever of them was first."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bookings.states import Status
from tests.factories import NOW
from tests.races import jobs, moves
from tests.races.crew import SIZE, Crew
from tests.races.seen import Row, look, problems
from tests.races.show import FULL, show

EACH = 24 if FULL else 8  # requests of each kind: one for each clock
# By then every hold, offer and question of the prepared requests has run out.
LATER = NOW + timedelta(days=10)

# By then what led to no visit, or stayed open, is erased.
MUCH_LATER = NOW + timedelta(days=300)


def prepare(crew: Crew) -> dict[str, list[int]]:
    """Requests whose hold, offer or question runs out, and as many that time must leave alone; keys by state."""
    made: dict[str, list[int]] = {}
    for place, status in enumerate((Status.NEW, Status.OFFERED, Status.WAITING, Status.CONFIRMED)):
        numbered = list(enumerate(jobs.starts(4 * EACH)[place::4]))
        told = crew.race(moves.prepare, [(status, numbered[seat::SIZE]) for seat in range(SIZE)])
        made[status] = [key for some in told for _, key in some]
    return made


@pytest.mark.parametrize("rounds", [1, 3], ids=["once", "again and again"])
def test_what_is_due_is_done_once(crew: Crew, rounds: int) -> None:
    made = prepare(crew)
    told = crew.race(jobs.tick, [(LATER, rounds)] * SIZE)
    show(crew, f"eight clocks, {4 * EACH} requests, {rounds} rounds")

    done = sum((Counter(some) for some in told), Counter[str]())
    # Each was told how many it did itself, and together that is what was due: nothing twice, nothing left out.
    assert (done["released"], done["lapsed"]) == (EACH, 2 * EACH)
    rows: dict[int, Row] = {row.key: row for row in crew.ask(look)}
    for status, last in ((Status.NEW, "release_time"), (Status.OFFERED, "lapse"), (Status.WAITING, "lapse")):
        for key in made[status]:
            assert rows[key].verbs.count(last) == 1
            assert rows[key].verbs[-1] == last
    assert all(rows[key].status == Status.CONFIRMED for key in made[Status.CONFIRMED])
    assert problems(rows.values()) == []


def test_each_client_whose_offer_ran_out_is_told_once_and_erased_once_in_the_end(crew: Crew) -> None:
    made = prepare(crew)
    crew.race(jobs.tick, [(LATER, 2)] * SIZE)
    for row in crew.ask(look):
        due = row.key in (*made[Status.OFFERED], *made[Status.WAITING])
        assert row.queued(["lapsed"]) == (["lapsed"] if due else [])

    told = crew.race(jobs.tick, [(MUCH_LATER, 2)] * SIZE)
    gone = {key for status in (Status.NEW, Status.OFFERED, Status.WAITING) for key in made[status]}
    assert sum(some["erased"] for some in told) == len(gone)
    for row in crew.ask(look):
        assert row.verbs.count("erase") == (row.key in gone)
        assert row.verbs[-1] == "erase" or row.key not in gone
