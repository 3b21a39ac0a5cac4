"""Django's PostgreSQL with limits that hold behind a pooler: how long a statement may run, and wait for a lock.

A pooler in transaction mode (PgBouncer) gives each transaction whatever connection is free. So what a client sets for its
session affects another client, and what it asks for when it connects is refused. What its role has set in this database
applies to each connection, direct or lent, and to a statement outside any transaction as well. `migrate` writes it down.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db.backends.postgresql import base, schema

from clinic.foundation.limits.waits import LOCK_WAIT, MIGRATION_LOCK_WAIT, STATEMENT_TIME

LIMITS = {"lock_timeout": LOCK_WAIT, "statement_timeout": STATEMENT_TIME}


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """A migration may take its time: until its transaction ends, no statement in it is cut. For a lock it waits
    MIGRATION_LOCK_WAIT, or as long as its role does if that is less.

    One that is not atomic has no transaction, and is cut as any other statement is.
    """

    def __enter__(self) -> Self:
        super().__enter__()
        if self.atomic_migration and not self.collect_sql:
            self.execute("SET LOCAL statement_timeout = 0")
            self.execute(
                "SELECT set_config('lock_timeout', CASE WHEN setting::int BETWEEN 1 AND %s THEN setting ELSE %s END, true)"
                " FROM pg_settings WHERE name = 'lock_timeout'",
                [milliseconds := MIGRATION_LOCK_WAIT // timedelta(milliseconds=1), str(milliseconds)],
            )
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """What ENGINE names for PostgreSQL."""

    SchemaEditorClass = DatabaseSchemaEditor

    def prepare_database(self) -> None:
        """Called by `migrate` before anything else: write down the limits that this role lacks in this database."""
        super().prepare_database()
        self.write_down({name: LIMITS[name] for name in self.unlimited()})

    def unlimited(self) -> list[str]:
        """Which of LIMITS this connection lacks. What the clinic has set to another number is its own choice."""
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = '0' ORDER BY name",
                [list(LIMITS)],
            )
            return [name for (name,) in cursor.fetchall()]

    def write_down(self, limits: dict[str, timedelta]) -> None:
        """Let the role of this connection have these limits in this database, from its next connection on."""
        with self.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            name = self.ops.quote_name(cursor.fetchone()[0])
            for limit, span in limits.items():
                cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {name} SET {limit} = %s", [_in_ms(span)])


def _in_ms(span: timedelta) -> str:
    return f"{span // timedelta(milliseconds=1)}ms"
