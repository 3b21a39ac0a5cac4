"""What the figures count of one request, from its history: pure arithmetic, no database and no clock.

A request counts on the clinic's day on which it became one: sent, taken on the phone, or rescued from the suspected. What
became of it counts on that day too, so that "of the requests of that week so many were confirmed" adds up; a reply and a
visit count on their own day. What was taken back never was.

bookings/workflow/tallies.py adds up what a day changed of this, so the sums are those of all histories, whatever is erased
later (docs/decisions/tallies.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import dropwhile
from typing import TypeAlias

from bookings.availability import AFTERNOON, EVENING, WeeklyHours
from bookings.states import DeclineReason, Status, Who


class What(StrEnum):
    """What is counted. Beside each: what its keys are."""

    ASKED = "asked"  # how it came: Came
    OUTCOME = "outcome"  # what became of it: Outcome
    DECLINED = "declined"  # the reason
    REPLY = "reply"  # opening minutes until the first reply, in steps of REPLY_STEP
    VISIT = "visit"  # attended or no_show
    CONCERN = "concern"  # the concern's code
    CONCERN_CONFIRMED = "concern_confirmed"  # the same, of those that were confirmed
    SOURCE = "source"  # the address of the page that led here
    UNMET = (
        "unmet"  # a window of the wish that no working hours meet, as "3-evening"; "" for each such request
    )


class Came(StrEnum):
    SITE = "site"
    PHONE = "phone"


class Outcome(StrEnum):
    CONFIRMED = "confirmed"  # a visit was booked, whatever became of that
    ADVISED = "advised"  # told what to do instead: advice first, the GP, urgent help
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


# Replies within so many minutes of each other are counted as one: medians of a week need no more.
REPLY_STEP = 5
_ADVICE = {DeclineReason.ADVICE_FIRST, DeclineReason.REFER_GP, DeclineReason.URGENT_SIGNPOST}
# Nobody is told of these, so they answer nobody.
_SILENT = {DeclineReason.SPAM, DeclineReason.DUPLICATE}
_BOOKED = {Status.CONFIRMED, Status.ATTENDED, Status.NO_SHOW, Status.CANCELLED}
_ANSWERED = {Status.WAITING, Status.OFFERED, Status.CONFIRMED, Status.DECLINED}
_VISITED = {Status.ATTENDED, Status.NO_SHOW}

Counts: TypeAlias = Counter[tuple[date, str, str]]
# A window of a wish: its weekday (None: any) and its part of the day.
Window: TypeAlias = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history. `undoes`: the version of the line that it takes back, if it does."""

    at: datetime
    version: int
    before: str
    after: str
    by: str
    reason: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What counts of a request besides its history, as codes. Empty for what is not known any more."""

    concerns: tuple[str, ...] = ()
    source: str = ""
    windows: tuple[Window, ...] = ()
    minutes: int = 30  # the length of a visit of its kind


@dataclass(frozen=True)
class Around:
    """What the clinic must say: a moment's day, opening minutes between two moments, and who worked when."""

    day_of: Callable[[datetime], date]
    open_minutes: Callable[[datetime, datetime], int]
    hours: Sequence[WeeklyHours]


def counted(history: Iterable[Line], about: About, around: Around) -> Counts:
    """What one request adds, by (day, what, key). Nothing while it was never anything but suspected."""
    # It begins with us, or with a visit that was booked by phone. What is closed as spam at once never begins.
    real = list(dropwhile(lambda line: line.after not in (Status.NEW, Status.CONFIRMED), standing(history)))
    if not real:
        return Counter()
    first, last, day = real[0], real[-1], around.day_of(real[0].at)
    came = Came.PHONE if first.after == Status.CONFIRMED else Came.SITE
    found: Counts = Counter({(day, What.ASKED, came): 1})
    outcome = _outcome(Status(last.after), _reason(real))
    found.update((day, What.CONCERN, code) for code in about.concerns)
    if outcome:
        found[day, What.OUTCOME, outcome] += 1
    if outcome == Outcome.CONFIRMED:
        found.update((day, What.CONCERN_CONFIRMED, code) for code in about.concerns)
    if last.after == Status.DECLINED:
        found[day, What.DECLINED, _reason(real)] += 1
    if about.source:
        found[day, What.SOURCE, about.source] += 1
    if came == Came.SITE:
        found.update(_reply(real, around))
    found.update((around.day_of(at), What.VISIT, mark) for at, mark in _visits(real))
    found.update((day, What.UNMET, key) for key in _unmet(about, day, around.hours))
    return found


def standing(history: Iterable[Line]) -> list[Line]:
    """The lines that stand: neither those that were taken back, nor those that took them back."""
    lines = sorted(history, key=lambda line: line.version)
    undone = {line.undoes for line in lines}
    return [line for line in lines if line.undoes is None and line.version not in undone]


def _reason(lines: Sequence[Line]) -> str:
    """Why it was declined last."""
    reasons = [line.reason for line in lines if line.after == Status.DECLINED and line.before != line.after]
    return reasons[-1] if reasons else ""


def _outcome(status: Status, reason: str) -> Outcome | None:
    if status in _BOOKED:
        return Outcome.CONFIRMED
    match status:
        case Status.DECLINED:
            return Outcome.ADVISED if reason in _ADVICE else Outcome.DECLINED
        case Status.LAPSED:
            return Outcome.LAPSED
        case Status.WITHDRAWN:
            return Outcome.WITHDRAWN
    return None


def _reply(lines: Sequence[Line], around: Around) -> list[tuple[date, str, str]]:
    """How long the first answer of the staff took that the client was told of."""
    for line in lines:
        answers = line.before == Status.NEW and line.after in _ANSWERED and line.by == Who.STAFF
        if answers and line.reason not in _SILENT:
            minutes = around.open_minutes(lines[0].at, line.at)
            return [(around.day_of(line.at), What.REPLY, str(minutes - minutes % REPLY_STEP))]
    return []


def _visits(lines: Sequence[Line]) -> list[tuple[datetime, str]]:
    """Each marked visit: when it was marked first, and what is said of it now."""
    marks: list[tuple[datetime, str]] = []
    for line in lines:
        if line.after in _VISITED and line.before == Status.CONFIRMED:
            marks.append((line.at, line.after))
        elif line.after in _VISITED and line.before in _VISITED and line.before != line.after and marks:
            marks[-1] = (marks[-1][0], line.after)
        elif line.before in _VISITED and line.after == Status.CONFIRMED and marks:
            marks.pop()
    return marks


# --- wishes that no hours meet ----------------------------------------------------------------------------------------

PARTS = {
    "morning": (time(0), time(AFTERNOON)),
    "afternoon": (time(AFTERNOON), time(EVENING)),
    "evening": (time(EVENING), time(0)),
}


def _unmet(about: About, day: date, hours: Sequence[WeeklyHours]) -> list[str]:
    """The windows of a wish that nobody's hours of that week meet, if they meet none of them."""
    windows = {
        (weekday, part)
        for wished, parts in about.windows
        for weekday in (range(7) if wished is None else (wished,))
        for part in (PARTS if parts not in PARTS else (parts,))
    }
    if not windows or any(meets(window, about.minutes, day, hours) for window in windows):
        return []
    return ["", *(f"{weekday}-{part}" for weekday, part in sorted(windows))]


def meets(window: tuple[int, str], minutes: int, day: date, hours: Sequence[WeeklyHours]) -> bool:
    """Whether a visit of so many minutes fits into somebody's hours on this weekday and part of the day."""
    weekday, part = window
    begins, ends = (_minute(each) for each in PARTS[part])
    for row in hours:
        holds = row.valid_from <= day <= (row.valid_until or date.max)
        if row.weekday == weekday and holds:
            room = min(_end(row.ends), ends or 24 * 60) - max(_minute(row.starts), begins)
            if room >= minutes:
                return True
    return False


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _end(wall: time) -> int:
    return _minute(wall) or 24 * 60
