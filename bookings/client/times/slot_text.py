"""One free time as a form carries it, from the page that shows it to the verb that takes it."""

from __future__ import annotations

from datetime import UTC, datetime

from clinic.foundation.text import id_in

ANY = "any"
_FORMAT = "%Y-%m-%dT%H:%MZ"
# Beyond these, other zones' calendars run off the end.
_YEARS = (2000, 2199)


def value(practitioner_id: int | None, start: datetime) -> str:
    """'3@2026-12-01T10:30Z', or 'any@...'. It is checked again before anything is held."""
    return f"{practitioner_id or ANY}@{start.astimezone(UTC):{_FORMAT}}"


def read(text: str) -> tuple[int | None, datetime] | None:
    """The practitioner (None: any) and the start (UTC) of such a value; None if it is not one."""
    who, _, moment = text.partition("@")
    try:
        start = datetime.strptime(moment, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    if not _YEARS[0] <= start.year <= _YEARS[1]:
        return None
    if who == ANY:
        return None, start
    return (id_in(who), start) if id_in(who) else None
