"""Why a client is not to be mailed. Pure data: what each code means, to the desk, and which mails it stands against.

What stands against a mail is read off a request by `ConsultationRequest.barriers_to`. A message that meets a barrier becomes
a call to make (bookings/outbox.py), unless somebody typed why the mail goes all the same (`Origin.despite`).

A need for large print is no barrier: it is obeyed by the mail itself (bookings/messages/render.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

# What nobody at the desk writes or sends by a button: it follows from what the client does on the site, or from the clock.
# With "received" clients prove their address, and reminders keep a visit from being missed.
AUTOMATIC = frozenset(
    {
        "received",
        "prove_reminder",
        "answer_reminder",
        "new_link",
        "plan_link",
        "plan_said",
        "plan_taken_back",
        "plan_asked",
        "lapsed",
        "withdrawn",
        "reminder_48h",
        "reminder_2h",
    }
)


class Barrier(StrEnum):
    """One thing that stands against a mail."""

    NO_ADDRESS = "no_address"
    PHONE_ONLY = "phone_only"
    INTERPRETER = "interpreter"

    @property
    def words(self) -> str:
        """One sentence for the desk."""
        return _WORDS[self]

    @property
    def is_against_all(self) -> bool:
        """It stands against every mail, not only against what the desk sends."""
        return self is not Barrier.INTERPRETER


def against(barriers: Iterable[Barrier], kind: str) -> list[Barrier]:
    """Those of them that stand against a mail of this kind, sent by the desk."""
    return [barrier for barrier in barriers if barrier.is_against_all or kind not in AUTOMATIC]


_WORDS = {
    Barrier.NO_ADDRESS: "They have no e-mail address.",
    Barrier.PHONE_ONLY: "They want to be rung, and no e-mail.",
    Barrier.INTERPRETER: "They need an interpreter, and our mails are in English.",
}
