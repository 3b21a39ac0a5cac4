"""By when whoever asks for a time is answered, in words: the same on the public page and in the request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bookings.client.times.day import Time
from bookings.queries.clinic import Clinic
from clinic.foundation import when


def hear_by(place: Clinic, now: datetime, start: datetime | None) -> str:
    """By when whoever sends now is answered: sooner where they chose a time (`start`) that is near."""
    return when.moment(place.promise_from(now, wish=start), place.zone)


def hear_of(times: Iterable[Time], place: Clinic, now: datetime) -> str:
    """By when whoever chooses a time is answered, said once for all of them: sooner where one of these is near."""
    usually = place.promise_from(now, wish=None)
    is_near = any(place.promise_from(now, wish=time.start) < usually for time in times)
    return when.moment(usually, place.zone) + (", or sooner" if is_near else "")
