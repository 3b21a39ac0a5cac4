"""How long a piece of work takes, whatever machine runs the test and whoever shares it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

Done = TypeVar("Done")

# What the loop of `_pace` takes on a quiet machine, in seconds of processor time.
QUIET_PACE = 0.015
TRIES = 3


def within(most: float, do: Callable[[], Done], what: str = "it") -> Done:
    """What `do` returns; raises AssertionError when it takes more than `most` seconds of processor time.

    The seconds are those of a quiet machine: a fixed loop is timed beside the work, and a machine on which the loop is
    three times slower gives the work three times as long. Work that is too slow gets another try, up to three: a first
    call also reads templates, and a neighbour may be loud for a moment.
    """
    took = math.inf
    for _ in range(TRIES):
        pace = _pace()
        began = time.process_time()
        done = do()
        took = min(took, (time.process_time() - began) / pace * QUIET_PACE)
        if took < most:
            return done
    raise AssertionError(f"{what} takes {took:.3f} s of work on a quiet machine, and {most} s is the most")


def _pace() -> float:
    began = time.process_time()
    total = 0
    for number in range(200_000):
        total += number * number
    return time.process_time() - began
