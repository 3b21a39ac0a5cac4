"""The rows that hang on a row, in one column of it: a page of a list takes one statement, whatever its lines show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import (
    Count,
    DateTimeField,
    Field,
    Func,
    JSONField,
    Model,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

M = TypeVar("M", bound=Model)


class _Array(Func):
    """All rows of a query as a JSON array, each an array of these columns, in no order."""

    output_field = JSONField()
    contains_aggregate = False  # the whole subquery is one group

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="json_group_array(json_array(%(expressions)s))", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "coalesce(jsonb_agg(jsonb_build_array(%(expressions)s)), '[]'::jsonb)"
        return self.as_sql(compiler, connection, template=template, **context)


def json_rows(rows: QuerySet[Any], *columns: str) -> Subquery:
    """For `annotate`: a list of these columns of each of the `rows`, which refer to the outer row. Moments come as text."""
    return Subquery(rows.order_by().values(_rows=_Array(*columns)))


def row_of(model: type[M], columns: Sequence[str], values: Sequence[Any]) -> M:
    """The row of which `json_rows` told these columns: what JSON has no word for (a time, a day) is read from its text."""
    read = {}
    for name, value in zip(columns, values, strict=True):
        field = model._meta.get_field(name)
        assert isinstance(field, Field), name
        read[name] = moment(value) if isinstance(field, DateTimeField) else field.to_python(value)
    return model(**read)


def moment(text: str | None) -> datetime | None:
    """The moment (UTC) that came as text; SQLite leaves out the zone."""
    if text is None:
        return None
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def sure(text: str) -> datetime:
    """The same of a column that is never empty."""
    read = moment(text)
    assert read is not None
    return read


def first(rows: QuerySet[Any], most: int, *columns: str, of: QuerySet[Any] | None = None) -> Subquery:
    """These columns (of `of`, if they are not the table's own) of the first rows.

    They are chosen in a query of their own: an array of JSON has no end and no order. What they were chosen by is not asked
    again, so that the database has only these few keys to follow, whatever it believes of the table.
    """
    whole = rows.model._default_manager.all() if of is None else of
    return json_rows(whole.filter(pk__in=rows.values("pk")[:most]), *columns)


def number(rows: QuerySet[Any], what: str = "pk") -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count(what, distinct=True))
    return Coalesce(Subquery(counted.values("n")), Value(0))
