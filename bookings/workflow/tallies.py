"""Counting finished days, one by one: what each day changed of what its requests add to the figures.

A day is counted once, a while after it is over. For each request with a line in its history of that day, what the history
adds up to now is compared with what it added up to the evening before; the difference goes into the tallies, on whichever
day it belongs to. So the tallies are always the sum over all histories, with what was taken back, corrected or reopened in
between, even across midnight; no verb counts anything, and what is erased later stays counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db import transaction

from bookings import limits, promise
from bookings.models import (
    Closure,
    ConsultationRequest,
    Event,
    TalliedUntil,
    Tally,
    WishWindow,
    WorkingHours,
)
from bookings.queries.clinic import clinic
from bookings.queries.hours import worked
from bookings.tally import About, Around, Counts, Line, Window, counted
from clinic.foundation import when


def count_days(now: datetime, most: int = limits.worker.TALLY_DAYS) -> int:
    """Count at most so many finished days that are not counted yet; return how many. A day without a line is skipped.

    Safe with several workers: a day is taken by a swap, in the transaction that counts it.
    """
    place = _Clinic(now)
    zone = place.zone
    last = when.local_day(now - limits.worker.TALLY_AFTER, zone) - when.DAY
    done = 0
    while done < most and (until := _until(zone)) is not None and until < last:
        day = min(_next_day(until, zone) or last, last)
        if not _count(until, day, place):
            break  # another worker has it
        done += 1
    return done


def _until(zone: ZoneInfo) -> date | None:
    """The last day that is counted; before the first of all, the day before it. None while nothing has happened yet."""
    known = TalliedUntil.objects.values_list("day", flat=True).first()
    if known is not None:
        return known
    first = Event.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return None
    row, _ = TalliedUntil.objects.get_or_create(
        pk=1, defaults={"day": when.local_day(first, zone) - when.DAY}
    )
    return row.day


def _next_day(until: date, zone: ZoneInfo) -> date | None:
    """The first day after this one with a line in it."""
    end = when.day_bounds(until, zone)[1]
    first = Event.objects.filter(at__gte=end).order_by("at").values_list("at", flat=True).first()
    return when.local_day(first, zone) if first else None


@transaction.atomic
def _count(until: date, day: date, place: _Clinic) -> bool:
    """Take the day and count it. False if somebody was first."""
    if not TalliedUntil.objects.filter(day=until).update(day=day):
        return False
    start, end = when.day_bounds(day, place.zone)
    # The sessions of a plan are no requests of anybody's: they follow from one.
    touched = (
        Event.objects.filter(at__gte=start, at__lt=end, request__session_number=None)
        .order_by("request")
        .distinct()
    )
    keys = list(touched.values_list("request", flat=True))
    if keys:
        changed: Counts = Counter()
        for first in range(0, len(keys), limits.worker.TALLY_REQUESTS):
            changed.update(
                _changed(keys[first : first + limits.worker.TALLY_REQUESTS], start, end, place.around)
            )
        _add(changed)
    return True


def _changed(keys: Sequence[int], start: datetime, end: datetime, around: Around) -> Counts:
    """What the lines from `start` to `end` changed of what these requests add."""
    abouts, found = _abouts(keys), Counter[tuple[date, str, str]]()
    for key, history in _histories(keys, end).items():
        about = abouts.get(key, About())
        found.update(counted(history, about, around))
        found.subtract(counted((line for line in history if line.at < start), about, around))
    return found


def _add(changed: Counts) -> None:
    """Add these numbers to the tallies: two statements. Whoever is here has the swap, and nobody else adds."""
    new = Counter({key: number for key, number in changed.items() if number})
    if not new:
        return
    known = Tally.objects.filter(day__in={day for day, _, _ in new})
    for day, what, key, number in known.values_list("day", "what", "key", "number"):
        if (day, what, key) in new:
            new[day, what, key] += number
    Tally.objects.bulk_create(
        (Tally(day=day, what=what, key=key, number=number) for (day, what, key), number in new.items()),
        batch_size=200,
        update_conflicts=True,
        unique_fields=["day", "what", "key"],
        update_fields=["number"],
    )


# --- what is read -----------------------------------------------------------------------------------------------------


def _histories(keys: Sequence[int], end: datetime) -> dict[int, list[Line]]:
    rows = Event.objects.filter(request__in=keys, at__lt=end).order_by("request", "version")
    columns = (
        "request_id",
        "at",
        "version",
        "from_status",
        "to_status",
        "actor_kind",
        "reason",
        "facts__undoes",
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for key, *line in rows.values_list(*columns):
        found[key].append(Line(*line))
    return found


def _abouts(keys: Sequence[int]) -> dict[int, About]:
    concerns, windows = defaultdict(list), defaultdict(list)
    through = ConsultationRequest.concerns.through.objects.filter(consultationrequest__in=keys)
    for key, code in through.values_list("consultationrequest_id", "concern__code"):
        concerns[key].append(code)
    for key, weekday, part in WishWindow.objects.filter(request__in=keys).values_list(
        "request_id", "weekday", "part"
    ):
        windows[key].append((weekday, part))
    rows = ConsultationRequest.objects.filter(pk__in=keys)
    return {
        key: About(tuple(sorted(concerns[key])), source or "", _wished(windows[key], start), minutes)
        for key, source, start, minutes in rows.values_list(
            "pk", "source_page__slug", "wished_start", "consultation_type__minutes"
        )
    }


def _wished(windows: Sequence[Window], start: datetime | None) -> tuple[Window, ...]:
    """Whoever picked a time was shown it, so hours met it."""
    return () if start else tuple(windows)


class _Clinic:
    """The clinic as it is at `now`. Of what its hours were then nothing is kept, but for the hours of practitioners."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._place = clinic(now)

    @property
    def zone(self) -> ZoneInfo:
        return self._place.zone

    @cached_property
    def around(self) -> Around:
        opening, zone = self._place.opening, self.zone
        closed = frozenset(self._closed_days())

        def open_minutes(start: datetime, end: datetime) -> int:
            if not opening:
                return max(0, int((end - start).total_seconds() // 60))
            # A promise that nobody kept for a year is no better than one of a year.
            start = max(start, end - limits.deadlines.LONGEST_CLOSURE_DAYS * when.DAY)
            return promise.open_minutes_between(start, end, hours=opening, closed=closed, zone=zone)

        rows = WorkingHours.objects.filter(practitioner__is_active=True)
        hours = [worked(row) for row in rows]
        return Around(lambda moment: when.local_day(moment, zone), open_minutes, hours)

    def _closed_days(self) -> Iterator[date]:
        """Up to today: what comes later has no line yet."""
        today = self._now.date() + when.DAY
        for first, last in Closure.objects.filter(first_day__lte=today).values_list("first_day", "last_day"):
            first = max(first, today - 3 * 366 * when.DAY)
            for n in range((min(last, today) - first).days + 1):
                yield first + n * when.DAY
