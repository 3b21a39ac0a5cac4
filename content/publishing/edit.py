"""Who does something to a document, when, and what they had seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User


@dataclass(frozen=True)
class Editor:
    """Somebody who changes a document: a member of staff, or nobody but the clock."""

    name: str
    user: User | None = None
    press: str = ""  # of which button: clinic.foundation.press knows it when it is pressed again

    @classmethod
    def staff(cls, user: User, press: str = "") -> Editor:
        """A signed-in member of staff."""
        return cls(user.get_full_name() or user.get_username(), user, press)

    @classmethod
    def clock(cls) -> Editor:
        """The worker, when a publication is due."""
        return cls("The clock")


@dataclass(frozen=True)
class Edit:
    """Who does something to a document, when, and what they had seen of it.

    `number` is the newest version that they saw, `event` the id of the document's last event (0: none yet). What is None is
    not compared.
    """

    editor: Editor
    now: datetime
    number: int | None = None
    event: int | None = None
