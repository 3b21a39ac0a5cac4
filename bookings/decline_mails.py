"""Which mail a reason to decline sends: each reason has its own, spam has none. Pure."""

from __future__ import annotations

from bookings.states import DeclineReason


def template(reason: object) -> str | None:
    """The text of the mail that tells the client why; None: nobody is told. No reason (yet) counts as "other".

    Raises ValueError for an unknown reason.
    """
    why = DeclineReason(str(reason or DeclineReason.OTHER))
    return None if why == DeclineReason.SPAM else f"emails/declined_{why.value}.txt"
