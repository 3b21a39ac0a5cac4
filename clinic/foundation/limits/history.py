"""How long the database itself keeps the lines of a history as they are."""

from __future__ import annotations

# A day less than eight years, after which the clock lets lines go (bookings/limits/retention.py, RECORD_DAYS): the machine
# that decides may be a little ahead of the database.
WRITTEN_ONCE_DAYS = 8 * 365 + 1
