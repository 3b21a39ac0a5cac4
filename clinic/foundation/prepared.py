"""A statement that Django's ORM writes once, and that then runs as often as it is asked for.

Putting a long query together takes Django milliseconds of processor time, many times what the database takes to answer it.
What differs between two runs are a few moments, days and keys. So the query is put together once per process and kind of
database, with stand-ins for these, and each run only fills them in. See docs/decisions/prepared.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models import query as django_query
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler

Value = datetime | date | int | str | UUID
# What differs between two runs: a tuple (or a NamedTuple) of moments, days, keys and texts.
Given = TypeVar("Given", bound=Sequence[Value])


class Prepared(Generic[Given]):
    """`write` puts the query together, from what differs between two runs and from what seldom differs (`fixed`): for
    another `fixed`, it is written once more.

    `write` may only hand on what it is given. If it computes something from it, or decides by it, the statement would keep
    what came out at the first time, so that is refused (ValueError).
    """

    def __init__(self, write: Callable[[Given, Any], QuerySet[Any, Any]]) -> None:
        self._write = write
        self._written: dict[Hashable, _Statement] = {}

    def rows(self, given: Given, fixed: Hashable = None) -> Iterator[tuple[Any, ...]]:
        """What `write(given, fixed)` would find, a query of values (`values_list`): one SQL statement."""
        return self._statement(given, fixed).run(given)

    def models(self, given: Given, fixed: Hashable = None) -> Iterator[Any]:
        """What `write(given, fixed)` would find, a query of models: one SQL statement. Nothing is prefetched."""
        return self._statement(given, fixed).models(given)

    def _statement(self, given: Given, fixed: Hashable) -> _Statement:
        key = (connection.vendor, fixed)
        if key not in self._written:
            self._written[key] = _Statement(lambda stand_ins: self._write(stand_ins, fixed), given)
        return self._written[key]


def at_hand(row: models.Model, name: str, rows: list[Any]) -> None:
    """Let `row.<name>.all()` find these rows, as Django's own prefetching does."""
    known = getattr(row, name).all()
    known._result_cache, known._prefetch_done = rows, True
    kept: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[name] = known


class _Statement:
    """One text of SQL, and where in its parameters stands what."""

    def __init__(self, write: Callable[[Any], QuerySet[Any, Any]], given: Any) -> None:
        first, second = _stand_ins(given, 1), _stand_ins(given, 2)
        self._sql, self._parameters, compiler = _compiled(write(first))
        sql, parameters, _ = _compiled(write(second))
        if sql != self._sql:
            raise ValueError("The text of the statement depends on what differs between two runs.")
        column_of = {_adapted(value): column for column, value in enumerate(first)}
        self._places = {
            place: column_of.get(mine)
            for place, (mine, other) in enumerate(zip(self._parameters, parameters, strict=True))
            if _bare(mine) != _bare(other)
        }
        if None in self._places.values():
            raise ValueError(
                "A parameter was computed from what differs between two runs: give it by itself."
            )
        self._compiler: Any = compiler
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])

    def run(self, given: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        values = [_adapted(value) for value in given]
        filled = list(self._parameters)
        for place, column in self._places.items():
            filled[place] = values[column or 0]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, filled)
            found = cursor.fetchall()
        return (self._converted(row) for row in found) if self._converters else iter(found)

    def models(self, given: Sequence[Any]) -> Iterator[Any]:
        """As Django's ModelIterable makes them of its rows, only past their `__init__`, which goes through each field."""
        using, select = connection.alias, self._compiler.select
        info: Any = self._compiler.klass_info
        own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        names = [column.target.attname for column, *_ in select[own]]
        joined = _populators(info, select, using)
        for row in self.run(given):
            found = _made(info["model"], zip(names, row[own], strict=True))
            for populator in joined:
                populator.populate(row, found)
            added = self._compiler.annotation_col_map
            vars(found).update({name: row[place] for name, place in added.items()})
            yield found

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """As Django's compiler does it."""
        cells = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                cells[place] = convert(cells[place], expression, connection)
        return tuple(cells)


def _made(model: type[models.Model], values: Iterable[tuple[str, Any]]) -> Any:
    """A row of the database as a model: what `from_db` makes of the same values."""
    found = model.__new__(model)
    vars(found).update(values)
    found._state = ModelState()
    found._state.db, found._state.adding = connection.alias, False
    return found


# What the types say of it is already Django 6.
_populators: Callable[..., Any] = django_query.get_related_populators


def _compiled(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...], SQLCompiler]:
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    return sql, tuple(parameters), compiler


def _bare(value: Any) -> Any:
    """What psycopg2 wraps JSON in is never equal to another wrapper of the same."""
    return getattr(value, "adapted", value)


def _stand_ins(given: Any, turn: int) -> Any:
    """Values of the same types, each another one, that nobody would write into a query. A number has to fit its column: what
    compares a column with a number that it cannot hold is left out by Django. So a column of small numbers is `fixed`.
    """
    values = [_stand_in(value, 100 * turn + place) for place, value in enumerate(given)]
    return type(given)(*values) if hasattr(given, "_fields") else type(given)(values)


def _stand_in(value: Value, number: int) -> Value:
    if isinstance(value, datetime):
        return datetime(1801, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if isinstance(value, date):
        return date(1701, 1, 1) + timedelta(days=number)
    if isinstance(value, UUID):
        return UUID(int=number)
    return f"stand-in {number}" if isinstance(value, str) else 1_801_000 + number


def _adapted(value: Value) -> Any:
    """As this kind of database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
