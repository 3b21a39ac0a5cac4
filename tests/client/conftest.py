"""Every test here happens on Monday 30 November 2026 at 9:00, and the clinic is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests import factories as make
from tests.client import walk


@pytest.fixture(autouse=True)
def monday_morning(db: None) -> Iterator[time_machine.Traveller]:
    walk.clinic()
    with time_machine.travel(make.NOW, tick=False) as clock:
        yield clock
