"""Changing somebody's weekly hours from a day on: old rows end the day before, new ones begin, what held before stays."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.db import transaction

from bookings import weekly_hours
from bookings.availability import WeeklyHours
from bookings.models import Practitioner, Together, WorkingHours
from bookings.queries import hours
from bookings.weekly_hours import Week
from bookings.workflow import times
from bookings.workflow.errors import Refused


@transaction.atomic
def change(
    practitioner: Practitioner,
    week: Week,
    first: date,
    last: date | None,
    *,
    today: date,
    seen: str,
    made: Together | None = None,
) -> None:
    """Let `week` hold from `first` until `last` (None: open). The same once more changes nothing. What they were is kept in
    `made`, for `put_back`.

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
    if made is not None:
        kept = {"practitioner": practitioner.pk, "before": [_kept(row) for row in before]}
        made.hours = kept | {"after": hours.digest(after)}
        made.save(update_fields=["hours"])


def put_back(made: Together) -> None:
    """Let the hours be what they were before this press. Raises Refused("changed") when somebody has saved others since."""
    key = made.hours["practitioner"]
    times.lock([key])
    stored = list(WorkingHours.objects.filter(practitioner=key).order_by("pk"))
    if hours.digest(map(hours.worked, stored)) != made.hours["after"]:
        raise Refused(
            "changed", "Somebody has changed these hours since, so this can no longer be taken back."
        )
    _write(Practitioner.objects.get(pk=key), stored, [_restored(row) for row in made.hours["before"]])


def _kept(row: WeeklyHours) -> list[Any]:
    until = row.valid_until.isoformat() if row.valid_until else None
    return [row.weekday, row.starts.isoformat(), row.ends.isoformat(), row.valid_from.isoformat(), until]


def _restored(kept: list[Any]) -> WeeklyHours:
    weekday, starts, ends, first, last = kept
    until = date.fromisoformat(last) if last else None
    return WeeklyHours(
        weekday, time.fromisoformat(starts), time.fromisoformat(ends), date.fromisoformat(first), until
    )


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
