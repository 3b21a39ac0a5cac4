"""Free times as staff look through them: by day, narrowed to a weekday, a part of the day, a practitioner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import QueryDict

from bookings import slot_text
from bookings.availability import Slot
from bookings.ranking import PARTS
from clinic.foundation import when
from clinic.foundation.text import id_in


@dataclass(frozen=True)
class Time:
    """One time to choose: its value in the form, "14:30", whose it is, and whether it is chosen now."""

    value: str
    clock: str
    who: str
    chosen: bool = False


@dataclass(frozen=True)
class Day:
    """A day with its times. `open`: unfolded."""

    name: str
    times: list[Time]
    open: bool = False

    @property
    def people(self) -> list[tuple[str, list[Time]]]:
        """The day's times by practitioner, so that a name stands once and not on every time."""
        found: dict[str, list[Time]] = {}
        for time in self.times:
            found.setdefault(time.who, []).append(time)
        return sorted(found.items())


def by_day(
    slots: Iterable[Slot],
    practitioners: Mapping[int, str],
    zone: ZoneInfo,
    *,
    chosen: str = "",
    without: Iterable[str] = (),
    unfolded: bool = False,
) -> list[Day]:
    """The slots (in order) by local day. The day of the `chosen` value is open; `without` are values shown elsewhere."""
    left_out = set(without)
    days: dict[str, list[Time]] = {}
    for slot in slots:
        value, there = slot_text.of(slot), when.local(slot.start, zone)
        if value not in left_out:
            time = Time(
                value,
                when.digits(slot.start, zone),
                practitioners.get(slot.practitioner_id, ""),
                value == chosen,
            )
            days.setdefault(when.date_words(there.date()), []).append(time)
    return [Day(name, times, unfolded or any(t.chosen for t in times)) for name, times in days.items()]


@dataclass(frozen=True)
class Chip:
    """One way to narrow the times: a button that keeps everything else on the page."""

    value: str
    words: str
    here: bool


@dataclass(frozen=True)
class Narrowed:
    """What somebody wants to see: weekday ("0" is Monday, "" is any), part of the day, practitioner (id or "")."""

    day: str = ""
    part: str = ""
    who: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> Narrowed:
        """From the posted chips; anything made up means "any"."""
        day, part = data.get("see_day", ""), data.get("see_part", "")
        return cls(
            day if day in list("0123456") else "",
            part if part in PARTS and part != "any" else "",
            str(id_in(data.get("see_who", "")) or ""),
        )

    @property
    def any(self) -> bool:
        return not (self.day or self.part or self.who)

    def fit(self, slots: Iterable[Slot], zone: ZoneInfo) -> list[Slot]:
        """The slots that somebody wants to see."""
        hours = PARTS[self.part or "any"]
        return [
            slot
            for slot in slots
            if (not self.who or slot.practitioner_id == int(self.who))
            and (not self.day or when.local(slot.start, zone).weekday() == int(self.day))
            and when.local(slot.start, zone).hour in hours
        ]

    def rows(self, slots: Iterable[Slot], practitioners: Mapping[int, str], zone: ZoneInfo) -> list[Row]:
        """The chips: only weekdays and people that have a time at all."""
        all_slots = list(slots)
        days = sorted({when.local(slot.start, zone).weekday() for slot in all_slots})
        people = sorted(
            {slot.practitioner_id for slot in all_slots}, key=lambda key: practitioners.get(key, "")
        )
        rows = [
            Row(
                "see_day", "Day", self.day, [("", "Any day"), *((str(d), when.WEEKDAYS[d][:3]) for d in days)]
            ),
            Row(
                "see_part",
                "Part of the day",
                self.part,
                [("", "Any time"), *((part, part.capitalize()) for part in PARTS if part != "any")],
            ),
        ]
        if len(people) > 1:
            names = [(str(key), practitioners.get(key, "")) for key in people]
            rows.append(Row("see_who", "With", self.who, [("", "Anyone"), *names]))
        return rows


@dataclass(frozen=True)
class Row:
    """One row of chips. `name` is the field that each of its buttons posts."""

    name: str
    label: str
    now: str
    choices: list[tuple[str, str]]

    @property
    def chips(self) -> list[Chip]:
        return [Chip(value, words, value == self.now) for value, words in self.choices]
