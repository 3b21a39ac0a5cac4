"""When a page must be checked again, and how long readers are not told that it was not. Pure."""

from __future__ import annotations

from datetime import date, timedelta

# A page shows in the list of what is due so many days before its date.
SOON_DAYS = 30
# No page goes unchecked for longer, whatever date somebody types.
LONGEST = timedelta(days=731)


def is_overdue(review_due: date | None, today: date) -> bool:
    """Whether somebody should have checked it again before today. What is due today is not overdue."""
    return review_due is not None and review_due < today


def is_due_soon(review_due: date | None, today: date) -> bool:
    """Whether it is due today or in the days to come, but not overdue."""
    return review_due is not None and today <= review_due <= today + timedelta(days=SOON_DAYS)


def next_date(review_due: date | None, today: date) -> date:
    """What a reviewer is offered as the next date: the one that stands, or a year ahead if that is near, past or missing."""
    if review_due is None or review_due <= today + timedelta(days=SOON_DAYS):
        return today + timedelta(days=365)
    return review_due


def readers_are_told(review_due: date | None, today: date, grace_days: int) -> bool:
    """Whether the page says to its readers that its check is overdue: `grace_days` after its date, and not before."""
    return review_due is not None and today > review_due + timedelta(days=grace_days)
