"""Changing somebody's weekly hours from a day on: old rows end the day before, new ones begin, what held before stays."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bookings import weekly_hours
from bookings.availability import WeeklyHours
from bookings.models import Practitioner, WorkingHours
from bookings.queries import hours
from bookings.weekly_hours import Week
from bookings.workflow import times
from bookings.workflow.errors import Refused


@transaction.atomic
def change(
    practitioner: Practitioner, week: Week, first: date, last: date | None, *, today: date, seen: str
) -> None:
    """Let `week` hold from `first` until `last` (None: open). The same once more changes nothing.

    `seen` is the digest (`hours.digest`) of what the page showed. Raises Refused: "past", or "changed" when somebody has
    saved other hours since.
    """
    if first < today:
        raise Refused("past", "Hours that are over stay as they were. Choose today or a later day.")
    times.lock([practitioner.pk])
    stored = list(WorkingHours.objects.filter(practitioner=practitioner).order_by("pk"))
    before = [hours.worked(row) for row in stored]
    after = weekly_hours.changed(before, week, first, last)
    if set(after) == set(before):
        return
    if hours.digest(before) != seen:
        raise Refused(
            "changed",
            "Somebody changed these hours while you were editing. What you typed is still here, and nothing of it is saved. "
            "Look at the hours that hold now, beside the grid, and save again.",
        )
    _write(practitioner, stored, after)


def _write(practitioner: Practitioner, stored: list[WorkingHours], after: list[WeeklyHours]) -> None:
    """Rows that go on keep their keys, and only end on another day."""
    wanted = {(row.weekday, row.starts, row.ends, row.valid_from): row for row in after}
    for old in stored:
        new = wanted.pop((old.weekday, old.starts, old.ends, old.valid_from), None)
        if new is None:
            old.delete()
        elif new.valid_until != old.valid_until:
            old.valid_until = new.valid_until
            old.save(update_fields=["valid_until"])
    WorkingHours.objects.bulk_create(
        WorkingHours(
            practitioner=practitioner,
            weekday=row.weekday,
            starts=row.starts,
            ends=row.ends,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in wanted.values()
    )
