"""Encrypted fields: health answers and free text are unreadable in the database, its dumps and its backups.

Fernet under the keys of settings.FIELD_KEYS: the first encrypts, all decrypt. `clinic/foundation/rotation.py` changes
keys; docs/operations.md (Keys) gives the order.

A value that no key opens does not stop its row: the row loads, the value raises Unreadable when it is read, and saving the
row writes it back as it was. Code that prints such values calls `opened`, and shows SEALED_WORDS where it is None.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

log = logging.getLogger(__name__)

SEALED_WORDS = "This could not be opened with the keys that this server has."


class Unreadable(Exception):
    """None of the configured keys opens the stored bytes."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a column holds, as it is stored. A field writes it as it is: it is not encrypted again."""

    token: str


@lru_cache(maxsize=16)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Return `text` as a Fernet token under the first key."""
    return _box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Return the text inside `token`. Raises Unreadable when no configured key opens it."""
    return _decrypted(token, tuple(settings.FIELD_KEYS))


def key_of(token: str) -> int | None:
    """Which of settings.FIELD_KEYS opens `token`: 0 is the first. None: none of them."""
    for number, key in enumerate(settings.FIELD_KEYS):
        try:
            _decrypted(token, (key,))
        except Unreadable:
            continue
        return number
    return None


def _decrypted(token: str, keys: tuple[str, ...]) -> str:
    try:
        return _box(keys).decrypt(token.encode()).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unreadable from error


def opened(row: models.Model, field: str) -> Any:
    """The value of this encrypted field, or None when no key opens it (which is logged, without content)."""
    try:
        return getattr(row, field)
    except Unreadable:
        return None


class _Opened(DeferredAttribute):
    """Hands the value out, or raises Unreadable when it is sealed. Without `__set__` Python would not call it."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            log.error(
                "%s %s: its %s opens with none of FIELD_KEYS",
                instance._meta.label_lower,
                instance.pk,
                self.field.attname,
            )
            raise Unreadable
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # django-stubs' generics do not exist at run time
    """Text that is encrypted on its way to the database. It cannot be filtered or ordered by, on purpose."""

    descriptor_class = _Opened

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """A sealed value is not read: it goes back as it came."""
        value = model_instance.__dict__.get(self.attname)
        return value if isinstance(value, Sealed) else super().pre_save(model_instance, add)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        return self._stored(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        try:
            return self._read(value)
        except Unreadable:
            return Sealed(value)

    def _stored(self, value: Any) -> str | None:
        return value if value is None or value == "" else encrypt(str(value))

    def _read(self, stored: str | None) -> Any:
        return stored if stored is None or stored == "" else decrypt(stored)

    def get_lookup(self, lookup_name: str) -> Any:
        """The only question for an encrypted column is whether it holds anything."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class EncryptedJSONField(EncryptedTextField):
    """A JSON value, encrypted as a whole."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def _stored(self, value: Any) -> str | None:
        return (
            None if value is None else encrypt(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        )

    def _read(self, stored: str | None) -> Any:
        return None if stored is None else json.loads(decrypt(stored))

    def to_python(self, value: Any) -> Any:
        return value
