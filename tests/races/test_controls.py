"""The races can be lost: with the walls down, each of them is. And each wall holds alone.

If one of the first five fails, the other races prove nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.factories import NOW
from tests.races import intervals, jobs, moves
from tests.races.conftest import without
from tests.races.crew import SIZE, Crew
from tests.races.jobs import Outcome
from tests.races.seen import Row, look, overlaps, problems
from tests.races.show import SEED, show
from tests.races.walls import LOCK, RECHECK, SWAP

NO_OVERLAP = "appointments_do_not_overlap"
ATTEMPTS = 12
ONLY_POSTGRESQL = pytest.mark.parametrize("migrated", ["postgresql"], indirect=True)


def walls_of(crew: Crew) -> Collection[str]:
    """What keeps two transactions apart, beside the database's own rule.

    On PostgreSQL it is the lock: without it, both look and both see a free time. SQLite lets one writer in at a
    time, so there only a writer that does not look can do harm.
    """
    return [LOCK] if crew.is_postgresql else [RECHECK]


def until(crew: Crew, attempt: Callable[[int], bool], what: str) -> None:
    """Repeat until the harm shows. Fails when it never does."""
    for number in range(1, ATTEMPTS + 1):
        if attempt(number):
            show(crew, f"control: {what} in attempt {number}")
            return
    raise AssertionError(f"with the walls down, {what} should have appeared in {ATTEMPTS} attempts")


def claims(crew: Crew, starts: list[datetime], walls: Collection[str]) -> list[Outcome]:
    told = crew.race(jobs.claim_together, [(starts, walls)] * SIZE)
    return [outcome for outcomes in told for outcome in outcomes]


def test_without_constraint_and_lock_claims_overlap(crew: Crew) -> None:
    starts = jobs.starts(ATTEMPTS * 4)

    def attempt(number: int) -> bool:
        claims(crew, starts[number * 4 - 4 : number * 4], walls_of(crew))
        return bool(overlaps(crew.ask(look)))

    with without(crew, NO_OVERLAP):
        until(crew, attempt, "an overlap")


def test_without_constraint_and_lock_intervals_overlap(crew: Crew) -> None:
    def attempt(number: int) -> bool:
        # A full calendar refuses nearly everything, so each attempt begins with an empty one.
        crew.ask(intervals.clear)
        crew.race(intervals.juggle, [(4, SEED + number, walls_of(crew))] * SIZE)
        return bool(overlaps(crew.ask(look)))

    with without(crew, NO_OVERLAP):
        until(crew, attempt, "an overlap")


@ONLY_POSTGRESQL
def test_without_the_swap_two_people_both_decide(crew: Crew) -> None:
    def attempt(number: int) -> bool:
        numbered = list(enumerate(jobs.starts(number * 16)[-16:]))
        made = crew.race(moves.prepare, [("new", numbered[seat::SIZE]) for seat in range(SIZE)])
        rounds = [(key, key) for some in made for _, key in some]
        shares = [
            (rounds[seat // 2 :: SIZE // 2], "Dee confirms", "Fay declines", True, [SWAP])
            for seat in range(SIZE)
        ]
        crew.race(moves.meet, shares)
        return bool(problems(crew.ask(look)))

    with without(crew, "one_event_a_version"):
        until(crew, attempt, "a request both confirmed and declined")


@ONLY_POSTGRESQL
def test_without_the_swap_several_clocks_do_it_twice(crew: Crew) -> None:
    def attempt(number: int) -> bool:
        numbered = list(enumerate(jobs.starts(number * 16)[-16:]))
        crew.race(moves.prepare, [("offered", numbered[seat::SIZE]) for seat in range(SIZE)])
        crew.race(jobs.tick, [(NOW + timedelta(days=10), 1, [SWAP])] * SIZE)
        return bool(problems(crew.ask(look)))

    with without(crew, "one_event_a_version"):
        until(crew, attempt, "an offer that lapsed twice")


@ONLY_POSTGRESQL
def test_without_the_unique_draft_a_double_click_is_two_requests(crew: Crew) -> None:
    def attempt(number: int) -> bool:
        forms = [(UUID(int=number * 100 + n), None, ["The same."] * SIZE) for n in range(8)]
        crew.race(jobs.send, [(forms,)] * SIZE)
        return len(crew.ask(look)) > 8 * number

    with without(crew, "bookings_consultationrequest_draft_id_key"):
        until(crew, attempt, "a second request of one form")


def exactly_one_each(crew: Crew, outcomes: list[Outcome], starts: list[datetime]) -> None:
    rows: list[Row] = crew.ask(look)
    assert problems(rows) == []
    assert Counter(time.starts_at for row in rows for time in row.occupied) == dict.fromkeys(starts, 1)
    assert sum(outcome.is_done for outcome in outcomes) == len(starts)


def test_the_constraint_holds_alone(crew: Crew) -> None:
    starts = jobs.starts(6)
    exactly_one_each(crew, claims(crew, starts, [LOCK, RECHECK]), starts)


def test_lock_and_second_look_hold_without_the_constraint(crew: Crew) -> None:
    starts = jobs.starts(6)
    with without(crew, NO_OVERLAP):
        outcomes = claims(crew, starts, [])
        exactly_one_each(crew, outcomes, starts)
    assert {outcome.what for outcome in outcomes} == {"done", "SlotTaken"}


def test_the_walls_are_back(crew: Crew) -> None:
    """A control that leaves a wall down would spoil whatever comes after it."""
    with without(crew, NO_OVERLAP):
        claims(crew, jobs.starts(1), [LOCK, RECHECK])
    starts = jobs.starts(4)
    exactly_one_each(crew, claims(crew, starts, [LOCK, RECHECK]), starts)
