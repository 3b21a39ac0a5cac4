"""Which free times to suggest, best first, each with its reasons. Pure: free times and a wish go in, ranked times come out.

A time scores points for what speaks for it and loses some for lying far from the wish. Points are data (`POINTS`), each with
its reason. Equal scores stand by time, then by practitioner, so that the same page always reads the same. Two suggestions
never lie in one part of one day, or closer than `limits.times.SUGGESTED_TIMES_APART`: that is hardly a choice.

Twenty examples, as a receptionist would put them, are in tests/pure/suggestions.yaml.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from zoneinfo import ZoneInfo

from bookings import limits
from bookings.availability import AFTERNOON, EVENING, Interval, Slot
from clinic.foundation import when

# The parts of a day, as hours of the clinic's clock.
PARTS = {
    "morning": range(AFTERNOON),
    "afternoon": range(AFTERNOON, EVENING),
    "evening": range(EVENING, 24),
    "any": range(24),
}


class Why(StrEnum):
    """What speaks for a time."""

    ASKED = "asked"
    ALL_WINDOWS = "all_windows"
    WINDOW = "window"
    PERSON = "person"
    DAY = "day"
    CLOCK = "clock"
    PART = "part"
    SEES = "sees"
    GAP = "gap"
    BESIDE = "beside"
    SOONEST = "soonest"


POINTS: Mapping[Why, int] = {
    # What they chose themselves is above everything that we could think of.
    Why.ASKED: 100,
    # They have said that they have time then; what fits all that they said is worth a week more.
    Why.WINDOW: 40,
    Why.ALL_WINDOWS: 55,
    # Whoever names a person has a reason, but would rather come than wait for weeks: as much as 15 days.
    Why.PERSON: 30,
    # That day is free in their diary; so is, on most days, that time of the day, because of work, school and buses.
    Why.DAY: 20,
    Why.CLOCK: 16,
    Why.PART: 8,
    # Everybody who is suggested may see them. Who names the concern sees it most.
    Why.SEES: 6,
    # What is good for the clinic decides between times that are equally good for the client.
    Why.GAP: 4,
    Why.BESIDE: 2,
    # Said, not scored: that it comes first is what the days away are for.
    Why.SOONEST: 0,
}
_start, _end = itemgetter(0), itemgetter(1)  # of an interval
_IN_ORDER = {why: place for place, why in enumerate(Why)}
# What lies away from the wish, or without a wish from today, costs so much a day, for so many days; and the clock time away
# from it so much an hour, for so many hours.
AWAY = {"a day": 2, "days": 14, "an hour": 1, "hours": 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a client asked for. `windows` are (weekday, None for any; part of the day), `practitioner_id` None is anybody."""

    start: datetime | None = None
    practitioner_id: int | None = None
    windows: tuple[tuple[int | None, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What free times lie in: the clinic's zone, today, what is taken (by practitioner, merged), the minutes kept free.

    `specialists` are the practitioners who name what it is about, where that tells them from others.
    """

    zone: ZoneInfo
    today: date
    busy: Mapping[int, Sequence[Interval]] = field(default_factory=dict)
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)
    specialists: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A free time with its points and reasons. `days` lies it after the wish (before: negative), `minutes` on that day."""

    slot: Slot
    points: int
    reasons: tuple[Why, ...]
    days: int = 0
    minutes: int = 0


def rank(
    free: Iterable[Slot], wish: Wish, around: Around, *, count: int, apart_from: Iterable[datetime] = ()
) -> list[Ranked]:
    """The `count` best of the `free` times, best first. `apart_from` are starts that are on the page already."""
    scored = sorted((score(slot, wish, around) for slot in free), key=lambda one: (-one.points, one.slot))
    shown, picked = list(apart_from), list[Ranked]()
    for one in scored:
        if len(picked) == count:
            break
        if all(_is_a_choice(one.slot.start, other, around.zone) for other in shown):
            picked.append(one)
            shown.append(one.slot.start)
    if not _has_wish(wish) and picked:
        first = min(picked, key=lambda one: one.slot)
        picked = [_soonest(one) if one is first else one for one in picked]
    return picked


def score(slot: Slot, wish: Wish, around: Around) -> Ranked:
    """What speaks for a free time, and what it is worth."""
    there = when.local(slot.start, around.zone)
    wished = when.local(wish.start, around.zone) if wish.start else None
    reasons = [*_of_windows(there, wish), *_of_start(slot, there, wish, wished)]
    if wish.practitioner_id == slot.practitioner_id:
        reasons.append(Why.PERSON)
    if slot.practitioner_id in around.specialists:
        reasons.append(Why.SEES)
    reasons += _of_neighbours(slot, around)
    days = (there.date() - (wished.date() if wished else around.today)).days
    clock = there.hour * 60 + there.minute - (wished.hour * 60 + wished.minute) if wished else 0
    lost = AWAY["a day"] * min(abs(days), AWAY["days"])
    lost += AWAY["an hour"] * min(abs(clock) // 60, AWAY["hours"])
    points = sum(POINTS[why] for why in reasons) - lost
    return Ranked(slot, points, tuple(sorted(reasons, key=_IN_ORDER.__getitem__)), days, clock)


def part_of(there: datetime) -> str:
    """'morning', 'afternoon' or 'evening', by the clinic's clock."""
    return next(part for part, hours in PARTS.items() if there.hour in hours)


def _has_wish(wish: Wish) -> bool:
    return bool(wish.start or wish.windows)


def _soonest(one: Ranked) -> Ranked:
    return Ranked(one.slot, one.points, (*one.reasons, Why.SOONEST), one.days, one.minutes)


def _is_a_choice(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    here, there = when.local(one, zone), when.local(other, zone)
    same_part = here.date() == there.date() and part_of(here) == part_of(there)
    return not same_part and abs(one - other) >= limits.times.SUGGESTED_TIMES_APART


def _of_windows(there: datetime, wish: Wish) -> list[Why]:
    fits = [day in (None, there.weekday()) and there.hour in PARTS[part] for day, part in wish.windows]
    if not any(fits):
        return []
    return [Why.ALL_WINDOWS if len(fits) > 1 and all(fits) else Why.WINDOW]


def _of_start(slot: Slot, there: datetime, wish: Wish, wished: datetime | None) -> list[Why]:
    """How near it is to the start that they asked for, which is `wished` by the clinic's clock."""
    if wished is None:
        return []
    if slot.start == wish.start:
        return [Why.ASKED] if wish.practitioner_id in (None, slot.practitioner_id) else [Why.DAY, Why.CLOCK]
    if there.date() == wished.date():
        return [Why.DAY]
    if there.time() == wished.time():
        return [Why.CLOCK]
    return [Why.PART] if part_of(there) == part_of(wished) else []


def _of_neighbours(slot: Slot, around: Around) -> list[Why]:
    """Whether it leaves no room for another visit on either side, or stands beside something that is taken."""
    begins, ends = slot.start - around.before, slot.end + around.after
    taken = around.busy.get(slot.practitioner_id, ())
    before, after = bisect_right(taken, begins, key=_end), bisect_left(taken, ends, key=_start)
    last = taken[before - 1][1] if before else None
    following = taken[after][0] if after < len(taken) else None
    visit = ends - begins
    room = [
        begins - last if last else timedelta.max,
        following - ends if following else timedelta.max,
    ]
    if all(left < visit for left in room):
        return [Why.GAP]
    return [Why.BESIDE] if timedelta(0) in room else []


# --- in words ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the words need: how practitioners are called, and what it is about ("keloid scars")."""

    practitioners: Mapping[int, str]
    concerns: Sequence[str] = ()


def words(one: Ranked, wish: Wish, names: Names, zone: ZoneInfo) -> str:
    """'Fits both windows, closes a gap, Bo Reyes lists keloid scars'."""
    parts = [*_wished(one, wish, zone), *_besides(one, names)]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _wished(one: Ranked, wish: Wish, zone: ZoneInfo) -> list[str]:
    why = set(one.reasons)
    if Why.ASKED in why:
        return ["what they asked for, still free"]
    said = []
    if Why.ALL_WINDOWS in why:
        said.append("fits both windows" if len(wish.windows) == 2 else "fits all their windows")
    elif Why.WINDOW in why:
        there = when.local(one.slot.start, zone)
        said.append(f"fits {when.WEEKDAYS[there.weekday()]} {part_of(there)}")
    elif wish.windows and wish.start is None:
        said.append("does not fit their windows")
    same = [what for code, what in _SAME.items() if code in why]
    if same and wish.start:
        said.append(f"{' and '.join(same)} they asked for")
    elif Why.PERSON in why:
        said.append("the person they asked for")
    if wish.start and (away := _away(one)):
        said.append(away)
    if not _has_wish(wish) and Why.SOONEST not in why:
        said.append({0: "today", 1: "tomorrow"}.get(one.days, f"{one.days} days from now"))
    return said


_SAME = {
    Why.DAY: "the day",
    Why.CLOCK: "the time of day",
    Why.PART: "the part of the day",
    Why.PERSON: "the person",
}


def _away(one: Ranked) -> str:
    """'1 day later', '2 weeks sooner', '1 hour later'; empty for the very moment."""
    days, minutes = abs(one.days), abs(one.minutes)
    if days:
        span = (
            f"{days // 7} week{'s' if days > 7 else ''}"
            if days % 7 == 0
            else f"{days} day{'s' if days > 1 else ''}"
        )
    elif minutes:
        span = when.length(minutes)
    else:
        return ""
    return f"{span} {'later' if (one.days or one.minutes) > 0 else 'sooner'}"


def _besides(one: Ranked, names: Names) -> list[str]:
    who = names.practitioners.get(one.slot.practitioner_id, "")
    about = names.concerns[0] if len(names.concerns) == 1 else "everything they ask about"
    said = {
        Why.SOONEST: "the soonest",
        Why.GAP: "closes a gap",
        Why.BESIDE: "leaves no gap",
        Why.SEES: f"{who} lists {about}",
    }
    return [what for code, what in said.items() if code in one.reasons]
