"""What clients want to ask at their visits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Subquery

from bookings.models import ConsultationRequest, VisitQuestion
from bookings.queries.json_rows import json_rows

_BODY = VisitQuestion._meta.get_field("body")


def open_questions(consultation: ConsultationRequest) -> list[VisitQuestion]:
    """Those that nobody has answered or put off, in order. One statement."""
    mine = VisitQuestion.objects.filter(request=consultation, state=VisitQuestion.State.OPEN)
    return list(mine.order_by("asked_at", "pk"))


def column(request: Any, *, words: bool = True) -> Subquery:
    """For `annotate`: the questions of a request (an OuterRef), read by `of_column`. Without `words` none has any."""
    rows = VisitQuestion.objects.filter(request=request)
    return json_rows(rows, "pk", "state", *(("body",) if words else ()))


def of_column(rows: Iterable[Sequence[Any]]) -> list[VisitQuestion]:
    """What `column` brought, in order."""
    return [_read(*row) for row in sorted(rows, key=lambda row: row[0])]


def _read(key: int, state: str, token: str = "") -> VisitQuestion:
    """The words are opened as a row's are: what no key opens stops nobody."""
    return VisitQuestion(pk=key, state=state, body=_BODY.from_db_value(token, None, None))
