"""Deadlines, and what counts as soon."""

from __future__ import annotations

from datetime import time, timedelta

# The front desk may mark somebody as arrived, or as not come, this long before the start.
MARK_VISIT_BEFORE_START = timedelta(minutes=15)
# Who loses a visit that begins this soon is rung too: a mail may not be read in time.
RING_AS_WELL = timedelta(days=1)
# Nobody who comes later than this many minutes is late: they come another day.
LATE_MINUTES = 240
# A session of a plan sleeps until its day is this near: then the reply promise starts.
SESSION_NEAR = timedelta(days=21)
# So long after a visit the desk is reminded that no plan was sent.
PLAN_REMINDED = timedelta(days=14)
# The link to a plan opens it within this time of being asked for, and once.
PLAN_LINK = timedelta(minutes=10)
# A promise due within this much wall-clock time is "soon" in the worklist.
PROMISE_SOON = timedelta(hours=3)
# Holds and offers that end within this much wall-clock time are "about to end" on the start page.
ENDS_SOON = timedelta(days=1)
# Days in a row without an opening after which we say that there is no promise to give.
LONGEST_CLOSURE_DAYS = 366
# How far ahead closures are read: no promise reaches further than the longest closure.
CLOSURES_AHEAD = timedelta(days=400)
# That an app asked for somebody's diary is noted once in so long.
FEED_READ_NOTED = timedelta(hours=1)
# A press that changes many is done long before this. One that is not has died, and its second press goes on with it.
PRESS_TAKES = timedelta(minutes=2)
# How far ahead public holidays are listed to be accepted: the next two years, which are as good as certain.
HOLIDAYS_AHEAD = timedelta(days=731)
# How far ahead the page that blocks time names those that nobody has closed yet.
HOLIDAYS_SOON = timedelta(days=92)
# At closing time the night lasts until this time of the next day on which the clinic is open.
MORNING = time(10)
