"""What the worklist lets people choose from: concerns, practitioners, tags, staff. One statement for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import BooleanField, CharField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from bookings.models import Practitioner, Tag
from clinic.foundation.prepared import Prepared
from content.models import Concern, Treatment


@dataclass(frozen=True)
class Choice:
    """`code` is what an address says: a key, or a concern's code. `mine`: it is the reader, or their practitioner."""

    code: str
    name: str
    mine: bool


@dataclass(frozen=True)
class Lists:
    """Each in the order in which it is shown; practitioners, tags and staff without those switched off."""

    concerns: list[Choice]
    practitioners: list[Choice]
    tags: list[Choice]
    staff: list[Choice]
    treatments: list[Choice]

    @property
    def practises_as(self) -> int | None:
        """The practitioner (key) that the reader is, if they are one."""
        return next((int(choice.code) for choice in self.practitioners if choice.mine), None)


def read(user: int) -> Lists:
    """For a member of staff (by key): one SQL statement."""
    found: dict[str, list[tuple[int, str, Choice]]] = {}
    for what, code, name, more, mine, order in STATEMENT.rows((user,)):
        whole = f"{name} {more}".strip()
        found.setdefault(what, []).append((order, whole.lower(), Choice(code, whole, bool(mine))))
    sorted_ones = {
        what: [one for *_, one in sorted(rows, key=lambda row: row[:2])] for what, rows in found.items()
    }
    return Lists(
        *(sorted_ones.get(what, []) for what in ("concern", "practitioner", "tag", "staff", "treatment"))
    )


def choices(given: tuple[int], _: None) -> QuerySet[Any, Any]:
    (user,) = given
    staff = User.objects.filter(is_staff=True, is_active=True)
    called = Coalesce(NullIf("first_name", Value("")), "username")
    practitioners, tags = Practitioner.objects.filter(is_active=True), Tag.objects.filter(is_active=True)
    parts = (
        _lines("concern", Concern.objects.all(), "code", F("name"), order=F("order")),
        _lines("practitioner", practitioners, "pk", F("name"), mine=Q(user=user)),
        _lines("tag", tags, "pk", F("name")),
        _lines("treatment", Treatment.objects.all(), "code", F("name"), order=F("order")),
        _lines("staff", staff, "pk", called, mine=Q(pk=user), more=F("last_name")),
    )
    return parts[0].union(*parts[1:], all=True)


STATEMENT = Prepared(choices)  # every list of the desk begins with it


def _lines(
    what: str, rows: QuerySet[Any], code: str, name: F | Coalesce, **others: Any
) -> QuerySet[Any, Any]:
    """The rows in the six columns that all four share."""
    text, no = CharField(), ExpressionWrapper(Q(pk=None), BooleanField())
    stands = {
        "c_code": Cast(code, text),
        "c_name": Cast(name, text),
        "c_more": Cast(others.get("more", Value("")), text),
        "c_mine": ExpressionWrapper(others["mine"], BooleanField()) if "mine" in others else no,
        "c_order": others.get("order", Value(0)),
    }
    lines: QuerySet[Any, Any] = rows.order_by().annotate(c_what=Value(what), **stands)
    return lines.values_list("c_what", *stands)
