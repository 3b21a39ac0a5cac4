"""Whether the database's role has the limits that the site relies on, and no more rights than it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from clinic.foundation.written_once import histories
from clinic.postgresql.base import DatabaseWrapper


def limits(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """clinic.W020: without limits one statement that hangs keeps its lock, and those waiting for it, for ever."""
    if not databases or not isinstance(site := connections[DEFAULT_DB_ALIAS], DatabaseWrapper):
        return []
    try:
        missing = site.unlimited()
    except DatabaseError:  # it is not for this check to say that it does not answer
        return []
    if not missing:
        return []
    return [
        Warning(
            f"The database's role has no limit of {', '.join(missing)}.",
            hint="Run `manage.py migrate` as the role that the site uses. A pooler must then connect anew (RECONNECT).",
            id="clinic.W020",
        )
    ]


def ownership(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """clinic.W021: whoever owns the table of a history, or may empty it, is stopped by none of its triggers."""
    if not databases or not isinstance(site := connections[DEFAULT_DB_ALIAS], DatabaseWrapper):
        return []
    try:
        with site.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid) "
                "AND (pg_has_role(relowner, 'USAGE') OR has_table_privilege(oid, 'TRUNCATE, TRIGGER')) ORDER BY relname",
                [[model._meta.db_table for model in histories()]],
            )
            open_to_it = [name for (name,) in cursor.fetchall()]
    except DatabaseError:  # as above
        return []
    if not open_to_it:
        return []
    return [
        Warning(
            f"The site's role owns {', '.join(open_to_it)}, or may empty them: it could rewrite who did what.",
            hint="Let another role own the tables and run `migrate`; name the site's in DATABASE_APP_ROLE. See "
            '"Two roles" in docs/operations.md.',
            id="clinic.W021",
        )
    ]
