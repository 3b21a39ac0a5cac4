"""NoOverlap: two appointments that occupy a practitioner's time cannot overlap, whoever writes to the table.

One declaration in `Appointment.Meta.constraints`, enforced by both databases:

- PostgreSQL: an exclusion constraint. The practitioner is written as a one-element int8range, because plain
  `=` on an integer in a GiST index needs the btree_gist extension, which many hosts do not offer.
- SQLite: BEFORE INSERT and BEFORE UPDATE triggers. They are handed to the schema editor through `deferred_sql`
  as statements that refer to their table: SQLite "alters" a table by building a new one, and a trigger made by
  RunSQL would silently vanish with the old one.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

# The states in which an appointment occupies time.
OCCUPYING = ("held", "booked")


class NoOverlap(BaseConstraint):
    """No two held or booked rows of one practitioner share a moment of [blocks_from, blocks_until)."""

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name, violation_error_message="This time overlaps another appointment.")

    # --- schema -------------------------------------------------------------------------------------------------------

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        """Called while a table is created. SQLite's triggers need the finished table, so they are deferred."""
        assert model is not None and schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._exclusion()}"
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        """Called when the constraint joins a table that exists; on SQLite Django rebuilds the table instead."""
        assert model is not None and schema_editor is not None
        return self._alter(
            model, schema_editor, f"ADD CONSTRAINT {schema_editor.quote_name(self.name)} {self._exclusion()}"
        )

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        assert model is not None and schema_editor is not None
        return self._alter(model, schema_editor, f"DROP CONSTRAINT {schema_editor.quote_name(self.name)}")

    def _alter(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, change: str
    ) -> Statement:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(f"ALTER TABLE %(table)s {change}", table=table)

    def _exclusion(self) -> str:
        return (
            "EXCLUDE USING gist ("
            "int8range(practitioner_id, practitioner_id, '[]') WITH &&, "
            "tstzrange(blocks_from, blocks_until, '[)') WITH &&) "
            "WHERE (state IN ('held', 'booked'))"
        )

    def _triggers(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return [
            Statement(
                f'CREATE TRIGGER "{self.name}_{event}" BEFORE {event.upper()} ON %(table)s '
                "WHEN NEW.state IN ('held', 'booked') AND EXISTS (SELECT 1 FROM %(table)s AS other "
                "WHERE other.practitioner_id = NEW.practitioner_id AND other.state IN ('held', 'booked') "
                "AND other.id IS NOT NEW.id AND other.blocks_from < NEW.blocks_until "
                "AND other.blocks_until > NEW.blocks_from) "
                f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END",
                table=table,
            )
            for event in ("insert", "update")
        ]

    # --- forms --------------------------------------------------------------------------------------------------------

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """The same rule as a form error. Raises ValidationError."""
        values = {
            name: getattr(instance, name)
            for name in ("practitioner_id", "state", "blocks_from", "blocks_until")
        }
        if values["state"] not in OCCUPYING or None in values.values():
            return
        others = model._default_manager.using(using).filter(
            practitioner_id=values["practitioner_id"],
            state__in=OCCUPYING,
            blocks_from__lt=values["blocks_until"],
            blocks_until__gt=values["blocks_from"],
        )
        if others.exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code="overlap")

    # --- migrations ---------------------------------------------------------------------------------------------------

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return "bookings.constraints.NoOverlap", (), {"name": self.name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and other.name == self.name

    def __hash__(self) -> int:
        return hash((type(self), self.name))
