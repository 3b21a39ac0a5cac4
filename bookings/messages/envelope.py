"""Who a mail comes from and who it goes to, as mail servers take it."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings

from clinic.foundation import addresses


class Unsendable(Exception):
    """No mail can be made from this message, now or later. The text is for staff and names no address."""


def sender() -> str:
    """The bare address that our mails come from, its domain in ASCII. Raises Unsendable when it is not one."""
    return recipient(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def recipient(address: str) -> str:
    """`address` as mail servers take it: its domain in ASCII. Raises Unsendable for anything but one plain address."""
    try:
        return addresses.wire(address)
    except ValueError as error:
        raise Unsendable("The address cannot be used.") from error
