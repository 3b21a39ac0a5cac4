"""Requests and visits as rows of a table, for managers to take along: either what clients came for, or who they are.

Never both in one file, and no health answer, note or flag in any. Read in batches, each after the last row of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Count, Max, Prefetch, Q, QuerySet

from bookings.limits.exports import BATCH_ROWS
from bookings.models import Appointment, ConsultationRequest
from bookings.wording import REASONS
from clinic.foundation import money
from clinic.foundation.tables import Cell


class What(StrEnum):
    REQUESTS = "requests"
    VISITS = "visits"


class Holds(StrEnum):
    """What an export says about clients."""

    FIGURES = "figures"  # what they came for, and no names
    PEOPLE = "people"  # names and how to reach them, and not what they came for


@dataclass(frozen=True, slots=True)
class Column:
    """`of` is given a request, or a visit with its request. `only`: in exports of that sort alone."""

    title: str
    of: Callable[[Any], Cell]
    only: Holds | None = None
    is_moment: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """Requests that arrived, or visits that begin, in [since, until) (UTC; None: no bound)."""

    what: What
    holds: Holds
    since: datetime | None = None
    until: datetime | None = None

    def columns(self) -> list[Column]:
        every = _REQUEST if self.what == What.REQUESTS else _VISIT
        return [column for column in every if column.only in (None, self.holds)]

    def titles(self, zone: ZoneInfo) -> list[str]:
        """Those of moments name the zone of their clocks."""
        return [f"{each.title} ({zone.key})" if each.is_moment else each.title for each in self.columns()]

    def measured(self) -> tuple[int, int]:
        """How many rows there are, and the key of the newest. One statement."""
        found = self._rows().aggregate(rows=Count("pk"), newest=Max("pk"))
        return found["rows"], found["newest"] or 0

    def rows(self, newest: int) -> Iterator[list[Cell]]:
        """The rows up to that key, in order of time. A batch takes two or three statements, however many there are."""
        columns = self.columns()
        by = "created_at" if self.what == What.REQUESTS else "starts_at"
        rows = _with_all_of_it(self.what, self._rows()).filter(pk__lte=newest).order_by(by, "pk")
        after = Q()
        while batch := list(rows.filter(after)[:BATCH_ROWS]):
            for row in batch:
                yield [column.of(row) for column in columns]
            last = getattr(batch[-1], by)
            after = Q(**{f"{by}__gt": last}) | Q(**{by: last, "pk__gt": batch[-1].pk})

    def _rows(self) -> QuerySet[Any]:
        if self.what == What.REQUESTS:
            rows: QuerySet[Any] = ConsultationRequest.objects.real()
            at, erased = "created_at", "erased_at"
        else:
            rows, at, erased = Appointment.objects.booked(), "starts_at", "request__erased_at"
        if self.since is not None:
            rows = rows.filter(**{f"{at}__gte": self.since})
        if self.until is not None:
            rows = rows.filter(**{f"{at}__lt": self.until})
        # Of somebody erased there is nobody to name; figures still add up.
        return rows if self.holds == Holds.FIGURES else rows.filter(**{erased: None})


def _with_all_of_it(what: What, rows: QuerySet[Any]) -> QuerySet[Any]:
    if what == What.VISITS:
        related = rows.select_related("request", "practitioner", "consultation_type")
        return related.prefetch_related("request__concerns")
    visits = Prefetch(
        "appointments",
        queryset=Appointment.objects.booked().select_related("practitioner"),
        to_attr="visits",
    )
    related = rows.select_related("consultation_type", "wished_practitioner", "assigned_to", "source_page")
    return related.prefetch_related("concerns", visits)


# --- what a column says -----------------------------------------------------------------------------------------------


def _concerns(consultation: ConsultationRequest) -> str:
    return "; ".join(concern.name for concern in consultation.concerns.all())


def _reason(code: str) -> str:
    """In words; a code that no longer has any stays as it is."""
    return REASONS.get(code, code)


def _owner(consultation: ConsultationRequest) -> str:
    user: User | None = consultation.assigned_to
    return (user.get_full_name() or user.get_username()) if user else ""


def _amount(visit: Appointment) -> Cell:
    """In major units, as people write it."""
    places = money.digits(visit.currency)
    return Decimal(visit.fee).scaleb(-places).quantize(Decimal(1).scaleb(-places))


def _of_visit(read: Callable[[Appointment], Cell]) -> Callable[[Any], Cell]:
    """Of a request: what its visit says, nothing if none is booked."""
    return lambda consultation: read(consultation.visits[0]) if consultation.visits else None


def _of_request(read: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    """Of a visit: what its request says."""
    return lambda visit: read(visit.request)


def _of_its_request(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same columns for a visit."""
    return tuple(replace(each, of=_of_request(each.of)) for each in columns)


_STATE: tuple[Column, ...] = (
    Column("Reference", lambda consultation: consultation.reference),
    Column("State", lambda consultation: consultation.state.words),
)
_WHO: tuple[Column, ...] = (
    Column("Name", lambda consultation: consultation.name, Holds.PEOPLE),
    Column("Call them", lambda consultation: consultation.name_to_use, Holds.PEOPLE),
    Column("E-mail", lambda consultation: consultation.email, Holds.PEOPLE),
    Column("Phone", lambda consultation: consultation.phone, Holds.PEOPLE),
    Column("Reach by", lambda consultation: consultation.get_contact_by_display(), Holds.PEOPLE),
    Column(
        "May leave a message",
        lambda consultation: "yes" if consultation.may_leave_message else "no",
        Holds.PEOPLE,
    ),
)
_ABOUT = Column("About", _concerns, Holds.FIGURES)
_MONEY: tuple[Column, ...] = (
    Column("Fee", _amount),
    Column("Currency", lambda visit: visit.currency),
)
_REQUEST: tuple[Column, ...] = (
    *_STATE,
    Column("Arrived", lambda consultation: consultation.created_at, is_moment=True),
    Column("Closed", lambda consultation: consultation.closed_at, is_moment=True),
    Column("Kind", lambda consultation: consultation.consultation_type.name),
    _ABOUT,
    Column("Asked for", lambda consultation: consultation.wished_start, is_moment=True),
    Column(
        "Asked for with",
        lambda consultation: (
            consultation.wished_practitioner.name if consultation.wished_practitioner else ""
        ),
    ),
    Column("Owner", _owner),
    Column("Declined because", lambda consultation: _reason(consultation.decline_reason), Holds.FIGURES),
    Column("Cancelled because", lambda consultation: _reason(consultation.cancel_reason), Holds.FIGURES),
    Column(
        "Came from",
        lambda consultation: consultation.source_page.menu_title if consultation.source_page else "",
        Holds.FIGURES,
    ),
    Column("Visit", _of_visit(lambda visit: visit.starts_at), is_moment=True),
    Column("Visit with", _of_visit(lambda visit: visit.practitioner.name)),
    *(Column(each.title, _of_visit(each.of)) for each in _MONEY),
    *_WHO,
)
_VISIT: tuple[Column, ...] = (
    *_of_its_request(_STATE),
    Column("Starts", lambda visit: visit.starts_at, is_moment=True),
    Column("Ends", lambda visit: visit.ends_at, is_moment=True),
    Column("Minutes", lambda visit: visit.minutes),
    Column("With", lambda visit: visit.practitioner.name),
    Column("Kind", lambda visit: visit.consultation_type.name),
    Column("Way", lambda visit: visit.get_mode_display()),
    *_MONEY,
    *_of_its_request((_ABOUT, *_WHO)),
)
