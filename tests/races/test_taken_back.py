"""A press of Undo meets the worker that sends the mail, or the client who opens the page: one of them comes first."""

from __future__ import annotations

from collections import Counter

from tests.races import jobs, undoing
from tests.races.crew import SIZE, Crew
from tests.races.show import FULL, show

ROUNDS = 48 if FULL else 8
PAIRS = SIZE // 2


def _confirmed(crew: Crew) -> list[int]:
    numbered = list(enumerate(jobs.starts(ROUNDS)))
    made: list[list[int]] = crew.race(undoing.confirmed, [(numbered[seat::SIZE],) for seat in range(SIZE)])
    return [key for some in made for key in some]


def test_what_is_taken_back_is_never_sent(crew: Crew) -> None:
    keys = _confirmed(crew)
    told = crew.race(undoing.take_back_or_claim, [(keys[seat // 2 :: PAIRS],) for seat in range(SIZE)])
    pressed = Counter(what for seat in range(0, SIZE, 2) for what in told[seat])
    claimed = Counter(what for seat in range(1, SIZE, 2) for what in told[seat])
    show(crew, f"undo / worker: {dict(pressed)}, {dict(claimed)}", ROUNDS)
    assert set(pressed) <= {"done", "Refused sent"}, pressed
    ends = Counter(crew.ask(undoing.left_behind, keys))
    assert set(ends) <= {
        ("new", "dropped", False),
        ("confirmed", "in hand", True),
        ("confirmed", "queued", True),
    }, ends
    assert ends["new", "dropped", False] == pressed["done"]
    assert ends["confirmed", "in hand", True] == claimed["claimed"]
    assert ends["confirmed", "queued", True] == 0, "refused although no worker had it"


def test_what_the_client_has_seen_is_never_taken_back(crew: Crew) -> None:
    keys = _confirmed(crew)
    told = crew.race(undoing.take_back_or_see, [(keys[seat // 2 :: PAIRS],) for seat in range(SIZE)])
    pairs = Counter(
        pair for seat in range(0, SIZE, 2) for pair in zip(told[seat], told[seat + 1], strict=True)
    )
    show(crew, f"undo / client: {dict(pairs)}", ROUNDS)
    assert set(pairs) <= {("done", "made again"), ("Refused seen", "seen")}, pairs
