"""Two people, or a person and the clock, act on one request at the same moment.

Whoever was first decides; the other one reads who that was and changes nothing. Two requests for one time end the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.races import jobs, moves
from tests.races.crew import SIZE, Crew
from tests.races.jobs import Outcome
from tests.races.seen import Row, look, problems
from tests.races.show import FULL, show

ROUNDS = 48 if FULL else 8
PAIRS = SIZE // 2

Meeting = tuple[Outcome, Outcome]


def prepared(crew: Crew, status: str, *, offset: int = 0, step: int = 1) -> list[int]:
    """One request a round in this state, each with a start of its own; their keys by round."""
    starts = jobs.starts(offset + ROUNDS * step)[offset::step]
    numbered = list(enumerate(starts))
    made = crew.race(moves.prepare, [(status, numbered[seat::SIZE]) for seat in range(SIZE)])
    return [key for _, key in sorted(pair for some in made for pair in some)]


def meet(
    crew: Crew, rounds: Sequence[tuple[int, int]], left: str, right: str, *, with_version: bool
) -> list[Meeting]:
    """Race every round, four pairs at a time; what left and right were told, by round."""
    shares = [(rounds[seat // 2 :: PAIRS], left, right, with_version) for seat in range(SIZE)]
    told = crew.race(moves.meet, shares)
    outcomes = [
        (told[n % PAIRS * 2][n // PAIRS], told[n % PAIRS * 2 + 1][n // PAIRS]) for n in range(len(rounds))
    ]
    wins = Counter("left" if one.is_done else "right" for one, two in outcomes if one.is_done != two.is_done)
    show(crew, f"{left} / {right}: {len(rounds)} rounds, left won {wins['left']}, right {wins['right']}")
    return outcomes


@pytest.mark.parametrize(
    ("status", "left", "right"),
    [
        ("new", "Dee confirms", "Fay confirms"),
        ("new", "Dee confirms", "Fay declines"),
        ("new", "Dee confirms", "Cleo withdraws"),
        ("new", "Dee offers", "Fay asks"),
        ("offered", "Cleo accepts", "the clock lapses"),
        ("offered", "Cleo accepts", "Cleo accepts the other"),
        ("offered", "Cleo accepts", "Dee confirms another time"),
        ("waiting", "Cleo answers", "the clock lapses"),
        ("confirmed", "Cleo cancels", "Dee moves the visit"),
        ("confirmed", "Dee cancels", "Cleo moves the visit"),
        ("confirmed", "Cleo cancels", "Dee cancels"),
        ("confirmed", "Cleo cancels", "Dee displaces"),
        ("confirmed", "Cleo moves the visit", "Dee displaces"),
    ],
)
def test_the_first_to_decide_on_the_same_page_wins(crew: Crew, status: str, left: str, right: str) -> None:
    keys = prepared(crew, status)
    before = {row.key: row for row in crew.ask(look)}
    told = meet(crew, [(key, key) for key in keys], left, right, with_version=True)

    after: dict[int, Row] = {row.key: row for row in crew.ask(look)}
    assert problems(after.values()) == []
    for key, outcomes in zip(keys, told, strict=True):
        (loser,) = [outcome for outcome in outcomes if not outcome.is_done]
        row, verb = after[key], after[key].verbs[-1]
        # One event (and its mail: see problems). The loser reads whose event that was.
        assert row.version == before[key].version + 1
        assert (loser.what, loser.first) == ("Conflict", verb)
        # What the loser is shown is the request as the winner left it, not the earlier page.
        assert loser.shown == (row.status, row.version)
        assert loser.words.endswith(".")


@pytest.mark.parametrize(
    ("status", "left", "right"),
    [
        ("new", "Dee confirms", "Cleo withdraws"),
        ("new", "Cleo opens the link", "the clock releases"),
        ("offered", "Cleo accepts", "Fay declines"),
        ("offered", "Cleo asks for other times", "the clock lapses"),
        ("confirmed", "Cleo cancels", "Cleo moves the visit"),
    ],
)
def test_without_a_page_both_may_be_right_one_after_the_other(
    crew: Crew, status: str, left: str, right: str
) -> None:
    keys = prepared(crew, status)
    before = {row.key: row for row in crew.ask(look)}
    told = meet(crew, [(key, key) for key in keys], left, right, with_version=False)

    after: dict[int, Row] = {row.key: row for row in crew.ask(look)}
    assert problems(after.values()) == []
    for key, outcomes in zip(keys, told, strict=True):
        done = sum(outcome.is_done for outcome in outcomes)
        assert done >= 1
        # Every yes is an event, and there is no event without a yes.
        assert after[key].version == before[key].version + done
        for loser in (outcome for outcome in outcomes if not outcome.is_done):
            assert loser.what == "Conflict" or loser.what.startswith("Refused"), loser


def test_whoever_was_second_sees_the_new_page_and_the_next_press_works(crew: Crew) -> None:
    """Dee's change is being written while Cleo presses "Accept": her page says so, and its own button is good."""
    keys = prepared(crew, "offered")[:PAIRS]
    told = crew.race(moves.press_while_it_changes, [(keys[seat // 2],) for seat in range(SIZE)])
    for first, second in told[1::2]:
        assert (first, second) == (409, 303)


@pytest.mark.parametrize(
    "left",
    [
        "Dee confirms after the hold",
        "Dee offers the wish",
        "Dee confirms seven minutes later all the same",  # off the grid, which she was told and agreed to
    ],
)
def test_of_two_requests_for_one_time_one_gets_it(crew: Crew, left: str) -> None:
    # An hour apart: a time between two steps meets no other pair's.
    rivals = list(zip(prepared(crew, "wishing", step=2), prepared(crew, "wishing", step=2), strict=True))
    before = {row.key: row for row in crew.ask(look)}
    told = meet(crew, rivals, left, "Dee confirms after the hold", with_version=True)

    after: dict[int, Row] = {row.key: row for row in crew.ask(look)}
    assert problems(after.values()) == []
    for keys, outcomes in zip(rivals, told, strict=True):
        (loser,) = [outcome for outcome in outcomes if not outcome.is_done]
        assert (loser.what, loser.nearest) == ("SlotTaken", 3)
        # The loser's request is exactly as it was.
        lost = keys[outcomes.index(loser)]
        assert after[lost] == before[lost]


def test_an_offer_accepted_in_its_last_second_against_a_rival_confirmed_just_after(crew: Crew) -> None:
    """Different requests, so no version protects them: only the practitioner's lock and the hold itself do."""
    wishing = prepared(crew, "wishing")
    offered = prepared(crew, "offered")
    rivals = list(zip(offered, wishing, strict=True))
    before = {row.key: row for row in crew.ask(look)}
    told = meet(crew, rivals, "Cleo accepts", "Dee confirms when the offer is over", with_version=True)

    after: dict[int, Row] = {row.key: row for row in crew.ask(look)}
    assert problems(after.values()) == []
    for (accepts, confirms), (accepted, confirmed) in zip(rivals, told, strict=True):
        if accepted.is_done:
            assert confirmed.what == "SlotTaken"
            assert after[confirms] == before[confirms]
        else:
            assert confirmed.is_done
            assert accepted.what == "Refused offer_over"
            assert after[accepts].version == before[accepts].version


def test_whoever_books_a_time_that_is_just_being_blocked_is_seen_or_refused(crew: Crew) -> None:
    """Nobody is booked into a block without whoever blocks being told."""
    keys = prepared(crew, "new")
    told = crew.race(moves.block_while_somebody_books, [(keys[seat // 2 :: PAIRS],) for seat in range(SIZE)])
    for seen, booked in zip(told[::2], told[1::2], strict=True):
        assert seen == booked


def test_a_visit_moved_onto_a_time_that_is_just_being_confirmed(crew: Crew) -> None:
    visits = prepared(crew, "confirmed", step=2)
    wishing = prepared(crew, "wishing", offset=1, step=2)
    rivals = list(zip(visits, wishing, strict=True))
    before = {row.key: row for row in crew.ask(look)}
    told = meet(
        crew,
        rivals,
        "Dee moves the visit to the rival's time",
        "Dee confirms after the hold",
        with_version=True,
    )

    after: dict[int, Row] = {row.key: row for row in crew.ask(look)}
    assert problems(after.values()) == []
    for keys, outcomes in zip(rivals, told, strict=True):
        (loser,) = [outcome for outcome in outcomes if not outcome.is_done]
        assert loser.what == "SlotTaken"
        # A visit that could not be moved is still where it was.
        lost = keys[outcomes.index(loser)]
        assert after[lost] == before[lost]
