"""What every verb that ends a request owes."""

from __future__ import annotations

from bookings import outbox
from bookings.workflow import times
from bookings.workflow.core import Act


def close(doing: Act) -> None:
    """All times freed, no promise left, no unsent mail that is no longer true."""
    times.lock_all(doing.request)
    times.release(doing.request)
    doing.change(closed_at=doing.now, promise_due_at=None, promise_minutes_left=None, hold_until=None)
    outbox.withdraw(doing.request, None, now=doing.now, why="the request was closed")
