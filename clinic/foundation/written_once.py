"""WrittenOnce: lines of a history that the database itself neither changes nor deletes, whoever asks.

One declaration in the `constraints` of a HistoryLine, enforced by triggers on both databases. What may go is decided by the
lines alone, which nobody can change: by their age, on the database's own clock, or by what the lines of the same thing say.
No setting of a session opens it. docs/decisions/histories.md says what it protects against, and what it does not.

SQLite "alters" a table by building a new one, and loses the old one's triggers. So they are handed to the schema editor as
`NoOverlap` does it (bookings/constraints.py), and they name no table but their own, which may be the one being built.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint


class WrittenOnce(BaseConstraint):
    """No line is changed, and none is deleted, within `days` of its `at` (None: ever).

    All lines of a thing (the columns of `of` name it, whichever of them is filled) may be deleted as long as none of them is
    `held`: an SQL condition on `line`. Without one, none may.
    """

    def __init__(
        self, *, name: str, days: int | None, of: tuple[str, ...] = (), held: str | None = None
    ) -> None:
        super().__init__(name=name, violation_error_message="This history is append-only.")
        self.days, self.of, self.held = days, tuple(of), held

    # --- schema -------------------------------------------------------------------------------------------------------

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        """Called while a table is created. Triggers need the finished table, so they are deferred."""
        assert model is not None and schema_editor is not None
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        """Called when the constraint joins a table that exists, on PostgreSQL; on SQLite the table is rebuilt."""
        assert model is not None and schema_editor is not None
        [statement] = self._triggers(model, schema_editor)
        return statement

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        """Called on PostgreSQL alone; on SQLite the triggers go with the table that is rebuilt."""
        assert model is not None and schema_editor is not None
        name, table = (
            schema_editor.quote_name(self.name),
            Table(model._meta.db_table, schema_editor.quote_name),
        )
        return Statement(f"DROP TRIGGER {name} ON %(table)s; DROP FUNCTION {name}()", table=table)

    def _triggers(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        name = schema_editor.quote_name(self.name)
        if schema_editor.connection.vendor == "postgresql":
            return [Statement(self._postgresql(name), table=table)]
        return [
            Statement(
                f"CREATE TRIGGER {schema_editor.quote_name(self.name + '_' + event)} BEFORE {event.upper()} ON %(table)s "
                f"WHEN NOT ({' OR '.join(free)}) BEGIN SELECT RAISE(ABORT, '{self.name}'); END",
                table=table,
            )
            for event, free in (
                ("update", [self._old_in_sqlite()]),
                ("delete", [self._old_in_sqlite(), self._loose("%(table)s", "OLD")]),
            )
        ]

    def _old_in_sqlite(self) -> str:
        """Moments are texts there, in UTC."""
        return "0" if self.days is None else f"OLD.at < datetime('now', '-{self.days} days')"

    def _loose(self, table: str, old: str) -> str:
        """Whether what a line is about has no line that holds the others."""
        if self.held is None:
            return "1 = 0"
        same = " OR ".join(f"line.{column} = {old}.{column}" for column in self.of)
        return f"NOT EXISTS (SELECT 1 FROM {table} AS line WHERE ({same}) AND ({self.held}))"

    def _postgresql(self, name: str) -> str:
        """A function and its trigger. Of the search path nothing but PostgreSQL's own is used, whatever a session sets."""
        old = "false" if self.days is None else f"OLD.at < now() - interval '{self.days} days'"
        # format() puts the table's own name in; a percent sign is doubled, because Django fills %(table)s in.
        loose = self._loose("%%I.%%I", "$1").replace("'", "''")
        return (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$ "
            f"DECLARE free boolean := {old}; BEGIN "
            "IF NOT free AND TG_OP = 'DELETE' THEN "
            f"EXECUTE format('SELECT {loose}', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO free USING OLD; END IF; "
            f"IF NOT free THEN RAISE EXCEPTION '{self.name}' USING ERRCODE = 'restrict_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $body$; "
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW EXECUTE FUNCTION {name}()"
        )

    # --- forms and migrations -----------------------------------------------------------------------------------------

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing about a line that is being written."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        words = {"name": self.name, "days": self.days, "of": self.of, "held": self.held}
        return "clinic.foundation.written_once.WrittenOnce", (), words

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WrittenOnce) and other.deconstruct() == self.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))


def histories() -> list[type[models.Model]]:
    """Every model whose lines the database keeps. Call it once all apps are ready."""
    return [model for model in apps.get_models() if _names(model)]


@contextmanager
def lifted(*histories: type[models.Model], using: str = "default") -> Iterator[None]:
    """Let lines of these be changed and deleted, within a transaction: for migrations that must rewrite history, and tests.

    It takes the triggers away and puts them back, so on PostgreSQL it needs the tables' owner: `migrate` has it, the site
    should not. A migration says in its docstring what it rewrites and why, and hands over its own models.
    """
    connection = connections[using]
    names = {model._meta.db_table: _names(model) for model in histories}
    with transaction.atomic(using=using):
        back = _take_away(connection, names)
        yield
        if connection.vendor == "postgresql":
            _run(connection, ["SET CONSTRAINTS ALL IMMEDIATE", *back, "SET CONSTRAINTS ALL DEFERRED"])
        else:
            _run(connection, back)


def _names(model: type[models.Model]) -> list[str]:
    return [rule.name for rule in model._meta.constraints if isinstance(rule, WrittenOnce)]


def _take_away(connection: BaseDatabaseWrapper, names: dict[str, list[str]]) -> list[str]:
    """Take the triggers of these tables away; return the statements that put them back."""
    if connection.vendor == "postgresql":
        # With changes that wait for the end of the transaction, a table cannot be altered.
        pairs = [(table, name) for table, rules in names.items() for name in rules]
        _run(connection, ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"])
        _run(connection, [f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"' for table, name in pairs])
        return [f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"' for table, name in pairs]
    wanted = [
        f"{name}_{event}" for rules in names.values() for name in rules for event in ("update", "delete")
    ]
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(wanted))
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ({marks})", wanted
        )
        found = dict(cursor.fetchall())
    _run(connection, [f'DROP TRIGGER "{name}"' for name in found])
    return list(found.values())


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
