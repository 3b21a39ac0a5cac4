"""What has happened to a request, in plain words for its client. Staff go by their first name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookings import names
from bookings.client.own.status import NUMBERS, Situation
from bookings.models import Event
from bookings.table import Who
from clinic.foundation import when


@dataclass(frozen=True)
class Line:
    at: datetime
    when: str
    words: str


def timeline(situation: Situation) -> list[Line]:
    """The history in words, oldest first. What staff do among themselves stays among them."""
    lines = []
    for event in situation.story.events:
        words = _in_words(event, situation)
        if words:
            lines.append(Line(event.at, situation.moment(event.at), words))
    return lines


def who(event: Event) -> str:
    """'You', the first name of a member of staff, or 'We' for the clock and for whoever gave no full name.

    A label of one word may be what somebody signs in with, and "admin asked you a question" is nobody's sentence.
    """
    if event.actor_kind == Who.CLIENT:
        return "You"
    has_full_name = event.actor_kind == Who.STAFF and len(event.actor_label.split()) > 1
    return (names.called(event.actor_label) if has_full_name else "") or "We"


_WORDS = {
    "submit": "{who} sent your request.",
    "book": "{who} booked a consultation for you{start}.",
    "prove": "You opened the link in our email.",
    "release_time": "We stopped holding the time that you chose. We still know that you would like it.",
    "assess": "A clinician began to look at your request.",
    "ask": "{who} asked you a question.",
    "answer": "You answered.",
    "ask_other_times": "You asked for other times.",
    "accept": "You accepted a time{start}.",
    "confirm": "{who} confirmed your consultation{start}.",
    "decline": "{who} answered your request.",
    "withdraw": "{who} withdrew your request.",
    "reschedule": "{who} moved your consultation{to}.",
    "cancel": "{who} cancelled your consultation.",
    "attend": "You came to your consultation.",
    "miss": "We did not see you at your consultation.",
    "correct_contact": "{who} corrected your contact details.",
    "reopen": "{who} opened your request again.",
    "erase": "We deleted your details.",
}


def _in_words(event: Event, situation: Situation) -> str:
    if event.verb == "offer":
        count = len(event.facts.get("starts", [])) or 1
        return f"{who(event)} offered you {NUMBERS.get(count, f'{count} times')}."
    if event.verb == "lapse":
        what = "answer" if event.reason == "no_answer" else "choose a time"
        return f"The time to {what} ran out, so the request was closed."
    if event.verb == "add_information":
        return (
            "You told us more." if event.actor_kind == Who.CLIENT else f"{who(event)} noted what you told us."
        )
    start = _moment_of(event.facts.get("start"), situation)
    return _WORDS.get(event.verb, "").format(
        who=who(event), start=f": {start}" if start else "", to=f" to {start}" if start else ""
    )


def _moment_of(text: object, situation: Situation) -> str:
    try:
        return situation.moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return ""


_MEANWHILE = {
    "assess": "has begun to look at your request",
    "ask": "asked you a question",
    "answer": "answered the question",
    "offer": "offered you other times",
    "ask_other_times": "asked for other times",
    "accept": "accepted a time",
    "confirm": "confirmed your consultation",
    "decline": "answered your request",
    "withdraw": "withdrew the request",
    "lapse": "closed the request because the time ran out",
    "reschedule": "moved the consultation",
    "cancel": "cancelled the consultation",
    "attend": "noted that you came",
    "miss": "noted that you were not there",
    "add_information": "added information",
    "correct_contact": "corrected your contact details",
    "reopen": "opened the request again",
    "release_time": "stopped holding the time that you chose",
    "prove": "opened the link in our email",
}


def meanwhile(event: Event | None, now: datetime) -> str:
    """'Dee confirmed your consultation 2 minutes ago.'"""
    words = _MEANWHILE.get(event.verb) if event is not None else None
    if event is None or words is None:
        return "Something about your request has changed."
    return f"{who(event)} {words} {when.ago(event.at, now)}."
