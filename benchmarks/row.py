"""A line of the table, and how a piece of work is timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, the number, and its unit ("ms", or "x" for how many times faster one way is than another)."""

    what: str
    value: float
    unit: str


def milliseconds(work: Callable[[], object], *, times: int) -> float:
    """The median time of `work`, which is done once before to warm up. A median forgives a busy machine."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)
