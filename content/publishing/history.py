"""What happened to a document, in words for staff."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.text import capfirst

from clinic.foundation import when
from content.models import PageEvent
from content.publishing import kinds

_PAST = {
    "add": "made this {noun}",
    "save": "saved version {number}",
    "restore": "made version {number} from an older one",
    "discard": "discarded the draft, version {number}",
    "send_back": "sent version {number} back",
    "approve": "approved version {number}",
    "publish": "published version {number}",
    "schedule": "planned version {number} for {planned}",
    "unschedule": "took version {number} off the plan",
    "keep_back": "kept version {number} back: it should have gone live on {planned}",
    "correct": "corrected what came with it, as version {number}",
    "unpublish": "unpublished the {noun}",
    "share": "shared a preview of version {number}",
}


@dataclass(frozen=True)
class Told:
    """One line of the history. `problems` were overridden, or kept the version back."""

    event: PageEvent
    words: str
    problems: list[str]


def told(event: PageEvent, zone: ZoneInfo) -> Told:
    """'Ed Moss published version 4', with what was overridden. Needs the event's version read with it."""
    problems = [_problem(*problem) for problem in event.problems]
    return Told(event, f"{event.by_name} {_sentence(event, zone)}", problems)


def done(event: PageEvent, zone: ZoneInfo) -> str:
    """'Published version 4.', for the person who did it."""
    return f"{capfirst(_sentence(event, zone))}."


def _sentence(event: PageEvent, zone: ZoneInfo) -> str:
    planned = when.short(event.planned_for, zone) if event.planned_for else ""
    noun = kinds.kind_of(event).noun
    return _PAST.get(event.verb, event.verb).format(number=event.version.number, planned=planned, noun=noun)


def _problem(code: str, field: str, excerpt: str) -> str:
    words = code.replace("_", " ").replace("-", " ")
    place = f", in {field.replace('_', ' ')}" if field else ""
    return f"{words}{place}{f': “{excerpt}”' if excerpt else ''}"
