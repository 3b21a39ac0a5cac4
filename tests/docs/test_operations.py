"""docs/operations.md: every limit with the number that the code has, and every booking rule among them."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.db.models import NOT_PROVIDED, Model, PositiveSmallIntegerField

from bookings.models import BookingRules
from tests.docs.pages import read, table

LIMITS = {where.strip("`"): number for _, number, where in table(read("docs/operations.md"), "limit")}
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def in_the_code(name: str) -> Any:
    """The constant, setting or field's default of this dotted name."""
    if name.startswith("clinic.settings."):
        return getattr(settings, name.rpartition(".")[2])
    home, _, last = name.rpartition(".")
    try:
        return getattr(import_module(home), last)
    except ModuleNotFoundError:
        model: type[Model] = getattr(import_module(home.rpartition(".")[0]), home.rpartition(".")[2])
        default = model._meta.get_field(last).default  # type: ignore[union-attr]  # a plain field, not a relation
        assert default is not NOT_PROVIDED
        return default


def agrees(words: str, value: Any) -> bool:
    """Whether `words` begin with this number: "4 minutes" with 4 or timedelta(minutes=4). Several are joined by "and"."""
    if isinstance(value, tuple):
        parts = words.split(" and ")
        return len(parts) == len(value) and all(agrees(w, v[-1]) for w, v in zip(parts, value, strict=True))
    found = re.match(r"(\d+)(?: (second|minute|hour|day))?", words)
    if found is None:
        return False
    if isinstance(value, timedelta):
        return found[2] is not None and int(found[1]) * UNITS[found[2]] == value.total_seconds()
    return bool(int(found[1]) == value)


@pytest.mark.parametrize("where", list(LIMITS))
def test_a_limit_is_what_the_page_says(where: str) -> None:
    assert agrees(LIMITS[where], in_the_code(where)), f"{LIMITS[where]!r} is not {in_the_code(where)!r}"


def test_every_booking_rule_is_on_the_page() -> None:
    rules = {
        field.name
        for field in BookingRules._meta.get_fields()
        if isinstance(field, PositiveSmallIntegerField)
    }
    listed = {name.rpartition(".")[2] for name in LIMITS if ".BookingRules." in name}
    assert listed == rules


def test_every_limit_against_floods_is_on_the_page() -> None:
    """A limit of a network or an address is a number with a name, and its name is in the table."""
    rooms = [room for room in vars(import_module("bookings.limits")).values() if isinstance(room, ModuleType)]
    numbers = {f"{room.__name__}.{name}" for room in rooms for name in vars(room) if "_PER_" in name}
    assert numbers and numbers <= LIMITS.keys()


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("5 minutes", 4),
        ("4 hours", timedelta(minutes=4)),
        ("4", timedelta(minutes=4)),
        ("none", 4),
        ("48 hours", (("a", 2),)),
    ],
)
def test_a_wrong_number_is_seen(words: str, value: Any) -> None:
    assert not agrees(words, value)


def test_a_right_one_passes() -> None:
    assert agrees("4 minutes", timedelta(minutes=4))
    assert agrees("48 hours and 2 hours", (("a", timedelta(hours=48)), ("b", timedelta(hours=2))))
