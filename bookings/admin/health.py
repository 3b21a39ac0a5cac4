"""What a client told us about their skin and what they need, in words for the desk. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bookings import answers as words_of
from bookings import triage
from bookings.models import ConsultationRequest
from clinic.foundation.crypto import SEALED_WORDS, Unreadable, opened
from content.guide import kept
from content.models import Concern


@dataclass(frozen=True)
class Health:
    """The health answers in words; only for those who may read them."""

    reasons: list[str]
    facts: list[tuple[str, str]]
    own_words: str
    guide: list[tuple[str, str]]


def support(consultation: ConsultationRequest) -> list[tuple[str, str]]:
    """The support they need, in words; of requests from before SupportNeeds it is among the health answers."""
    if not hasattr(consultation, "support_needs"):
        return []
    data = opened(consultation.support_needs, "data")
    return [("Support", SEALED_WORDS)] if data is None else _support_words(data)


def _support_words(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    said = (
        ("Support", "; ".join(words_of.words(data.get("support", ()), words_of.SUPPORT))),
        ("Support, in their words", data.get("support_note", "")),
    )
    return [(name, words) for name, words in said if words]


def answers(consultation: ConsultationRequest) -> tuple[Health | None, str]:
    """The health answers, or why there are none: they open with none of our keys."""
    try:
        return _health(consultation), ""
    except Unreadable:
        return None, SEALED_WORDS


def _health(consultation: ConsultationRequest) -> Health | None:
    if not hasattr(consultation, "answers"):
        return None
    data = consultation.answers.data
    found = triage.flags(
        applies=data.get("applies", ()), concerns=data.get("concerns", ()), text=data.get("anything_else", "")
    )
    names = _treatments(consultation)
    facts = [
        ("Where", words_of.words(data.get("areas", ()), words_of.AREAS)),
        ("Interested in", words_of.words(data.get("treatments", ()), names, words_of.BESIDE_TREATMENTS)),
        ("Applies", words_of.words(data.get("applies", ()), words_of.APPLIES)),
    ]
    # Of a request from before SupportNeeds, until somebody has said at the desk what they need.
    earlier = [] if hasattr(consultation, "support_needs") else _support_words(data)
    return Health(
        reasons=[triage.REASONS[code] for code in found.reasons],
        facts=[(name, "; ".join(values)) for name, values in facts if values] + earlier,
        own_words=data.get("anything_else", ""),
        guide=_guide(data, names),
    )


def _treatments(consultation: ConsultationRequest) -> dict[str, str]:
    """Every treatment's name by its code, in the editors' order."""
    return {code: name for _, code, name in sorted(getattr(consultation, "its_treatments", []))}


def _guide(data: dict[str, Any], treatments: dict[str, str]) -> list[tuple[str, str]]:
    """What the client told the guide and what it suggested, if they sent that along."""
    if "guide" not in data:
        return []
    told = kept.told(
        data["guide"],
        dict(Concern.objects.values_list("code", "name")),
        treatments,
    )
    return [(label, "; ".join(lines)) for label, lines in told if lines]
