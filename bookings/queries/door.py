"""Whether new requests may begin on the site just now, and since when not: closed in the clinic's profile, a pause, or the
limit of the day is reached.

The door is shut to whoever comes after that moment. A draft that began before it may still be sent, however many there
are: so the number of a day can be passed by those who were already writing, and no two of them need to take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Subquery

from bookings.models import ConsultationRequest, RequestLimit
from bookings.queries.json_rows import json_rows, moment
from bookings.states import Status, Who
from clinic.foundation import when
from content.models import ClinicProfile

ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shut:
    """Nobody may begin a request `since` then. `opens` is the day on which the form opens again, None if nobody has said.
    `is_full`: the day's requests are taken, and it is no pause."""

    since: datetime
    opens: date | None = None
    words: str = ""
    is_full: bool = False

    def to(self, begun: datetime | None) -> bool:
        """Whether it is shut to a draft that began then; None is one that is still to begin."""
        return begun is None or begun >= self.since


@dataclass(frozen=True, slots=True)
class Limit:
    """A row of `RequestLimit`. `since`: its days and its number are these since then."""

    first: date
    last: date | None
    a_day: int
    words: str
    since: datetime

    def covers(self, day: date) -> bool:
        return self.first <= day <= (self.last or date.max)


def limits_column() -> Subquery:
    """For `annotate` on the clinic's profile: all limits, read by `limits_of`."""
    columns = ("first_day", "last_day", "a_day", "words", "holds_since")
    return json_rows(RequestLimit.objects.all(), *columns)


def limits_of(rows: Sequence[Sequence[Any]]) -> list[Limit]:
    """The limits that came as JSON."""
    return [
        Limit(
            date.fromisoformat(first),
            date.fromisoformat(last) if last else None,
            a_day,
            words,
            moment(since) or ALWAYS,
        )
        for first, last, a_day, words, since in rows
    ]


def stored() -> list[Limit]:
    """All limits: one statement."""
    columns = ("first_day", "last_day", "a_day", "words", "holds_since")
    return [Limit(*row) for row in RequestLimit.objects.values_list(*columns)]


def now_shut(profile: ClinicProfile, limits: Sequence[Limit], now: datetime) -> Shut | None:
    """Why and since when the form is shut at `now`; None while it is open. One statement while a limit of the day holds."""
    if profile.requests_closed:
        return Shut(ALWAYS, words=profile.closed_words)
    today = when.local_day(now, profile.zone)
    holding = [limit for limit in limits if limit.covers(today)]
    if not holding:
        return None
    midnight = when.day_bounds(today, profile.zone)[0]
    return shut_by(holding, limits, today, profile.zone, lambda number: _nth_since(midnight, number))


def shut_by(
    holding: Sequence[Limit],
    limits: Sequence[Limit],
    today: date,
    zone: ZoneInfo,
    nth: Callable[[int], datetime | None],
) -> Shut | None:
    """The same, computed. `nth` says when the n-th request of today came, if it has come."""
    pauses = [limit for limit in holding if limit.a_day == 0]
    if pauses:
        first = min(pauses, key=lambda limit: limit.first)
        since = max(when.day_bounds(first.first, zone)[0], first.since)
        return Shut(since, _opens(limits, today), first.words)
    least = min(holding, key=lambda limit: limit.a_day)
    since_full = nth(least.a_day)
    if since_full is None:
        return None
    since = max(since_full, least.since)
    return Shut(since, _opens(limits, today + when.DAY), least.words, is_full=True)


def _opens(limits: Sequence[Limit], day: date) -> date | None:
    """The first day from `day` on without a pause; None if a pause is open."""
    for pause in sorted((limit for limit in limits if limit.a_day == 0), key=lambda limit: limit.first):
        if pause.covers(day):
            if pause.last is None:
                return None
            day = pause.last + when.DAY
    return day


def _nth_since(midnight: datetime, number: int) -> datetime | None:
    """When the n-th request came that clients have sent since then; what a bot guard caught does not count."""
    sent = ConsultationRequest.objects.filter(
        created_at__gte=midnight, events__verb="submit", events__actor_kind=Who.CLIENT
    )
    arrived = (
        sent.exclude(status=Status.SUSPECTED)
        .order_by("created_at", "pk")
        .values_list("created_at", flat=True)
    )
    return next(iter(arrived[number - 1 : number]), None)
