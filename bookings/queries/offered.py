"""The kinds of consultation that clients can ask for, each with who gives it and when they work."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet

from bookings.availability import WeeklyHours
from bookings.models import ConsultationType, Practitioner, WorkingHours
from bookings.queries.hours import COLUMNS, from_json
from bookings.queries.json_rows import json_rows
from clinic.foundation.prepared import Prepared


@dataclass(frozen=True)
class Offered:
    """A kind, and who gives it, by name. Of these practitioners only key and name are at hand."""

    kind: ConsultationType
    people: list[Practitioner]
    _hours: list[list[Any]]

    @property
    def hours(self) -> dict[int, list[WeeklyHours]]:
        """When each of them works, by key."""
        found: dict[int, list[WeeklyHours]] = defaultdict(list)
        for key, *row in self._hours:
            found[key].append(from_json(row))
        return found


def offered() -> list[Offered]:
    """Those that somebody gives, in the editors' order: one SQL statement. Treatment sessions are none of them."""
    return [
        Offered(
            kind=kind,
            people=[
                Practitioner.from_db(None, ("id", "name"), (key, name))
                for key, name in sorted(kind.its_people, key=lambda row: (row[1], row[0]))
            ],
            _hours=kind.its_hours,
        )
        for kind in OFFERED.models(())
    ]


def kinds(_: tuple[()], __: None) -> QuerySet[Any]:
    people = Practitioner.objects.filter(is_active=True, consultation_types=OuterRef("pk"))
    hours = WorkingHours.objects.filter(
        practitioner__is_active=True, practitioner__consultation_types=OuterRef("pk")
    )
    found: QuerySet[Any] = types_offered((), None).annotate(
        its_people=json_rows(people, "pk", "name"),
        its_hours=json_rows(hours, "practitioner_id", *COLUMNS),
    )
    return found


def types_offered(_: tuple[()], __: None) -> QuerySet[Any]:
    """The kinds alone."""
    asked_for = ConsultationType.objects.filter(
        is_active=True, practitioners__is_active=True, purpose=ConsultationType.Purpose.CONSULTATION
    )
    return asked_for.distinct().order_by("order", "id")


OFFERED = Prepared(kinds)
