"""How a kind of consultation reads when people choose it, and a moment in the zone of somebody elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bookings.availability import First
from bookings.models import ConsultationType, Terms
from clinic.foundation import money, when


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The zones that people recognise: those named after a city."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return tuple(sorted(name for name in available_timezones() if name.startswith(regions)))


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name; None for an empty or unknown one."""
    return ZoneInfo(name) if name in zones() else None


def in_zone(moment: datetime, theirs: ZoneInfo | None, ours: ZoneInfo) -> str:
    """'11:30am Paris time' (with the day if it differs), or nothing when both clocks show the same."""
    if theirs is None or when.same_clocks(moment, theirs, ours):
        return ""
    same_day = when.local_day(moment, theirs) == when.local_day(moment, ours)
    words = when.clock(moment, theirs) if same_day else when.moment(moment, theirs)
    return f"{words} {when.zone_words(theirs)}"


def kind_words(kind: ConsultationType, currency: str) -> str:
    """'First consultation, in person, 30 minutes, £40', as it is today."""
    return how_words(kind.name, kind.terms(currency), kind.minutes)


def how_words(name: str, terms: Terms, minutes: int, *, cost: str = "") -> str:
    """'First consultation, in person, 30 minutes, £40'. How it takes place is left out if the name says it.

    `cost`: what stands instead of the sum.
    """
    mode = terms.mode_words.lower()
    named = mode.removeprefix("by ") in name.lower()
    parts = [name] if named else [name, mode]
    cost = cost or (money.words(terms.fee, terms.currency) if terms.fee else "nothing to pay")
    return ", ".join([*parts, when.length(minutes), cost])


def length_and_cost(kind: ConsultationType, currency: str) -> str:
    """'30 minutes, £30': for a link to its times."""
    cost = money.words(kind.fee, currency) if kind.fee else "nothing to pay"
    return f"{when.length(kind.minutes)}, {cost}"


def way_and_cost(kind: ConsultationType | None, currency: str) -> dict[str, str]:
    """What a page says beside a chosen time: 'by video' and '£30'. Nothing while no kind is known."""
    if kind is None:
        return {}
    cost = money.words(kind.fee, currency) if kind.fee else "nothing to pay"
    return {"way": kind.get_mode_display().lower(), "cost": cost}


def most_words(kinds: Iterable[ConsultationType], currency: str) -> str:
    """'up to £45', or '£45' where all cost the same: each says its own beside its times. Empty if none costs anything."""
    fees = {kind.fee for kind in kinds}
    most = max(fees, default=0)
    return f"{'up to ' if len(fees) > 1 else ''}{money.words(most, currency)}" if most else ""


FIRSTS = {
    First.SOONEST: "Soonest",
    First.MORNING: "First morning",
    First.AFTERNOON: "First afternoon",
    First.EVENING: "First evening",
    First.DAY: "Another day",
    First.NEXT: "Later",
}


def beside(start: datetime, gone: datetime, zone: ZoneInfo) -> str:
    """How a time lies beside one that has gone: '30 minutes later', 'The same time, next day', '2 days earlier'."""
    there, before = when.local(start, zone), when.local(gone, zone)
    days = (there.date() - before.date()).days
    if start == gone:
        return "The same time"  # with somebody else, who is named beside it
    if days == 0:
        minutes = abs(int((start - gone).total_seconds() // 60))
        return f"{when.length(minutes)} {'later' if start > gone else 'earlier'}"
    far = f"{abs(days)} days {'later' if days > 0 else 'earlier'}"
    words = {1: "next day", -1: "the day before"}.get(days, far)
    return f"The same time, {words}" if there.time() == before.time() else words[0].upper() + words[1:]
