"""What has happened to a request, in plain words for its client. For a client, staff are the clinic: who of them it was
stands at the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookings import wording
from bookings.client.own.status import NUMBERS, Situation
from bookings.messages.visits import called
from bookings.models import ConsultationRequest, Event
from bookings.states import Who
from clinic.foundation import when


@dataclass(frozen=True)
class Line:
    at: datetime
    when: str
    words: str

    @property
    def iso(self) -> str:
        """For programs. HTML allows no microseconds."""
        return self.at.isoformat(timespec="seconds")


def timeline(situation: Situation) -> list[Line]:
    """The history in words, oldest first. What staff do among themselves stays among them."""
    lines = []
    for event in situation.story.events:
        words = _in_words(event, situation)
        if words:
            lines.append(Line(event.at, situation.moment(event.at), words))
    return lines


def who(event: Event) -> str:
    """'You', 'The clinic' for whoever of the staff did it, or 'We' for the clock."""
    return {Who.CLIENT: "You", Who.STAFF: "The clinic"}.get(Who(event.actor_kind), "We")


# What nobody did before the clock closed a request, by the reason of its event.
_MISSED = {"no_answer": "answer"}


def _in_words(event: Event, situation: Situation) -> str:
    words = wording.of(event.verb)
    line = (event.actor_kind == Who.STAFF and words.client_by_staff) or words.client
    start = _moment_of(event.facts.get("start"), situation)
    line = in_its_words(line, situation.consultation)
    count = len(event.facts.get("starts", [])) or 1
    return line.format(
        who=who(event),
        start=f": {start}" if start else "",
        to=f" to {start}" if start else "",
        times=NUMBERS.get(count, f"{count} times"),
        missed=_MISSED.get(event.reason, "choose a time"),
    )


def in_its_words(line: str, consultation: ConsultationRequest) -> str:
    """The line with what its client calls what is booked: a session of a plan is a visit."""
    return line.replace("consultation", called(consultation.consultation_type))


def _moment_of(text: object, situation: Situation) -> str:
    try:
        return situation.moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return ""


def meanwhile(event: Event | None, now: datetime) -> str:
    """'The clinic confirmed your consultation 2 minutes ago.'"""
    words = wording.of(event.verb).client_meanwhile if event is not None else ""
    if event is None or not words:
        return "Something about your request has changed."
    return f"{who(event)} {words} {when.ago(event.at, now)}."
