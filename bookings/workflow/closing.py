"""What every verb that ends a request owes."""

from __future__ import annotations

from bookings import outbox
from bookings.workflow import times
from bookings.workflow.core import Change


def close(change: Change) -> None:
    """All times freed, no promise left, no unsent mail that is no longer true."""
    times.release(times.lock_all(change.consultation))
    change.set(closed_at=change.now, promise_due_at=None, promise_minutes_left=None, hold_until=None)
    change.set(displaced_at=None)
    outbox.withdraw(change.consultation, None, now=change.now, why="the request was closed")
