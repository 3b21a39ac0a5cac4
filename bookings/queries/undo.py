"""What a member of staff has just done and can still take back: the bar at the top of the desk's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.conf import settings

from bookings import limits, wording
from bookings.models import Together, Undo
from bookings.states import TELL_NOBODY, DeclineReason


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing to take back. `starts`: the times that it was about. `mails`: whether a mail waits; `rings`: whether it is a
    call to make instead."""

    request_id: int
    version: int
    what: str
    name: str
    starts: list[datetime]
    until: datetime
    mails: bool
    rings: bool


def to_take_back(user_id: int | None, now: datetime) -> list[Bar]:
    """What this person can still take back at `now`, the latest first. One SQL statement; none where it is switched off."""
    if not settings.UNDO_MINUTES:
        return []
    rows = Undo.objects.select_related("event", "request__support_needs").filter(
        by=user_id, until__gt=now, seen_by_client_at=None, together=None
    )
    return [_bar(row) for row in rows.order_by("-until", "-pk")[: limits.lists.UNDOS_SHOWN]]


def together(user_id: int | None, now: datetime) -> list[Together]:
    """What one press of this person did to many, and can still be taken back as one. One SQL statement."""
    rows = Together.objects.filter(by=user_id, until__gt=now)
    return list(rows.order_by("-until", "-pk")[: limits.lists.UNDOS_SHOWN])


def newest_first(bars: list[Bar], togethers: list[Together]) -> list[dict[str, Any]]:
    """Both kinds in the order of the page: what was done last is on top. Each is under "bar" or "made"."""
    rows: list[dict[str, Any]] = [{"made": made, "until": made.until} for made in togethers]
    rows += [{"bar": bar, "until": bar.until} for bar in bars]
    return sorted(rows, key=itemgetter("until"), reverse=True)


def _bar(row: Undo) -> Bar:
    facts: dict[str, Any] = row.event.facts
    starts = facts.get("starts") or ([facts["start"]] if facts.get("start") else [])
    return Bar(
        row.request_id,
        row.event.version,
        wording.of(row.event.verb).history,
        row.request.name,
        [datetime.fromisoformat(start) for start in starts],
        row.until,
        mails=row.event.reason != DeclineReason.SPAM and row.event.verb not in TELL_NOBODY,
        rings=bool(row.request.barriers) and "despite" not in facts,
    )
