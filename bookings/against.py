"""What can be against a time, by code, and which of it a start runs into. Pure: no database, no clock.

A client is offered a start exactly when nothing is against it (`tests/pure/test_against.py` compares this with
`free_slots`). Staff may take a start although something is against it, if they were told and agreed: those codes are the
`although` of a verb, of its event and of the appointment's row. What stands in `NEVER` nobody may take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bookings.availability import Rules, WeeklyHours, grid, is_inside, stretches
from clinic.foundation import when


class Against(StrEnum):
    """One thing that is against a time, in the order in which it is said. HOURS and those from CLOSED on are also in
    queries/off.py."""

    PAST = "past"
    VISIT = "visit"  # somebody's visit is then
    HOLD = "hold"  # it is held for somebody
    BUFFER = "buffer"  # only the minutes kept free before or after meet a visit or a hold
    HOURS = "hours"
    REST = "rest"  # only the minutes kept free before or after meet time off or a closed day
    GRID = "grid"
    NOTICE = "notice"
    HORIZON = "horizon"
    CONSULTATION = "consultation"  # of a treatment session: no consultation came before it
    COOLING = "cooling"  # it is too soon after the consultation
    INTERVAL = "interval"  # it is too near to another session
    EARLY = "early"  # of a visit of a plan: before the day from which the plan has it
    GAP = "gap"  # it is nearer to another visit of the plan than the plan has it
    CLOSED = "closed"
    AWAY = "away"
    PRACTITIONER = "practitioner"
    TYPE = "type"
    GIVES = "gives"
    CONCERN = "concern"


# Nobody may take such a time. The database itself refuses the overlaps.
NEVER = frozenset({Against.PAST, Against.VISIT, Against.HOLD, Against.BUFFER})
# These say which times clients choose from, or are for staff to judge. The desk says them first, and its verbs do not ask.
FOR_CLIENTS = frozenset({Against.REST, Against.GRID, Against.NOTICE, Against.HORIZON, Against.CONCERN})
# The rules of a treatment session and of its plan: whoever goes past one types why, and that is kept.
REASONED = frozenset({Against.CONSULTATION, Against.COOLING, Against.INTERVAL, Against.EARLY, Against.GAP})
# The rest binds staff too, until they have agreed to it: then it is noted.
ASKED_FIRST = frozenset(Against) - NEVER - FOR_CLIENTS


# How a history says that somebody agreed to it.
AGREED: Mapping[Against, str] = {
    Against.HOURS: "outside working hours",
    Against.REST: "without the minutes kept free",
    Against.GRID: "between the usual steps",
    Against.NOTICE: "at short notice",
    Against.HORIZON: "far ahead",
    Against.CONSULTATION: "without a consultation before it",
    Against.COOLING: "sooner after the consultation than the rule",
    Against.INTERVAL: "sooner after another session than the rule",
    Against.EARLY: "before its first day in the plan",
    Against.GAP: "nearer to another visit than the plan has it",
    Against.CLOSED: "on a closed day",
    Against.AWAY: "in time off",
    Against.PRACTITIONER: "with somebody who is switched off",
    Against.TYPE: "of a kind that is switched off",
    Against.GIVES: "of a kind that they do not give",
    Against.CONCERN: "with somebody who does not see all of it",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch of UTC in which a practitioner is not free: VISIT, HOLD, AWAY or CLOSED.

    `blocks_from` and `blocks_until` are `start` and `end` with the minutes kept free around them. `key` is whatever the
    caller wants to know it by.
    """

    what: Against
    start: datetime
    end: datetime
    blocks_from: datetime
    blocks_until: datetime
    key: object = None


@dataclass(frozen=True, slots=True)
class Found:
    """One thing against a start, and which stretch it is, if it is one."""

    what: Against
    taken: Taken | None = None


def found(
    start: datetime,
    *,
    hours: Sequence[WeeklyHours],
    taken: Iterable[Taken],
    rules: Rules,
    zone: ZoneInfo,
    now: datetime,
) -> list[Found]:
    """Everything of hours, taken time and rules that is against a visit of one practitioner from `start` (UTC) on.

    The arguments are those of `free_slots`; empty exactly when it offers `start`.
    """
    against = [Found(what) for what in of_rules(start, hours=hours, rules=rules, zone=zone, now=now)]
    against += [Found(_met(start, one, rules), one) for one in taken if _meets(start, one, rules)]
    order = list(Against)
    return sorted(against, key=lambda one: order.index(one.what))


def of_rules(
    start: datetime, *, hours: Sequence[WeeklyHours], rules: Rules, zone: ZoneInfo, now: datetime
) -> list[Against]:
    """The same without what is taken: PAST, HOURS, GRID, NOTICE, HORIZON."""
    end = start + timedelta(minutes=rules.minutes)
    today, day = when.local_day(now, zone), when.local_day(start, zone)
    against = []
    if start < now:
        against.append(Against.PAST)
    if not is_inside(start, end, hours, zone):
        against.append(Against.HOURS)
    elif not any(start in grid(*stretch, rules, zone) for stretch in stretches(day, hours)):
        against.append(Against.GRID)
    if now <= start < now + rules.minimum_notice:
        against.append(Against.NOTICE)
    if day > today + timedelta(days=rules.horizon_days):
        against.append(Against.HORIZON)
    return against


@dataclass(frozen=True, slots=True)
class SessionRules:
    """What a kind of treatment session asks for, in days of the clinic's calendar. None and 0 ask for nothing.

    `within`: a consultation took place at most so long before. `cooling_off`: at least so long before. `interval`: at least
    so much lies between two sessions of the kind.
    """

    within: int | None = None
    cooling_off: int = 0
    interval: int = 0

    def __bool__(self) -> bool:
        return self.within is not None or bool(self.cooling_off or self.interval)


def of_sessions(
    day: date, rules: SessionRules, consultations: Iterable[date], sessions: Iterable[date]
) -> list[Against]:
    """What the rules have against a session on `day`, for somebody with visits on these days."""
    before = [(day - one).days for one in consultations if one <= day]
    valid = [days for days in before if rules.within is None or days <= rules.within]
    found = []
    if rules.within is not None and not valid:
        found.append(Against.CONSULTATION)
    if valid and max(valid) < rules.cooling_off:
        found.append(Against.COOLING)
    if any(abs((day - one).days) < rules.interval for one in sessions):
        found.append(Against.INTERVAL)
    return found


@dataclass(frozen=True, slots=True)
class Beside:
    """Another visit of the same plan: its day, and how many days the plan has between the two at least. `order` is 1 if it
    must come before the visit that is asked about, -1 if after it, 0 for either.
    """

    day: date
    least: int
    order: int = 0

    def is_too_near(self, day: date) -> bool:
        between = (day - self.day).days
        return (between * self.order if self.order else abs(between)) < self.least


def of_plan(day: date, first: date | None, others: Iterable[Beside]) -> list[Against]:
    """What a plan has against one of its visits on `day`, whose `first` day it names, beside the others."""
    found = [Against.EARLY] if first is not None and day < first else []
    return [*found, *([Against.GAP] if any(one.is_too_near(day) for one in others) else [])]


def _meets(start: datetime, one: Taken, rules: Rules) -> bool:
    """Whether the visit with its own minutes kept free overlaps what is blocked. An empty stretch blocks nothing."""
    begins, ends = _blocked(start, rules)
    return one.blocks_from < one.blocks_until and one.blocks_from < ends and begins < one.blocks_until


def _met(start: datetime, one: Taken, rules: Rules) -> Against:
    """How: the visit itself, or only the minutes around it."""
    if one.start < start + timedelta(minutes=rules.minutes) and start < one.end:
        return one.what
    return Against.BUFFER if one.what in (Against.VISIT, Against.HOLD) else Against.REST


def _blocked(start: datetime, rules: Rules) -> tuple[datetime, datetime]:
    return (
        start - timedelta(minutes=rules.buffer_before),
        start + timedelta(minutes=rules.minutes + rules.buffer_after),
    )
