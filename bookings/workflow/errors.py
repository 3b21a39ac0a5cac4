"""Why a verb did nothing. By the time one of these is raised the transaction is rolled back: nothing has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bookings import wording
from bookings.availability import Slot
from clinic.foundation import when

if TYPE_CHECKING:
    from bookings.models import ConsultationRequest, Event


class WorkflowError(Exception):
    """Base of all of them. `str()` is a sentence for people."""


class Conflict(WorkflowError):
    """Someone was first. `consultation` is fresh, with what they did; `event` is the last thing that happened to it."""

    def __init__(self, consultation: ConsultationRequest, event: Event | None, now: datetime) -> None:
        self.consultation = consultation
        self.event = event
        super().__init__(in_words(event, now))


class NotAllowed(Conflict):
    """The state table does not allow this verb in the request's state."""


class Refused(WorkflowError):
    """A rule says no: too late, too early, nothing held. `code` is for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class SwitchedOff(Refused):
    """Somebody switched off or closed what this needs: `offs` says what (codes of bookings/queries/off.py)."""

    def __init__(self, offs: Sequence[str], message: str) -> None:
        self.offs = tuple(offs)
        super().__init__("switched_off", message)


class RequestsClosed(Refused):
    """The clinic takes no new requests just now (its profile says so)."""

    def __init__(self) -> None:
        super().__init__("requests_closed", "We are not taking new requests just now.")


class SlotTaken(WorkflowError):
    """The time has just gone. `nearest` has up to three free times near it that the same person may take; `whose` tells
    staff in a sentence what is in the way."""

    def __init__(self, nearest: list[Slot], whose: str = "") -> None:
        self.nearest = nearest
        super().__init__(f"That time has just been taken. {whose}".strip())


class DifferentAnswers(WorkflowError):
    """Something else was already sent under this draft; `consultation` is what was sent."""

    def __init__(self, consultation: ConsultationRequest) -> None:
        self.consultation = consultation
        super().__init__(f"You already sent this request. Its reference is {consultation.reference}.")


def in_words(event: Event | None, now: datetime) -> str:
    """'Dee confirmed this 2 minutes ago.'"""
    if event is None:
        return "This has changed in the meantime."
    return f"{event.actor_label} {wording.of(event.verb).past} {when.ago(event.at, now)}."
