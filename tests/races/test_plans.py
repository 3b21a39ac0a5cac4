"""Two act on one plan at the same moment: one yes counts, its visits are made once, and an ended plan makes none."""

from __future__ import annotations

import pytest

from tests.races import jobs, plans
from tests.races.crew import SIZE, Crew
from tests.races.plans import Stands
from tests.races.show import FULL, show

ROUNDS = 24 if FULL else 4
PAIRS = SIZE // 2


def prepared(crew: Crew) -> list[tuple[int, str]]:
    """A request with a plan for each round, and a link that opens it."""
    numbered = list(enumerate(jobs.starts(ROUNDS)))
    made = crew.race(plans.prepare, [(numbered[seat::SIZE],) for seat in range(SIZE)])
    return [(key, token) for _, key, token in sorted(one for some in made for one in some)]


PART, BOTH = ("yes", ""), ("yes", "yes")
ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]] = {
    "Cleo says yes to one": (("part",), PART, (2,)),
    "Cleo says yes to the other": (("part",), ("", "yes"), (2,)),
    "Cleo says yes to both": (("accepted",), BOTH, (4,)),
    "Dee sends a newer one": (("superseded", "sent"), ("", "", "", ""), (0, 0)),
    "the clock ends it": (("expired",), ("", ""), (0,)),
}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Cleo says yes to one", "Cleo says yes to one"),
        ("Cleo says yes to one", "Cleo says yes to the other"),
        ("Cleo says yes to both", "Dee sends a newer one"),
        ("Cleo says yes to one", "the clock ends it"),
    ],
)
def test_one_of_two_answers_counts_and_the_other_changes_nothing(crew: Crew, left: str, right: str) -> None:
    keys = [key for key, _ in prepared(crew)]
    before: dict[int, Stands] = crew.ask(plans.look)
    told = crew.race(plans.meet, [(keys[seat // 2 :: PAIRS], left, right) for seat in range(SIZE)])
    show(crew, f"{left} / {right}: {len(keys)} rounds")
    after: dict[int, Stands] = crew.ask(plans.look)
    for number, key in enumerate(keys):
        one, two = told[number % PAIRS * 2][number // PAIRS], told[number % PAIRS * 2 + 1][number // PAIRS]
        assert {one.is_done, two.is_done} == {True, False}, (one, two)
        loser = two if one.is_done else one
        assert loser.what == "Conflict", loser
        stands = after[key]
        assert stands.version == before[key].version + 1
        assert (stands.plans, stands.said, stands.visits) == ENDS[left if one.is_done else right]


def test_a_yes_is_taken_back_or_its_visit_is_booked_and_never_both(crew: Crew) -> None:
    """One transaction holds the visits before it asks: whoever comes second is told."""
    keys = [key for key, _ in prepared(crew)]
    crew.race(plans.say_yes, [(keys[seat::SIZE],) for seat in range(SIZE)])
    told = crew.race(plans.take_back_or_book, [(keys[seat // 2 :: PAIRS],) for seat in range(SIZE)])
    show(crew, f"a yes is taken back / a visit of it is booked: {len(keys)} rounds")
    visits: dict[int, list[str]] = crew.ask(plans.look_at_visits)
    for number, key in enumerate(keys):
        back, booked = (told[number % PAIRS * 2 + side][number // PAIRS] for side in (0, 1))
        assert (back.is_done, booked.is_done) in ((True, False), (False, True)), (back, booked)
        if back.is_done:
            assert visits[key] == ["withdrawn 0"] * 4
        else:
            assert back.what == "Refused booked", back
            assert visits[key] == ["confirmed 1", "new 0", "new 0", "new 0"]


def test_a_link_that_works_once_opens_for_one_of_two(crew: Crew) -> None:
    tokens = [token for _, token in prepared(crew)]
    told = crew.race(plans.open_link, [(tokens[seat // 2 :: PAIRS],) for seat in range(SIZE)])
    show(crew, f"one link, opened twice: {len(tokens)} rounds")
    for left, right in zip(told[::2], told[1::2], strict=True):
        assert [sorted(pair) for pair in zip(left, right, strict=True)] == [[False, True]] * len(left)
