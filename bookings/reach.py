"""Why a client is not to be mailed. Pure data: what each code means, to the desk.

What stands against a mail is read off a request by `ConsultationRequest.barriers`. A message that meets a barrier becomes
a call to make (bookings/outbox.py), unless somebody typed why the mail goes all the same (`Origin.despite`).
"""

from __future__ import annotations

from enum import StrEnum


class Barrier(StrEnum):
    """One thing that stands against a mail."""

    NO_ADDRESS = "no_address"
    PHONE_ONLY = "phone_only"

    @property
    def words(self) -> str:
        """One sentence for the desk."""
        return _WORDS[self]


_WORDS = {
    Barrier.NO_ADDRESS: "They have no e-mail address.",
    Barrier.PHONE_ONLY: "They want to be rung, and no e-mail.",
}
