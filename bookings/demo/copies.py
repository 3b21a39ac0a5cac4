"""Many more requests, without playing each: what is over is copied, with other people, some weeks earlier.

A story takes some twenty milliseconds to play, a copy two. Visits move by as many weeks as all of them span, so that no two
meet; what led to no visit stays within the time for which it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import models
from django.utils.dateparse import parse_datetime

from bookings import limits
from bookings.demo.people import Person
from bookings.demo.stage import Stage
from bookings.models import (
    Answers,
    Appointment,
    Consent,
    ConsultationRequest,
    Event,
    Message,
    Note,
    SupportNeeds,
    VisitQuestion,
    WishWindow,
)
from bookings.states import CLOSED, Status
from bookings.workflow.submission import search_columns
from clinic.foundation import when

Row = TypeVar("Row", bound=models.Model)
Moved = Callable[[datetime], datetime]

_OVER = (*CLOSED, Status.ATTENDED, Status.NO_SHOW)
# What hangs on a request and is copied as it is, after its appointments, whose keys stand in the facts of others.
_WITH = (Answers, SupportNeeds, WishWindow, Consent, Note, VisitQuestion, Event, Message)


def make(stage: Stage, played: Sequence[ConsultationRequest], number: int, people: Iterator[Person]) -> int:
    """Copy those of the played requests that are over, in rounds that each lie further back, until there are `number`.

    Returns how many were made: none where nothing is over.
    """
    # A plan is one person's: whoever was sent one is not copied.
    over = [one for one in played if one.status in _OVER and not one.plans.exists()]
    span, made, back = _span(stage, over), 0, 0
    while over and made < number:
        back += 1
        batch = list(islice(_of_round(over, span, back), number - made))
        _round(stage, batch, people)
        made += len(batch)
    return made


def _span(stage: Stage, over: Sequence[ConsultationRequest]) -> int:
    """In how many weeks all their visits lie."""
    booked = Appointment.objects.booked().filter(request__in=over).values_list("starts_at", flat=True)
    return max(1, -(-(stage.now - min(booked, default=stage.now)) // timedelta(weeks=1)))


def _of_round(
    over: Sequence[ConsultationRequest], span: int, back: int
) -> Iterator[tuple[ConsultationRequest, int]]:
    """Each with the weeks by which its copy lies earlier."""
    kept = max(1, limits.retention.UNCONVERTED_DAYS // 7 // span - 1)
    for one in over:
        if one.status == Status.ATTENDED or (one.status == Status.NO_SHOW and back < kept):
            yield one, span * back
        elif one.status != Status.NO_SHOW:
            yield one, span * (back % kept)


def _round(stage: Stage, batch: Sequence[tuple[ConsultationRequest, int]], people: Iterator[Person]) -> None:
    """One statement for each table, and for what has keys of its own."""
    weeks = {one.pk: number for one, number in batch}
    made = ConsultationRequest.objects.bulk_create(
        (_somebody_else(stage, one, _moved(stage, weeks[one.pk]), next(people)) for one, _ in batch),
        batch_size=100,
    )
    twins = {one.pk: twin for (one, _), twin in zip(batch, made, strict=True)}

    def moved(row: Any) -> Moved:
        return _moved(stage, weeks[row.request_id])

    old: list[Any] = list(Appointment.objects.filter(request__in=twins).order_by("pk"))
    new = Appointment.objects.bulk_create(
        (_copy(row, moved(row), request=twins[row.request_id]) for row in old), batch_size=100
    )
    keys = {row.pk: twin.pk for row, twin in zip(old, new, strict=True)}
    for model in _WITH:
        rows: Any = model._default_manager.filter(request__in=twins).order_by("pk")
        _bulk(model, (_hanging(stage, row, moved(row), keys, twins[row.request_id]) for row in rows))
    for through in (ConsultationRequest.concerns.through, ConsultationRequest.tags.through):
        rows = through._default_manager.filter(consultationrequest__in=twins).order_by("pk")
        _bulk(
            through,
            (
                _copy(row, lambda at: at, consultationrequest=twins[row.consultationrequest_id])
                for row in rows
            ),
        )


def _hanging(
    stage: Stage, row: Any, moved: Moved, keys: Mapping[int, int], twin: ConsultationRequest
) -> models.Model:
    changes: dict[str, Any] = {"request": twin}
    if isinstance(row, Event | Message):
        changes["facts"] = _facts(row.facts, moved, keys)
    if isinstance(row, Message):
        changes |= {"to": twin.email, "message_id": stage.message_id(), "note": None, "link": None}
    copied: models.Model = _copy(row, moved, **changes)
    return copied


def _facts(value: Any, moved: Moved, keys: Mapping[int, int], name: str = "") -> Any:
    """The facts of an event or a mail, about the copied times."""
    match value:
        case dict():
            return {key: _facts(each, moved, keys, key) for key, each in value.items()}
        case list():
            return [_facts(each, moved, keys, name) for each in value]
        case int() if name in ("appointment", "appointments"):
            return keys.get(value, value)
        case str() if (at := _moment(value)) is not None:
            return moved(at).isoformat()
    return value


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        at = parse_datetime(text)
        return at if at is not None and at.tzinfo is not None else None
    return None


def _bulk(model: type[models.Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=100)


def _moved(stage: Stage, weeks: int) -> Moved:
    """The same time of the same day of the week, so many weeks earlier, by the clinic's clock."""

    def earlier(at: datetime) -> datetime:
        wall = when.local(at, stage.zone).replace(tzinfo=None) - timedelta(weeks=weeks)
        return when.instant(wall, stage.zone)

    return earlier


def _copy(row: Row, moved: Moved, **changes: Any) -> Row:
    """A new row like this one, with its moments moved."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    values = {name: moved(value) if isinstance(value, datetime) else value for name, value in values.items()}
    for name in changes:
        values.pop(f"{name}_id", None)
    return type(row)(**values | changes)


def _somebody_else(
    stage: Stage, one: ConsultationRequest, moved: Moved, person: Person
) -> ConsultationRequest:
    return _copy(
        one,
        moved,
        draft_id=stage.draft_id(),
        calendar_uid=str(stage.draft_id()),
        reference=stage.reference(),
        name=person.name,
        name_to_use=person.name_to_use,
        email=person.email,
        phone=person.phone,
        contact_by=person.contact_by,
        follows=None,
        **search_columns(person.name, person.email, person.phone),
    )
