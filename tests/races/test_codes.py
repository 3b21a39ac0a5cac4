"""The same code of a second step, sent by several hands at the same moment: one of them is let in."""

from __future__ import annotations

from tests.races import codes
from tests.races.crew import SIZE, Crew
from tests.races.show import show

ROUNDS = 10


def test_a_code_lets_one_in_however_many_send_it(crew: Crew) -> None:
    recovery = crew.ask(codes.set_up)
    by_telephone = crew.race(codes.use_what_it_shows, [(ROUNDS,)] * SIZE)
    assert [sum(each) for each in zip(*by_telephone, strict=True)] == [1] * ROUNDS
    by_recovery = crew.race(codes.use_recovery_codes, [(recovery,)] * SIZE)
    assert [sum(each) for each in zip(*by_recovery, strict=True)] == [1] * len(recovery)
    show(crew, f"{ROUNDS} codes and {len(recovery)} recovery codes, each sent by {SIZE} hands at once")
