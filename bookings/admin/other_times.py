"""Free times that somebody asks to see, by day and by person: all of them at once would be hundreds of boxes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import QueryDict

from bookings import limits, slot_text
from bookings.admin.times import Day, by_day
from bookings.availability import Slot
from clinic.foundation import when
from clinic.foundation.text import id_in


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    words: str
    here: bool


@dataclass(frozen=True)
class OtherTimes:
    """The lists of days and people to ask by, and the times that were asked for.

    `more` counts the times that were left out, `asked` is False until somebody asks.
    """

    days: list[Choice]
    people: list[Choice]
    shown: list[Day]
    more: int
    asked: bool


def other_times(
    free: Sequence[Slot],
    people: Mapping[int, str],
    zone: ZoneInfo,
    data: QueryDict | None,
    *,
    verb: str,
    without: Collection[str],
) -> OtherTimes:
    """What `data` (a POST's, if there is one) asks for of the `free` times in order; `without` are values shown elsewhere.

    `verb` is the action beside whose times they stand: a page may have several. A made-up day or person means any.
    """
    rest = [slot for slot in free if slot_text.of(slot) not in without]
    day = _day(_asked(data, "see_on", verb)) if data else None
    who = id_in(_asked(data, "see_who", verb)) if data else 0
    asked = data is not None and ("see" in data or day is not None or bool(who))
    fits = [
        slot
        for slot in rest
        if asked
        and day in (None, when.local_day(slot.start, zone))
        and (not who or slot.practitioner_id == who)
    ]
    # A day that was chosen is shown whole.
    shown = fits if day is not None else fits[: limits.times.OTHER_TIMES_SHOWN]
    return OtherTimes(
        days=_days(rest, day, zone),
        people=_people(rest, who, people),
        shown=by_day(shown, people, zone),
        more=len(fits) - len(shown),
        asked=asked,
    )


def _asked(data: QueryDict, name: str, verb: str) -> str:
    return data.get(f"{verb}-{name}") or data.get(name, "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days(free: Sequence[Slot], chosen: date | None, zone: ZoneInfo) -> list[Choice]:
    """Every day with a free time, and how many it has."""
    numbers: dict[date, int] = {}
    for slot in free:
        there = when.local_day(slot.start, zone)
        numbers[there] = numbers.get(there, 0) + 1
    listed = [
        Choice(day.isoformat(), f"{when.date_words(day)}: {number} free", day == chosen)
        for day, number in numbers.items()
    ]
    return [Choice("", "Any day", chosen not in numbers), *listed]


def _people(free: Sequence[Slot], chosen: int, people: Mapping[int, str]) -> list[Choice]:
    """Everybody with a free time, by name."""
    keys = sorted({slot.practitioner_id for slot in free}, key=lambda key: people.get(key, ""))
    return [
        Choice("", "Anyone", chosen not in keys),
        *(Choice(str(key), people.get(key, ""), key == chosen) for key in keys),
    ]
