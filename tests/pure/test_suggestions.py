"""The times that the desk is suggested to offer: twenty examples that a receptionist can read, and what is always so."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bookings.availability import Interval, Slot
from bookings.ranking import POINTS, Around, Names, Why, Wish, part_of, rank, words
from clinic.foundation import when

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 24)
PEOPLE = {"Ana": 1, "Bo": 2}
NAMES = Names(practitioners={key: name for name, key in PEOPLE.items()}, concerns=["keloid scars"])
VISIT, AFTER = timedelta(minutes=45), timedelta(minutes=15)
EXAMPLES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "suggestions.yaml").read_text())


def moment(text: str) -> datetime:
    """'Tue 1 Dec 10:30' in 2026, in winter, when London is on UTC."""
    return datetime.strptime(f"{text} 2026", "%a %d %b %H:%M %Y").replace(tzinfo=UTC)


def slot(text: str) -> Slot:
    """'Tue 1 Dec 10:30 Bo'."""
    at, _, who = text.rpartition(" ")
    return Slot(start=moment(at), practitioner_id=PEOPLE[who], end=moment(at) + VISIT)


def taken(text: str) -> tuple[int, Interval]:
    """'Bo Tue 1 Dec 9:00-10:00'."""
    found = re.fullmatch(r"(\w+) (.+) (\S+)-(\S+)", text)
    assert found, text
    who, day, starts, ends = found.groups()
    return PEOPLE[who], (moment(f"{day} {starts}"), moment(f"{day} {ends}"))


def window(text: str) -> tuple[int | None, str]:
    """'Tuesday morning', 'any evening'."""
    day, part = text.split()
    return None if day == "any" else when.WEEKDAYS.index(day), part


def wish_of(example: dict[str, Any]) -> Wish:
    return Wish(
        start=moment(example["asked"]) if "asked" in example else None,
        practitioner_id=PEOPLE.get(example.get("with", "")),
        windows=tuple(map(window, example.get("windows", ()))),
    )


def around_of(example: dict[str, Any]) -> Around:
    busy: dict[int, list[Interval]] = {}
    for who, interval in map(taken, example.get("taken", ())):
        busy.setdefault(who, []).append(interval)
    specialists = {PEOPLE[name] for name in example.get("names it", ())}
    return Around(
        zone=LONDON,
        today=TODAY,
        busy={who: sorted(times) for who, times in busy.items()},
        after=AFTER,
        specialists=specialists,
    )


def suggested(example: dict[str, Any], free: list[Slot]) -> list[str]:
    wish = wish_of(example)
    ranked = rank(free, wish, around_of(example), count=4)
    return [
        f"{one.slot.start:%a} {one.slot.start.day} {one.slot.start:%b} {one.slot.start.hour}:{one.slot.start:%M} "
        f"{NAMES.practitioners[one.slot.practitioner_id]}: {words(one, wish, NAMES, LONDON)}"
        for one in ranked
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["story"])
def test_an_example(example: dict[str, Any]) -> None:
    free = list(map(slot, example["free"]))
    assert suggested(example, free) == example["suggested"]
    # In whatever order they come out of the database.
    random.Random(7).shuffle(free)
    assert suggested(example, free) == example["suggested"]


def test_there_are_twenty_and_every_reason_is_among_them() -> None:
    assert len(EXAMPLES) == 20
    shown = set()
    for example in EXAMPLES:
        ranked = rank(map(slot, example["free"]), wish_of(example), around_of(example), count=4)
        shown |= {why for one in ranked for why in one.reasons}
    assert shown == set(Why) == set(POINTS)


def test_what_is_on_the_page_already_keeps_its_morning() -> None:
    free = [slot("Wed 2 Dec 9:00 Bo"), slot("Wed 2 Dec 14:00 Bo")]
    around = Around(zone=LONDON, today=TODAY)
    ranked = rank(free, Wish(), around, count=4, apart_from=[moment("Wed 2 Dec 11:00")])
    assert [one.slot for one in ranked] == free[1:]


def test_a_part_of_the_day_is_the_clinic_s_own() -> None:
    """Half past five in the evening in London is not yet one in New York."""
    late = when.local(moment("Wed 2 Dec 17:30"), LONDON)
    assert (part_of(late), part_of(late.astimezone(ZoneInfo("America/New_York")))) == ("evening", "afternoon")
