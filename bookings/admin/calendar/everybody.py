"""A week of more people than fit beside each other: a line for each with what they have by day, and who is free when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from bookings import limits
from bookings.admin.calendar import blocks
from bookings.admin.calendar.blocks import Block, Drawn, Looks, Start
from bookings.queries.calendar import Calendar
from clinic.foundation import when


def is_crowded(calendar: Calendar) -> bool:
    return len(calendar.people) > limits.times.WEEK_SHOWS_PEOPLE


@dataclass(frozen=True, slots=True)
class Cell:
    """What somebody has on one day: the first visits, offers and holds, how many `more`, and why they are not there
    (`out`), if they have nothing.

    `free`: '3 h 30 min', empty for none.
    """

    first: Sequence[Block]
    more: int
    url: str
    out: str
    free: str


@dataclass(frozen=True, slots=True)
class Line:
    """One practitioner of the week, with the address of their own."""

    name: str
    url: str
    visits: int
    cells: Sequence[Cell]


class _Day(Protocol):
    @property
    def people(self) -> list[Drawn]: ...
    @property
    def url(self) -> str: ...


def week(days: Sequence[_Day], urls: Mapping[int, str]) -> list[Line]:
    """A line for each practitioner of these days; `urls` are of their own weeks."""
    lines = []
    for number, one in enumerate(days[0].people if days else ()):
        drawn = [day.people[number] for day in days]
        cells = [_cell(each, day.url) for each, day in zip(drawn, days, strict=True)]
        visits = sum(each.number for each in drawn)
        lines.append(Line(one.column.name, urls[one.column.pk], visits, cells))
    return lines


def _cell(drawn: Drawn, url: str) -> Cell:
    taken = [block for block in drawn.blocks if block.url]
    most = limits.times.WEEK_NAMES_VISITS
    shown = taken if len(taken) <= most else taken[: most - 1]
    away = next((block.name for block in drawn.blocks if block.kind in ("closed", "off")), "")
    out = "" if taken or drawn.free_minutes else away or ("full" if drawn.hours else "not in")
    return Cell(shown, len(taken) - len(shown), url, out, span(drawn.free_minutes))


def span(minutes: int) -> str:
    """'9 h 30 min'; empty for none."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


@dataclass(frozen=True, slots=True)
class Table:
    """Who is free when, in a week of many: a row an hour, with everybody's start at that hour by day."""

    days: list[str]
    rows: list[tuple[str, list[list[Start]]]]


def who_is_free(calendar: Calendar, looks: Looks) -> Table:
    """Everybody who could see somebody at each full hour of the week."""
    free: dict[tuple[date, int], list[Start]] = {}
    for column in calendar.people:
        pen = blocks.pen(calendar, column, (), looks)
        for one in pen.starts:
            there = when.local(one[0].start, calendar.zone)
            if there.minute == 0 and there.fold == 0:
                start = replace(pen.start(*one), words=looks.called[column.pk])
                free.setdefault((there.date(), there.hour), []).append(start)
    days = sorted({day for day, _ in free})
    at = sorted({hour for _, hour in free})
    rows = [(f"{hour:02}:00", [free.get((day, hour), []) for day in days]) for hour in at]
    return Table([blocks.short_day(day) for day in days], rows)
