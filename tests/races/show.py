"""Figures of a race, for whoever runs pytest with -s."""

from __future__ import annotations

import os
import sys

from tests.races.crew import Crew

# Every draw in these tests comes from this seed.
SEED = 20261130
# More rounds, claims and visits, for minutes instead of seconds: RACES=full pytest tests/races
FULL = os.environ.get("RACES") == "full"


def show(crew: Crew, what: str, count: int = 0) -> None:
    """One line: which database, what, how long, and how many a second."""
    name = "PostgreSQL" if crew.is_postgresql else "SQLite"
    rate = f", {count / crew.seconds:.0f} a second" if count else ""
    sys.stdout.write(f"\n{name}: {what}; {crew.seconds:.1f} s{rate}; seed {SEED}\n")
