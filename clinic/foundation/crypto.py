"""Encrypted fields: health answers and free text are unreadable in the database, its dumps and its backups.

Fernet under the keys of settings.FIELD_KEYS, newest first: the first key encrypts, every key decrypts. To rotate, put a new
key in front; `reencrypt` on a value rewrites it under the newest key.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """The stored bytes open under none of the configured keys."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Return `text` as a Fernet token under the newest key."""
    return _box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Return the text inside `token`. Raises Unreadable when no configured key opens it."""
    try:
        return _box(tuple(settings.FIELD_KEYS)).decrypt(token.encode("ascii")).decode()
    except InvalidToken as error:
        raise Unreadable from error


def reencrypt(token: str) -> str:
    """Return the same content under the newest key (key rotation). Raises Unreadable as `decrypt` does."""
    try:
        return _box(tuple(settings.FIELD_KEYS)).rotate(token.encode("ascii")).decode("ascii")
    except InvalidToken as error:
        raise Unreadable from error


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # django-stubs' generics do not exist at run time
    """Text that is encrypted on its way to the database. It cannot be filtered or ordered by, on purpose."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or value == "" else encrypt(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None or value == "" else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it there" can be asked of an encrypted column."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class EncryptedJSONField(EncryptedTextField):
    """A JSON value, encrypted as a whole."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return (
            None if value is None else encrypt(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        )

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(decrypt(value))

    def to_python(self, value: Any) -> Any:
        return value
