"""Whatever anybody does, in whatever order: ten things always hold. MACHINE=300 looks further than a run does."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import Settings

from bookings.states import TABLE
from tests.machine.machine import OWN, PLAIN, Desk

# How many orders are tried. A run of the suite tries a few; they are always the same ones, so a red run stays red.
EXAMPLES = int(os.environ.get("MACHINE") or 0)

_EITHER = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    # A shorter way to the same failure takes minutes to find: SHRINK=1 looks for it.
    phases=[Phase.generate, *([Phase.shrink] if os.environ.get("SHRINK") else [])],
)
FEW = settings(_EITHER, max_examples=8, stateful_step_count=25, derandomize=True)
MANY = settings(_EITHER, max_examples=max(EXAMPLES, 1), stateful_step_count=50, derandomize=False)


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [3, 0] if EXAMPLES else [3], ids="mails wait {} minutes".format)
def test_ten_things_hold_whatever_is_done(minutes: int, settings: Settings) -> None:
    settings.UNDO_MINUTES = minutes
    run_state_machine_as_test(Desk, settings=MANY if EXAMPLES else FEW)


def test_every_verb_has_a_rule() -> None:
    assert {*OWN, *PLAIN} == set(TABLE)
