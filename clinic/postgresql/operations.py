"""What a migration does to a table that the site reads and writes meanwhile, without stopping it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AddIndexBeside(AddIndexConcurrently):
    """AddIndex for a table that grows for years: on PostgreSQL it is built beside the writers, who do not wait for it.

    Its migration says `atomic = False` and does nothing else. An index that was left half built is built anew, so `migrate`
    may be interrupted and run again. It waits for whoever began before it and holds nobody up, so no limit cuts it here. Run
    it on a direct connection: a pooler would lend its limits to somebody else. Backwards the role's limits
    hold. On SQLite it is a plain AddIndex.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        editor: Any = schema_editor
        editor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        try:
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {editor.quote_name(self.index.name)}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            editor.execute("RESET statement_timeout; RESET lock_timeout")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)


class IndexBesideInSQL(Operation):
    """An index that SQLite could not have, written out: `text` is what follows the table in CREATE INDEX.

    It is built beside the writers, as AddIndexBeside does it; on SQLite there is none. Django's models do not know of it.
    """

    atomic = False

    def __init__(self, model_name: str, name: str, text: str) -> None:
        self.model_name, self.name, self.text = model_name, name, text

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def describe(self) -> str:
        return f"Index {self.name} on {self.model_name}, on PostgreSQL"

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        editor: Any = schema_editor
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        name, on = editor.quote_name(self.name), editor.quote_name(table)
        editor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        try:
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            editor.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on} {self.text}", params=None)
        finally:
            editor.execute("RESET statement_timeout; RESET lock_timeout")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.name)}")
