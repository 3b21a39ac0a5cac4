"""Who has a request open: written down by its page, at most once a minute. No verb: the request stays what it is."""

from __future__ import annotations

from datetime import datetime

from bookings import limits
from bookings.models import ConsultationRequest, Presence


def looks(consultation: ConsultationRequest, user: int, last: datetime | None, now: datetime) -> None:
    """Write down that this member of staff (by key) has the request open, unless it was written (`last`) a moment ago."""
    if last is None or now - last >= limits.sessions.PRESENCE_EVERY:
        Presence.objects.bulk_create(
            [Presence(request=consultation, user_id=user, at=now)],
            update_conflicts=True,
            unique_fields=["request", "user"],
            update_fields=["at"],
        )
