"""What is made of rows that readers see, kept by this process for as long as no other edition is out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class PerEdition(Generic[Made]):
    """`make` may read nothing but tables that make another edition when they change (content/ready/triggers.py)."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._held: tuple[str, Made] | None = None

    def of(self, token: str | None) -> Made:
        """What was made for the edition with this token, which was read before; it is made anew without one.

        What changes after the token was read makes it newer than its edition, and then there is another token.
        """
        if token is None:
            return self._make()
        held = self._held
        if held is None or held[0] != token:
            held = self._held = (token, self._make())
        return held[1]
