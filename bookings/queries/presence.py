"""Who is looking at a request: with the rows that show it, in no statement of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from bookings import limits
from bookings.models import ConsultationRequest, Presence
from bookings.queries.json_rows import json_rows, moment

# What the annotation is called on a request.
LOOKERS = "its_lookers"


def shown_since(now: datetime) -> datetime:
    """Whoever had a request open after this moment is shown as there at `now`."""
    return now - limits.sessions.PRESENCE_SHOWN


def lookers(since: datetime) -> Subquery:
    """For `annotate` of requests, as LOOKERS: everybody who had it open after `since` (see `shown_since`)."""
    here = Presence.objects.filter(request=OuterRef("pk"), at__gt=since)
    return json_rows(here, "user", "user__first_name", "user__username", "at")


def words(consultation: ConsultationRequest, reader: int) -> str:
    """'Sam is here', 'Sam and 2 more are here'; empty if nobody but the reader is."""
    people = sorted((list(row) for row in _of(consultation) if row[0] != reader), key=lambda row: int(row[0]))
    if not people:
        return ""
    who = people[0][1] or people[0][2]
    return f"{who} is here" if len(people) == 1 else f"{who} and {len(people) - 1} more are here"


def last(consultation: ConsultationRequest, reader: int) -> datetime | None:
    """When it was written down that the reader is here; None if it was not, or is forgotten."""
    return next((moment(row[3]) for row in _of(consultation) if row[0] == reader), None)


def _of(consultation: ConsultationRequest) -> Sequence[Sequence[Any]]:
    """(key, first name, user name, when) of each, as `lookers` brought them along."""
    found: Sequence[Sequence[Any]] = getattr(consultation, LOOKERS, ())
    return found
