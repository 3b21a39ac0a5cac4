"""Who opened which request, who exported what, which forms were saved; and what of it is worth a manager's look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_high

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import BigIntegerField, Case, Count, Exists, OuterRef, QuerySet, When
from django.db.models.functions import Cast, TruncDate, TruncHour

from bookings.limits import audit as limits
from bookings.models import ConsultationRequest
from bookings.queries.clinic import Clinic
from clinic.foundation import when
from clinic.foundation.models import AuditEntry, SignIn
from content.models import ClinicProfile

REQUEST = ConsultationRequest._meta.label_lower
# What is noted when somebody opens a request: without its health answers, and with them.
OPENED, READ_HEALTH = "open", "view"
OPENING = (OPENED, READ_HEALTH)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: of this account, about this request, these actions (empty: all), in [since, until) (UTC)."""

    who: int | None = None
    request: int | None = None
    actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def lines(asked: Asked) -> QuerySet[AuditEntry]:
    """What was opened and exported, newest first."""
    rows = AuditEntry.objects.all()
    if asked.who is not None:
        rows = rows.filter(who_id=asked.who)
    if asked.request is not None:
        rows = rows.filter(object_label=REQUEST, object_id=str(asked.request))
    if asked.actions:
        rows = rows.filter(action__in=asked.actions)
    return rows.filter(**_period("at", asked))


def saved_forms(asked: Asked) -> QuerySet[LogEntry]:
    """Accounts, roles, hours, pages: what was saved in the admin's forms, newest first. Django's own log."""
    rows = LogEntry.objects.select_related("user", "content_type").order_by("-action_time", "-pk")
    if asked.who is not None:
        rows = rows.filter(user=asked.who)
    return rows.filter(**_period("action_time", asked))


def second_steps(asked: Asked) -> QuerySet[SignIn]:
    """Second steps that were set up, turned off or reset, and recovery codes, newest first. Kept as long as sign-ins are."""
    outcome = SignIn.Outcome
    steps = (outcome.SET_UP, outcome.CODES, outcome.RECOVERY, outcome.OFF, outcome.RESET)
    rows = SignIn.objects.filter(outcome__in=steps)
    if asked.who is not None:  # that log knows people by the name that they sign in with
        rows = rows.filter(who__in=User.objects.filter(pk=asked.who).values("username"))
    return rows.filter(**_period("at", asked))


def _period(column: str, asked: Asked) -> dict[str, datetime]:
    """Of two bounds those that are given."""
    bounds = {f"{column}__gte": asked.since, f"{column}__lt": asked.until}
    return {name: moment for name, moment in bounds.items() if moment is not None}


# --- worth a look -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that a manager may want to ask about: `number` openings by `name`, between two days of the clinic.

    `code`: "many" (far more requests on one day than the `usual`), "closed" (while the clinic was closed), "old" (requests
    long closed that are not theirs; without days).
    """

    code: str
    who: int | None
    name: str
    number: int
    first: date | None = None
    last: date | None = None
    usual: int = 0


def worth_a_look(now: datetime, profile: ClinicProfile) -> list[Odd]:
    """What stands out in the last LOOK_BACK, newest day first. Five statements however much was opened."""
    since = now - limits.LOOK_BACK
    found = [*_many(since, profile), *_while_closed(since, profile), *_long_closed(since)]
    return sorted(found, key=lambda odd: (odd.last or date.min, odd.number), reverse=True)


def _openings(since: datetime) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(object_label=REQUEST, action__in=OPENING, at__gte=since).order_by()


def _many(since: datetime, profile: ClinicProfile) -> Iterator[Odd]:
    days = _openings(since - limits.USUAL).annotate(day=TruncDate("at", tzinfo=profile.zone))
    counted = days.values_list("who_id", "who", "day").annotate(number=Count("object_id", distinct=True))
    first = when.local_day(since, profile.zone)
    before: dict[int | None, list[int]] = defaultdict(list)
    rows = list(counted)
    for who, _, day, number in rows:
        if day < first:
            before[who].append(number)
    for who, name, day, number in rows:
        usual = median_high(before[who]) if before[who] else 0
        if day >= first and number >= limits.MANY_AT_LEAST and number > limits.TIMES_THE_USUAL * usual:
            yield Odd("many", who, name, number, day, day, usual)


def _while_closed(since: datetime, profile: ClinicProfile) -> Iterator[Odd]:
    """By whole hours in which the clinic was closed from beginning to end. None, for one without opening hours."""
    clinic = Clinic(since, profile)
    hours = _openings(since).annotate(hour=TruncHour("at", tzinfo=profile.zone))
    counted = hours.values_list("who_id", "who", "hour").annotate(number=Count("pk"))
    found: dict[tuple[int | None, str], list[tuple[date, int]]] = defaultdict(list)
    for who, name, hour, number in counted:
        if clinic.open_minutes(hour, hour + timedelta(hours=1)) == 0:
            found[who, name].append((when.local_day(hour, profile.zone), number))
    for (who, name), opened in found.items():
        days = [day for day, _ in opened]
        yield Odd("closed", who, name, sum(number for _, number in opened), min(days), max(days))


def _long_closed(since: datetime) -> Iterator[Odd]:
    # Other kinds of object may have ids that are no numbers.
    key = Case(When(object_label=REQUEST, then=Cast("object_id", BigIntegerField())))
    long_closed = ConsultationRequest.objects.filter(
        pk=OuterRef("key"), closed_at__lte=OuterRef("at") - limits.LONG_CLOSED
    ).exclude(assigned_to=OuterRef("who_id"))
    found = _openings(since).annotate(key=key).filter(Exists(long_closed))
    counted = found.values_list("who_id", "who")
    for who, name, number in counted.annotate(number=Count("object_id", distinct=True)):
        yield Odd("old", who, name, number)
