"""Mail addresses as servers take them."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


class Unsendable(Exception):
    """No mail can be made of this message, now or later. The text is for staff and names no address."""


def sender() -> str:
    """The bare address that our mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def recipient(address: str) -> str:
    """`address` as mail servers take it: its domain in ASCII. Raises Unsendable for anything but one plain address."""
    try:
        validate_email(address)
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except (ValidationError, UnicodeError) as error:
        raise Unsendable("The address cannot be used.") from error
