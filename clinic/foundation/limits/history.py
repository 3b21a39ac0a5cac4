"""How long the database itself keeps the lines of a history as they are, and how often one person leaves the same."""

from __future__ import annotations

from datetime import timedelta

# A day less than eight years, after which the clock lets lines go (bookings/limits/retention.py, RECORD_DAYS): the machine
# that decides may be a little ahead of the database.
WRITTEN_ONCE_DAYS = 8 * 365 + 1
# A page that is drawn again after every press notes once in this time who read what on it.
NOTED_ONCE = timedelta(hours=1)
