"""Whose time a member of staff may block, and free again: everybody's, their own, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User

from bookings.desk_site import BLOCK, BLOCK_OWN, UNBLOCK
from bookings.queries.calendar import Column


@dataclass(frozen=True, slots=True)
class Whose:
    """`own`: the practitioner whom the account belongs to, whoever that is."""

    everybody: bool
    own: bool

    def __bool__(self) -> bool:
        return self.everybody or self.own

    def has(self, column: Column) -> bool:
        """Whether the time of this column is among it."""
        return self.everybody or self.own and column.is_reader

    def in_reach(self, columns: list[Column]) -> bool:
        """Whether any of these columns is."""
        return any(map(self.has, columns))


def blocked_by(user: User) -> Whose:
    """Whose time they may block."""
    return Whose(user.has_perm(BLOCK), user.has_perm(BLOCK_OWN))


def freed_by(user: User) -> Whose:
    """Whose time off they may remove."""
    return Whose(user.has_perm(UNBLOCK), user.has_perm(BLOCK_OWN))
