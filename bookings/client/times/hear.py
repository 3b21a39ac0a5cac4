"""By when whoever asks for a time is answered, in words: the same on the public page and in the request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bookings.client.times.table import Time
from bookings.queries.clinic import Clinic
from clinic.foundation import when


def hear_by(place: Clinic, now: datetime, start: datetime | None) -> str:
    """By when whoever sends now is answered: sooner where they chose a time (`start`) that is near."""
    return when.moment(place.promise_from(now, wish=start), place.zone)


def heard(times: Iterable[Time], place: Clinic, now: datetime) -> list[Time]:
    """The times, each with by when whoever chooses it is answered, if that is not when others are."""
    usually = hear_by(place, now, None)
    told = [(time, hear_by(place, now, time.start)) for time in times]
    return [replace(time, hear_by="" if words == usually else words) for time, words in told]
