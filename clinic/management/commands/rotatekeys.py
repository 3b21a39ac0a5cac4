from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, models

from clinic.foundation.crypto import EncryptedTextField, Unreadable, reencrypt


class Command(BaseCommand):
    help = (
        "Write every encrypted value under the newest of FIELD_KEYS. After it, the older keys can be retired."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rewritten = unreadable = 0
        for model, field in _encrypted_columns():
            table, column = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(field)
            key = connection.ops.quote_name(str(model._meta.pk.column))
            # Straight to the stored text: the field itself would open it, and a broken one would stop the run.
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL AND {column} <> ''"
                )
                for pk, stored in cursor.fetchall():
                    try:
                        fresh = reencrypt(stored)
                    except Unreadable:
                        unreadable += 1
                        continue
                    # Only if nobody has written the row meanwhile: that value is under the newest key already.
                    cursor.execute(
                        f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",
                        [fresh, pk, stored],
                    )
                    rewritten += 1
        self.stdout.write(f"{rewritten} values are under the newest key.")
        if unreadable:
            self.stdout.write(
                self.style.WARNING(f"{unreadable} values open under none of the keys and were left.")
            )


def _encrypted_columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, str(field.column)
