"""Which free times somebody asks for: of what kind, with whom, from which day on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from bookings import limits
from bookings.client.times.words import zone_named
from bookings.models import Appointment, ConsultationType, Practitioner
from bookings.queries import slots as free
from bookings.queries import visits
from bookings.queries.slots import Wanted
from bookings.slot_text import ANY
from clinic.foundation.text import id_in


class Unclear(ValueError):
    """A question about times that cannot be answered; the text says why, for people."""


@dataclass(frozen=True)
class TimesQuery:
    """Which times somebody wants to see. `first_day` None: from the first free one on; `day` is the one to open. `visit` is
    one that is to be moved. `is_without`: somebody was asked for who has no times of this kind: these are
    everybody's.
    """

    wanted: Wanted
    practitioners: list[Practitioner]
    practitioner: Practitioner | None
    first_day: date | None
    day: date | None
    days: int
    zone: ZoneInfo | None
    visit: Appointment | None = None
    is_without: bool = False

    @property
    def kind(self) -> ConsultationType:
        return self.wanted.kind

    @property
    def practitioner_id(self) -> int | None:
        return self.wanted.practitioner_id


def query_of(
    params: QueryDict,
    kinds: list[ConsultationType],
    concerns: Collection[str] = (),
    *,
    visit: Appointment | None = None,
    people_of: Callable[[Wanted], list[Practitioner]] = free.practitioners,
    is_known: Callable[[int], bool] = lambda key: False,
) -> TimesQuery:
    """Read ?type=&practitioner=&day=&from=&days=&zone=. Empty ones mean the default. Raises Unclear.

    `visit` is one that is to be moved: its own length, mode and concerns count. `people_of`: who fits, by name.
    `is_known`: whether this is somebody, in whose place everybody is meant where they have no times of the kind.
    """
    kind = _one_of(params.get("type", ""), kinds, "This kind of consultation is not offered.") or kinds[0]
    wanted = visits.to_move(visit) if visit else Wanted(kind=kind, concerns=tuple(concerns))
    people = people_of(wanted)
    asked = params.get("practitioner", "")
    is_without = id_in(asked) not in {one.pk for one in people} and is_known(id_in(asked))
    person = None if is_without else _one_of(asked, people, "This person has no times for it.")
    in_person = (visit or kind).mode == ConsultationType.Mode.IN_PERSON
    return TimesQuery(
        wanted=wanted.by(person.pk if person else None),
        practitioners=people,
        practitioner=person,
        first_day=_day(params.get("from", "")),
        day=_day(params.get("day", "")),
        days=_count(params.get("days", "")),
        zone=None if in_person else zone_named(params.get("zone", "")),
        visit=visit,
        is_without=is_without,
    )


def address(query: TimesQuery, **more: str) -> str:
    """The part of an address that asks for the same times, without the day: 'type=1&practitioner=any&...'. `more` is what it
    says besides, or instead."""
    zone = {"zone": query.zone.key} if query.zone else {}
    asked = {"type": query.kind.pk, "practitioner": query.practitioner_id or ANY, **zone}
    return urlencode({**more, **asked, **more})


def day_kept(query: TimesQuery) -> dict[str, str]:
    """The day that was asked for, as an address says it; nothing if none was."""
    return {"day": query.day.isoformat()} if query.day else {}


_Row = TypeVar("_Row", ConsultationType, Practitioner)


def _one_of(text: str, rows: list[_Row], missing: str) -> _Row | None:
    if text in ("", ANY):
        return None
    found = next((row for row in rows if str(row.pk) == text), None)
    if found is None:
        raise Unclear(missing)
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Unclear("Write the day like 2026-12-01.") from None


def _count(text: str) -> int:
    if not text:
        return limits.times.TIMES_PAGE_DAYS
    if not 1 <= id_in(text) <= limits.times.TIMES_MOST_DAYS:
        raise Unclear(f"Ask for between 1 and {limits.times.TIMES_MOST_DAYS} days.")
    return id_in(text)
