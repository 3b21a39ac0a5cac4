"""What the invented people ask for: a kind of consultation, and answers as the form keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bookings.models import ConsultationType


@dataclass(frozen=True)
class Wish:
    """One request before it is sent. The keys of `answers` are those of `Answers` in bookings/models/request.py."""

    kind: ConsultationType
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def concerns(self) -> tuple[str, ...]:
        return tuple(self.answers["concerns"])


# What often comes together.
_CONCERNS = (
    ("rolling",), ("ice-pick",), ("rolling", "boxcar-shallow"), ("boxcar-deep",), ("dark-marks",), ("red-marks",),
    ("ice-pick", "rolling", "dark-marks"), ("milia",), ("dark-marks", "red-marks"), ("rolling", "not_sure"),
)  # fmt: skip
_AREAS = (("face",), ("face", "neck"), ("back", "shoulders"), ("face",), ("chest",), ("face", "back"))
_TREATMENTS = (
    ("no_preference",), ("microneedling",), ("laser-fractional-nonablative",), ("peel-superficial",), ("no_preference",),
    ("microneedling", "microneedling-prp"), ("laser-fractional-ablative", "vascular-laser"), ("filler",),
)  # fmt: skip
_WORDS = (
    "",
    "",
    "I had acne for ten years. The spots have gone, and the dips have stayed.",
    "I get married in June. Is there enough time until then?",
    "I had a peel elsewhere and it did little. I would like an honest opinion.",
    "I would like to know what it costs before I decide anything.",
    "I work nights, so afternoons are best.",
    "My skin is dark brown. I have read that some lasers leave marks on it.",
    "Mostly on my temples. I notice them in side light.",
)
SUPPORT = (("interpreter",), ("step_free",), ("longer", "chaperone"), ("step_free", "longer"))

# What asks for a clinician, for a call today, for help at once (bookings/triage.py reads the words).
CLINICIAN = (
    {"applies": ["isotretinoin"], "anything_else": "I finished the tablets in the summer."},
    {"concerns": ["keloid"], "applies": ["raised_scars"], "anything_else": "One on my chest keeps growing."},
    {"applies": ["pregnancy"], "anything_else": "Due in spring. I only want advice for now."},
    {"concerns": ["active-acne", "rolling"], "applies": ["active_spots"], "anything_else": ""},
    {"applies": ["bleeding", "not_sure"], "anything_else": "I take something for my heart."},
)
CALL_TODAY = (
    {"anything_else": "I cannot cope with my face any more. I cry every day and I do not leave the house."},
    {"anything_else": "I feel hopeless about this. Please can somebody ring me."},
)
URGENT = (
    {
        "anything_else": "I had filler somewhere else yesterday. The skin beside it has gone white and there is sudden pain."
    },
    {"anything_else": "A scar is hot and swollen, and I have had a fever since last night."},
)

QUESTIONS = (
    "Do you still get new spots, and how many in a month?",
    "Which tablets or creams do you use at the moment?",
    "Have your scars been treated before? If so, when and how?",
)
# What they want to ask at the visit.
TO_ASK = ("What can I realistically expect?", "Can I go to work the next day?")
REPLIES = (
    "Two or three a month, on the chin.",
    "Only a sunscreen and something with adapalene at night.",
    "Once, four years ago, with a peel. Nothing since then.",
)
NOTES = (
    "Rang about the bus from the station. Sent them the page.",
    "Prefers to be called after five.",
    "Has been here before, in 2024: the card is in the cabinet.",
    "Asked whether we take cards. We do.",
)
ADVICE = {
    "advice_first": "Please give the spots three calm months first. A pharmacist can help with that.",
    "refer_gp": "Please show that mole to your GP first. It is likely to be harmless, and they should see it.",
    "not_offered_here": "We do not treat stretch marks. The GP can tell you who does.",
}


def wish(rng: Random, kinds: Sequence[ConsultationType], given: Mapping[str, Any] | None = None) -> Wish:
    """What one of them asks for; `given` are answers that the story needs."""
    answers: dict[str, Any] = {
        "concerns": list(rng.choice(_CONCERNS)),
        "areas": list(rng.choice(_AREAS)),
        "treatments": list(rng.choice(_TREATMENTS)),
        "applies": ["none"],
        "anything_else": rng.choice(_WORDS),
        "support": [],
        "support_note": "",
    }
    return Wish(rng.choice([kinds[0], *kinds]), answers | dict(given or {}))
