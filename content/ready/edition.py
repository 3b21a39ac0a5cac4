"""Which edition is out, asked of the database for each page: one small statement, so that no page is ever older."""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest

_KEPT = "clinic_edition"
_STATEMENT = "SELECT token FROM content_edition WHERE id = 1"


def of(request: HttpRequest) -> str | None:
    """`token`, asked once for each request."""
    kept = vars(request)
    if _KEPT not in kept:
        kept[_KEPT] = token()
    found: str | None = kept[_KEPT]
    return found


def token() -> str | None:
    """The edition that is out now; None if there is none yet.

    It is the first statement of its request, so it tells as well whether the connection still works, and Django need not
    ask "SELECT 1" before it: what is cut is opened again, once.
    """
    wrapper: Any = connection
    if wrapper.connection is None or not wrapper.health_check_enabled or wrapper.health_check_done:
        return _asked()
    wrapper.health_check_done = True
    try:
        return _asked()
    except (InterfaceError, OperationalError):
        connection.close()
        return _asked()


def _asked() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT)
        row = cursor.fetchone()
    return row[0] if row else None
