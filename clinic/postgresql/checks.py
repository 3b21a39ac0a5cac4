"""Whether the database's role has the limits that the site relies on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

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
