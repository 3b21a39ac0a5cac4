"""Free times as staff look through them: by day and by practitioner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bookings import slot_text
from bookings.availability import Slot
from clinic.foundation import when


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
    return [Day(name, times, any(t.chosen for t in times)) for name, times in days.items()]
