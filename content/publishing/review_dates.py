"""When a page must be checked again, and how long readers are not told that it was not. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from content import limits


def is_overdue(review_due: date | None, today: date) -> bool:
    """Whether somebody should have checked it again before today. What is due today is not overdue."""
    return review_due is not None and review_due < today


def last_soon(today: date) -> date:
    """The last date of those that are due soon."""
    return today + timedelta(days=limits.REVIEW_SOON_DAYS)


def is_due_soon(review_due: date | None, today: date) -> bool:
    """Whether it is due today or in the days to come, but not overdue."""
    return review_due is not None and today <= review_due <= last_soon(today)


def next_date(review_due: date | None, today: date) -> date:
    """What a reviewer is offered as the next date: the one that stands, or a year ahead if that is near, past or missing."""
    if review_due is None or review_due <= last_soon(today):
        return today + timedelta(days=limits.REVIEW_AGAIN_DAYS)
    return review_due


def fault(next_review: date | None, today: date) -> tuple[str, str] | None:
    """What is wrong with the date that a reviewer gives for the next check, as (code, sentence). No date is right."""
    if next_review is not None and next_review <= today:
        return ("review_not_ahead", "The next check must lie ahead.")
    if next_review is not None and next_review > today + limits.REVIEW_LATEST:
        return ("review_too_far", "The next check must be within two years.")
    return None


def readers_are_told(review_due: date | None, today: date, grace_days: int) -> bool:
    """Whether the page says to its readers that its check is overdue: `grace_days` after its date, and not before."""
    return review_due is not None and today > review_due + timedelta(days=grace_days)
