"""What can be done with somebody whom a change of time hits: the choices, what each is called, and the verb behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bookings.availability import Slot
from bookings.queries import session_rules
from bookings.queries.touched import Touched, What
from bookings.states import CancelReason
from bookings.workflow import displacement, intake, proposal, reply, times, visit
from bookings.workflow.core import Origin


@dataclass(frozen=True, slots=True)
class Way:
    """One choice. `mail` is the kind of message that it owes (empty: nobody is told); `times`: it needs times to offer."""

    code: str
    words: str
    done: str
    mail: str = ""
    times: bool = False


KEEP = "keep"
_KEEP = Way(KEEP, "Keep it: I see to it myself", "Kept as it is.")
WAYS: Mapping[What, Sequence[Way]] = {
    What.VISIT: (
        Way(
            "offer",
            "Offer these times instead",
            "The visit is freed, and these are offered:",
            "displaced",
            True,
        ),
        Way(
            "later",
            "Tell them, and look for a time later",
            "The visit is freed. A promise runs.",
            "displaced",
        ),
        Way("cancel", "Cancel the visit", "Cancelled.", "cancelled"),
        _KEEP,
    ),
    What.OFFER: (
        Way("replace", "Offer these times instead", "Offered now:", "offered", True),
        Way("drop", "Take it out of the offer", "The other times stay offered.", "offered"),
        _KEEP,
    ),
    What.HOLD: (Way("free", "Free it: their wish stays", "The time is free. Their wish stays."), _KEEP),
    What.PROPOSAL: (Way("end", "Withdraw the proposal", "Withdrawn. Their visit stays."), _KEEP),
}


def of(row: Touched) -> list[Way]:
    """The choices for one client."""
    return [way for way in WAYS[row.what] if way.code != "drop" or row.others]


def room(row: Touched) -> int:
    """How many times may be offered to them instead: the rest of an offer stays in it."""
    return 3 - len(row.others)


def kept(row: Touched) -> list[Slot]:
    """The times of their offer that are not hit."""
    return [times.slot_of(other) for other in row.others]


def go(way: Way, row: Touched, slots: Sequence[Slot], origin: Origin, reason: CancelReason) -> None:
    """Say the verb. Raises WorkflowError."""
    consultation, although = row.consultation, session_rules.noted(row.appointments)
    match way.code:
        case "offer":
            displacement.displace(consultation, origin, slots=slots, although=although)
        case "later":
            displacement.displace(consultation, origin)
        case "cancel":
            visit.cancel(consultation, origin, reason=reason)
        case "replace":
            reply.offer(consultation, origin, slots=[*kept(row), *slots], although=although)
        case "drop":
            reply.offer(consultation, origin, slots=kept(row))
        case "free":
            intake.release_time(consultation, origin)
        case "end":
            proposal.keep(consultation, origin)
