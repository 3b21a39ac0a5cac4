"""How the worker takes turns and waits."""

from __future__ import annotations

from datetime import timedelta

# Longer than the longest conversation with a mail server, so that a worker that waits for one does not look stuck.
WORKER_SILENT = timedelta(minutes=5)
# While mail after mail goes, a sign of life this often is enough: each is a transaction of its own.
MAILS_BEAT_EVERY = timedelta(seconds=10)
# When the database is away: wait this long, then twice as long, up to the last.
DATABASE_FIRST_WAIT_SECONDS, DATABASE_LAST_WAIT_SECONDS = 1.0, 30.0
# While there is more to do than one look does, the next follows at once; but a worker that is told to end must.
WORKER_TURN_SECONDS = 20.0
# What clients and staff delete goes from SQLite's log as well, at the latest this long after.
SQLITE_LOG_EMPTIED_EVERY = timedelta(minutes=1)
# A call to make that is no longer true, because its visit has begun, say, goes from the lists at the latest this long after.
CALLS_CHECKED_EVERY = timedelta(minutes=1)
# One tick does this much of a kind at a time, so that no worker is away from the mails for long.
CLOCK_BATCH_ROWS = 200
# Two network-synchronised clocks never differ by this much, even on a machine that has just woken up.
CLOCK_MOST_OFF = timedelta(seconds=30)
# A day is counted for the figures so long after its midnight: whatever began before it has been written by then.
TALLY_AFTER = timedelta(minutes=15)
# Days that one tick counts, and requests whose histories are read at once: a backlog of years takes minutes, never a turn.
TALLY_DAYS = 20
TALLY_REQUESTS = 500
