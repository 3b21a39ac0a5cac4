"""When what is kept is erased. Why so: docs/decisions/periods.md; the table of it: bookings/queries/due.py."""

from __future__ import annotations

SUSPECTED_DAYS = 30
UNCONVERTED_DAYS = 183
# Eight years: of a visit, whether or not somebody marked that it took place; and of who did what, which is about them.
RECORD_DAYS = 8 * 365 + 2
# A sent mail's text is kept as long as somebody may ask "what did you write to me".
MESSAGE_BODY_DAYS = 183
TIME_OFF_DAYS = 366
