"""How far the figures of the start page look, and when they say nothing."""

from __future__ import annotations

# Whole weeks, the last one last: a quarter of a year.
WEEKS = 12
# Of fewer than so many requests, replies or visits a week nothing is said: a small number could point at a person.
FEW = 5
# Weeks of free times, this one with them.
AHEAD_WEEKS = 4
