"""What the public pages are made of, and the triggers that make another edition when any of it changes.

They are in the database because rows change in many ways: by verbs, in the admin, by the loader, by a migration, by hand.
`migrate` ends with `install`. Not a part of any migration: SQLite "alters" a table by building a new one, and the old
one's triggers go with it.
"""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from content.models import Correction, Edition, FormerSlug, PageEvent, Version, printed_too
from content.models.edition import new_token

# Tables of this app that neither a page for readers nor the search is made of. Every other one is part of them, the next one
# to come too.
NOT_PRINTED: tuple[type[models.Model], ...] = (
    Correction,  # for the editors
    Edition,
    FormerSlug,  # leads to a page by a redirect, which nobody keeps
    PageEvent,  # history
    Version,  # drafts; what is published of them is copied into the row itself
)
NAME = "another_edition"
_EVENTS = ("insert", "update", "delete")
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO content_edition (id, token) VALUES (1, gen_random_uuid()::text)
    ON CONFLICT (id) DO UPDATE SET token = EXCLUDED.token;
    RETURN NULL;
END $$"""
_IN_SQLITE = "INSERT OR REPLACE INTO content_edition (id, token) VALUES (1, lower(hex(randomblob(16))));"


def models_printed() -> list[type[models.Model]]:
    """What the public pages are made of: models of this app, those between two of them too, and what other apps name."""
    every = apps.get_app_config("content").get_models(include_auto_created=True)
    return [*(model for model in every if model not in NOT_PRINTED), *printed_too]


def tables() -> list[str]:
    return sorted(model._meta.db_table for model in models_printed())


def install(connection: BaseDatabaseWrapper) -> list[str]:
    """Give each of `tables` its trigger where it has none, and take it from all others; return the tables touched.

    What changed while one was missing is not known, so then there is another edition. A function that belongs to another
    role is left as it is: that role's `migrate` has seen to it (docs/operations.md, "Two roles").
    """
    wanted, found = set(tables()), _with_triggers(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not _is_anothers(cursor):
            cursor.execute(_FUNCTION)
        for table in found - wanted:
            _run(cursor, _dropping(connection.vendor, table))
        for table in wanted - found:
            _run(cursor, _making(connection.vendor, table))
    changed = sorted(wanted ^ found)
    if changed:
        Edition.objects.update_or_create(pk=1, defaults={"token": new_token()})
    return changed


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take all of them away: before the table of the edition goes."""
    with connection.cursor() as cursor:
        for table in _with_triggers(connection):
            _run(cursor, _dropping(connection.vendor, table))
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {NAME}()")


def _is_anothers(cursor: CursorWrapper) -> bool:
    """Whether the function is there, and not this role's to change."""
    cursor.execute(
        "SELECT count(*) FROM pg_proc WHERE proname = %s AND pg_function_is_visible(oid) "
        "AND NOT pg_has_role(proowner, 'USAGE')",
        [NAME],
    )
    return bool(cursor.fetchone()[0])


def _with_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables that have all of theirs."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE tgname = %s AND pg_table_is_visible(tgrelid)",
                [NAME],
            )
        else:
            cursor.execute(
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s "
                "GROUP BY tbl_name HAVING count(*) = %s",
                [f"{NAME}_%", len(_EVENTS)],
            )
        return {table for (table,) in cursor.fetchall()}


def _making(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {NAME} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()"
        ]
    return _dropping(vendor, table) + [
        f"CREATE TRIGGER {NAME}_{event}_{table} AFTER {event} ON {table} BEGIN {_IN_SQLITE} END"
        for event in _EVENTS
    ]


def _dropping(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP TRIGGER {NAME} ON {table}"]
    return [f"DROP TRIGGER IF EXISTS {NAME}_{event}_{table}" for event in _EVENTS]


def _run(cursor: CursorWrapper, statements: list[str]) -> None:
    for statement in statements:
        cursor.execute(statement)
