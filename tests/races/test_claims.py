"""Many clients want the same times at the same moment: each time goes to exactly one of them, and the rest are told."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime

import pytest

from clinic.foundation.addresses import mailbox
from tests.races import jobs
from tests.races.crew import SIZE, Crew
from tests.races.jobs import Outcome
from tests.races.seen import Row, look, problems
from tests.races.show import FULL, SEED, show

Claims = list[tuple[str, datetime]]


def drawn(seed: int, claims: int, slots: int) -> Claims:
    """This many claims, each from its own address, on starts drawn at random."""
    draw = random.Random(seed)
    wanted = jobs.starts(slots)
    found = [(f"cleo{n}@example.org", draw.choice(wanted)) for n in range(claims)]
    assert {start for _, start in found} == set(wanted), "a time that nobody wants proves nothing"
    return found


def race(crew: Crew, claims: Claims, practitioner_id: int | None) -> list[Outcome]:
    """Share the claims out among the crew; return what each of them was told, in their order."""
    shares = [(claims[number::SIZE], practitioner_id) for number in range(SIZE)]
    told = crew.race(jobs.claim, shares, within=1800 if FULL else 300)
    outcomes: list[Outcome] = [told[n % SIZE][n // SIZE] for n in range(len(claims))]
    show(crew, f"{len(claims)} claims", len(claims))
    return outcomes


def held(rows: list[Row]) -> Counter[tuple[int, datetime]]:
    return Counter((time.practitioner, time.starts_at) for row in rows for time in row.occupied)


@pytest.mark.parametrize(("claims", "slots"), [(10_000, 500) if FULL else (160, 8)])
def test_each_time_goes_to_exactly_one_client(crew: Crew, claims: int, slots: int) -> None:
    ana = crew.ask(jobs.keys)[0][0]
    wanted = drawn(SEED, claims, slots)
    outcomes = race(crew, wanted, ana)

    # One was told yes and the rest "just taken"; nobody met an error or a lock.
    assert Counter(outcome.what for outcome in outcomes) == {"done": slots, "SlotTaken": claims - slots}
    assert all(outcome.nearest for outcome in outcomes if not outcome.is_done) or FULL

    rows: list[Row] = crew.ask(look)
    assert held(rows) == {(ana, start): 1 for start in jobs.starts(slots)}
    # No accepted request is lost, and no refused one left anything behind.
    assert sorted(row.reference for row in rows) == sorted(o.reference for o in outcomes if o.is_done)
    assert problems(rows) == []
    for row in rows:
        assert row.verbs == ["submit"]
        assert row.queued(["received"]) == ["received"]
        assert [time.state for time in row.times] == ["held"]


def test_any_practitioner_means_one_client_each(crew: Crew) -> None:
    slots, people = 20 if FULL else 8, crew.ask(jobs.keys)[0]
    outcomes = race(crew, drawn(SEED, 12 * slots, slots), None)

    assert Counter(outcome.what for outcome in outcomes) == {"done": 3 * slots, "SlotTaken": 9 * slots}
    rows: list[Row] = crew.ask(look)
    assert held(rows) == {(person, start): 1 for person in people for start in jobs.starts(slots)}
    assert problems(rows) == []


def test_one_address_never_holds_more_than_two_times(crew: Crew) -> None:
    """Nobody fills the calendar with one address, however fast. What is past the limit is kept without a hold."""
    starts = jobs.starts(3 * SIZE)
    rounds = [starts[first : first + SIZE] for first in range(0, len(starts), SIZE)]
    told = crew.race(jobs.hoard, [(rounds,)] * SIZE)

    assert {outcome.what for outcomes in told for outcome in outcomes} == {"done"}
    rows: list[Row] = crew.ask(look)
    assert len(rows) == len(starts)
    assert Counter(mailbox(row.email) for row in rows for _ in row.occupied) == {
        f"hoarder{number}@example.org": 2 for number in range(len(rounds))
    }
    assert problems(rows) == []
