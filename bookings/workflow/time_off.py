"""Time off that is taken away again by whoever sees it in the calendar."""

from __future__ import annotations

from bookings.models import TimeOff


def remove(key: int) -> TimeOff | None:
    """Remove the time off with this key and return what it was; None if it is gone already. Its visits stay as they are."""
    found = TimeOff.objects.select_related("practitioner").filter(pk=key).first()
    if found is None or not TimeOff.objects.filter(pk=key).delete()[0]:
        return None
    return found
