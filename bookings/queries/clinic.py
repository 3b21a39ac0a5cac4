"""The clinic's own facts that the rules work with: zone, opening hours, closed days, booking rules."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from bookings import limits, promise
from bookings.availability import WeeklyHours
from bookings.models import BookingRules, Closure
from bookings.queries import door
from bookings.queries.door import Shut
from bookings.queries.json_rows import json_rows, row_of
from clinic.foundation import when
from clinic.foundation.prepared import Prepared, at_hand
from content.display import footer
from content.models import ClinicProfile, Edition, OpeningHours
from content.ready.per_edition import PerEdition


def profile_with_hours() -> ClinicProfile:
    """The clinic's profile with its opening hours at hand: one statement."""
    found: Any = next(_PROFILE.models(()), None)
    return _with_hours(found) if found else ClinicProfile.objects.alone()


def _with_hours(found: Any) -> ClinicProfile:
    rows = [row_of(OpeningHours, _OPENING, hours) for hours in sorted(found.its_hours)]
    for row in rows:
        row.profile_id = found.pk
    at_hand(found, "opening_hours", rows)
    profile: ClinicProfile = found
    return profile


def _profile(_: tuple[()], __: None) -> QuerySet[Any]:
    hours = json_rows(OpeningHours.objects.filter(profile=OuterRef("pk")), *_OPENING)
    edition = Subquery(Edition.objects.filter(pk=1).values("token")[:1])
    found = ClinicProfile.objects.annotate(
        its_hours=hours, its_limits=door.limits_column(), its_edition=edition
    )
    return found.order_by("pk")[:1]


def whole(given: tuple[date], __: None) -> QuerySet[Any]:
    (since,) = given
    closures = Closure.objects.filter(last_day__gte=since)
    found: QuerySet[Any] = _profile((), None).annotate(
        its_rules=json_rows(BookingRules.objects.all(), *_RULES),
        its_closures=json_rows(closures, "first_day", "last_day"),
    )
    return found


_OPENING = ("weekday", "opens", "closes")
_RULES = [field.attname for field in BookingRules._meta.concrete_fields]
_MENU = PerEdition(footer.links)
_KEPT: PerEdition[Any] = PerEdition(profile_with_hours)
_PROFILE = Prepared(_profile)  # nearly every page of the desk reads it
WHOLE = Prepared(whole)  # and every page with free times this


def closures() -> list[tuple[date, date]]:
    """The first and the last day of every closure, those that are over too. One statement."""
    return list(Closure.objects.values_list("first_day", "last_day"))


def opening(profile: ClinicProfile) -> tuple[WeeklyHours, ...]:
    """When the clinic is open."""
    return tuple(
        WeeklyHours(weekday=row.weekday, starts=row.opens, ends=row.closes)
        for row in profile.opening_hours.all()
    )


class Clinic:
    """What the clinic has set, as it is at `now`, for one piece of work: each part is read once, when first asked for."""

    def __init__(self, now: datetime, profile: ClinicProfile | None = None) -> None:
        self._now = now
        self._profile = profile

    @cached_property
    def profile(self) -> ClinicProfile:
        if self._profile is not None:
            return self._profile
        # Behind its own clock by a day: which day it is there, its zone has yet to say.
        found = next(WHOLE.models((self._now.date() - when.DAY,)), None)
        return _with_hours(found) if found else ClinicProfile.objects.model(pk=1)

    @cached_property
    def shut(self) -> Shut | None:
        """Why and since when no request may begin on the site; None while it may. One statement while a limit holds."""
        rows = getattr(self.profile, "its_limits", None)
        limits = door.stored() if rows is None else door.limits_of(rows)
        return door.now_shut(self.profile, limits, self._now)

    def refuses(self, begun: datetime | None = None) -> bool:
        """Whether a draft that began then (None: one that is still to begin) may not be sent."""
        return self.shut is not None and self.shut.to(begun)

    @cached_property
    def rules(self) -> BookingRules:
        rows = getattr(self.profile, "its_rules", None)
        if rows is None:
            return BookingRules.current()
        return row_of(BookingRules, _RULES, rows[0]) if rows else BookingRules(pk=1)

    @cached_property
    def opening(self) -> tuple[WeeklyHours, ...]:
        return opening(self.profile)

    @cached_property
    def closed(self) -> frozenset[date]:
        """The days of closures from today on."""
        today = when.local_day(self._now, self.zone)
        furthest = today + limits.deadlines.CLOSURES_AHEAD
        rows = getattr(self.profile, "its_closures", None)
        closures = (
            Closure.objects.filter(last_day__gte=today).values_list("first_day", "last_day")
            if rows is None
            else [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in rows]
        )
        return frozenset(
            first + timedelta(days=n)
            for first, last in closures
            # A closure "until further notice" may end in the year 9999.
            for n in range((min(last, furthest) - first).days + 1)
        )

    @property
    def zone(self) -> ZoneInfo:
        return self.profile.zone

    @property
    def edition(self) -> str | None:
        """Which edition of the public pages is out, if it was read with the profile (content/ready/per_edition.py)."""
        found: str | None = getattr(self.profile, "its_edition", None)
        return found

    @property
    def menu(self) -> footer.Menu:
        """The links at the foot of a page."""
        return _MENU.of(self.edition)

    def after_open_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment (UTC) when the clinic has been open for `minutes` since `start`.

        A clinic without opening hours, or closed for a year, is counted around the clock: better an early promise
        than none, and no request may be lost because of it.
        """
        try:
            return promise.due_at(start, minutes, hours=self.opening, closed=self.closed, zone=self.zone)
        except ValueError:
            return start + timedelta(minutes=minutes)

    def open_minutes(self, start: datetime, end: datetime) -> int:
        """Whole minutes of opening hours between two moments (0 if they are the wrong way round)."""
        if not self.opening:
            return max(0, int((end - start).total_seconds() // 60))
        return promise.open_minutes_between(
            start, end, hours=self.opening, closed=self.closed, zone=self.zone
        )

    def deadline(self, at: datetime) -> datetime:
        """`at` as people are told it (UTC): at the next full quarter of an hour, or at the next opening while we are closed.

        Nobody should have to answer by 6:53am on a Sunday, when no one is here to be asked.
        """
        return self.after_open_minutes(when.quarter(at, self.zone), 0)

    def offer_end(self, now: datetime, minutes: int | None = None) -> datetime:
        """The end (UTC) of an offer made now: this many opening minutes ahead, by default as the booking rules say."""
        minutes = self.rules.offer_minutes if minutes is None else minutes
        return self.deadline(self.after_open_minutes(now, minutes))

    def answer_end(self, now: datetime) -> datetime:
        """By when (UTC) a question asked now is to be answered."""
        return self.deadline(now + timedelta(days=self.rules.answer_days))

    def promise_from(self, now: datetime, *, wish: datetime | None = None) -> datetime:
        """The reply promise (UTC) for something that arrives now, sooner where it wishes for a time that is near.

        Half of the opening minutes until `wish` are for us, the other half are for whoever has to plan their day by it.
        As every deadline it is at a full quarter of an hour, unless that would be too late for the wish.
        """
        minutes = self.rules.promise_minutes
        if wish is not None:
            minutes = min(minutes, self.open_minutes(now, wish) // 2)
        due = self.after_open_minutes(now, minutes)
        told = self.deadline(due)
        return due if wish is not None and told >= wish else told

    def keep_by(self, now: datetime, until: datetime) -> datetime | None:
        """By when (UTC) a question asked now is to be answered, so that we can still confirm a time held `until`.

        Half of the opening minutes until then are for us, as of those until a wish that is near. None where that leaves us
        none.
        """
        due = self.after_open_minutes(now, self.open_minutes(now, until) // 2)
        told = self.deadline(due)
        by = told if self.open_minutes(told, until) else due
        return by if self.open_minutes(by, until) else None

    def hold_until(self, start: datetime, promised: datetime) -> datetime:
        """Until when (UTC) a chosen time is held for somebody whose address is proved: a working day after the promise, and
        never past the time itself."""
        return min(self.deadline(self.after_open_minutes(promised, promise.WORKING_DAY)), start)


def zone() -> ZoneInfo:
    """The clinic's time zone alone: one SQL statement."""
    stored = ClinicProfile.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(stored) if stored else ClinicProfile().zone


def published(now: datetime) -> Clinic:
    """The same for a page that shows who we are, and asks whether requests may begin: one small statement.

    The profile is kept for as long as no other edition is out; the limits on requests are read.
    """
    found = next(PUBLISHED.rows(()), None)
    if found is None:
        return clinic(now)
    edition, rows = found
    profile = copy(_KEPT.of(edition))
    profile.its_edition, profile.its_limits = edition, rows
    return Clinic(now, profile)


def edition_and_limits(_: tuple[()], __: None) -> QuerySet[Any, Any]:
    """Which edition is out, and the limits on requests as `door.limits_of` reads them."""
    return (
        Edition.objects.filter(pk=1)
        .annotate(its_limits=door.limits_column())
        .values_list("token", "its_limits")
    )


PUBLISHED = Prepared(edition_and_limits)


def clinic(now: datetime, profile: ClinicProfile | None = None) -> Clinic:
    """The clinic as it is now: one SQL statement, two while a limit of the day holds. For callers that have its profile
    already: one for each part that they ask for."""
    return Clinic(now, profile)
