"""What in the audit is worth a manager's look, and how much of it is on a page."""

from __future__ import annotations

from datetime import timedelta

ROWS_A_PAGE = 50
# A manager who looks once a week misses nothing.
LOOK_BACK = timedelta(days=7)
# What is usual for somebody: the middle one of their days in this long before.
USUAL = timedelta(days=28)
# A day on which somebody opened more than this many times what is usual, and at least so many, a busy day's work.
TIMES_THE_USUAL = 3
MANY_AT_LEAST = 30
# A request that has been closed for this long is nobody's daily work.
LONG_CLOSED = timedelta(days=30)
NAMED = 6
# Whoever reads the audit is noted once in this time, however many of its pages they turn.
NOTED_EVERY = timedelta(hours=1)
