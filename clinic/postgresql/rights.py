"""What the site may do in its database where another role owns the tables: everything but change a history.

The owner runs `migrate`, which gives these rights at its end. The site's own role can then neither take the triggers of a
history away (clinic/foundation/written_once.py) nor truncate it. docs/operations.md, "Two roles", says how to set it up.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.base import CommandError
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from clinic.foundation.written_once import histories


@transaction.atomic
def give(connection: BaseDatabaseWrapper, role: str) -> bool:
    """Let `role` work with the tables as they are now; False if this is that role itself, and nothing was done.

    What the role could do with them before is taken back. Raises CommandError if there is no such role.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        [me, schema] = cursor.fetchone()
        if role == me:
            return False
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchone()[0]:
            raise CommandError(
                f"DATABASE_APP_ROLE names {role}, and the database has no such role: create it first."
            )
        kept = {model._meta.db_table: getattr(model, "forgotten", ()) for model in histories()}
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))

        def named(some: Iterable[str]) -> str:
            return ", ".join(map(quote, sorted(some)))

        who = quote(role)
        for statement in (
            f"GRANT USAGE ON SCHEMA {quote(schema)} TO {who}",
            f"REVOKE ALL ON {named(tables)} FROM {who}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {named(tables - set(kept))} TO {who}",
            f"GRANT SELECT, INSERT, DELETE ON {named(kept)} TO {who}",
            *(
                f"GRANT UPDATE ({named(columns)}) ON {quote(table)} TO {who}"
                for table, columns in kept.items()
                if columns
            ),
            f"GRANT SELECT ON django_migrations TO {who}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {quote(schema)} TO {who}",
        ):
            cursor.execute(statement)
    return True
