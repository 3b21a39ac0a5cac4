"""Taking turns: what only one transaction at a time may look at and change, where no row represents it."""

from __future__ import annotations

from django.db import connection


def take_turns(name: str) -> None:
    """Until this transaction ends, another that gives the same `name` waits here. Raises nothing but database errors.

    On SQLite the transaction already holds the only write lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
