"""From the answers of a request to flags for staff. It declines, hides and diagnoses nothing.

Source of every rule: domain.md section 4.3 (triage), with 4.1 row 5 for the answer codes and 2.4 rule 2 for
what is urgent. In short:
- isotretinoin, active spots, pregnancy, infection, cold sores, bleeding, raised scars: a clinician reviews
  the request;
- likewise for what corrections.md 8.1 (113 to 115) adds to them: low immunity, allergies to what numbs or
  fills, vitiligo, psoriasis, lupus, a recent tan; and for anyone who is not sure, since that counts as a yes;
- words of distress or self-harm: a trained clinician calls the same day, and the page shows where to get
  help now;
- a change in sight, white or mottled skin, spreading infection, fever, sudden pain: the urgent-help panel;
- a changing or bleeding mole: a clinician reviews it, since it belongs with a GP or dermatologist.

Free text is read word by word, ignoring case, accents and punctuation, against the lists below. The choice
of words is ours. They look for what people write, in English; they ignore negation ("no fever" raises the
flag), because a needless look costs a minute and a missed one may cost much more. Staff read the text
itself anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

APPLIES = (
    "active_spots",
    "isotretinoin",
    "pregnancy",
    "raised_scars",
    "cold_sores_infection",
    "bleeding",
    "low_immunity",
    "allergy",
    "skin_disease",
    "tan",
    "not_sure",
    "none",
    "in_person",
)
"""The answers to "Do any of these apply?". The last two raise nothing: `in_person` is only a wish."""

REASONS = {
    "sight": "a change of sight",
    "pale_skin": "white or mottled skin",
    "spreading_infection": "an infection that spreads",
    "fever": "fever",
    "sudden_pain": "sudden pain",
    "self_harm": "words of self-harm",
    "distress": "words of distress",
    "mole": "a mole that changes or bleeds",
    "active_spots": "active spots",
    "isotretinoin": "isotretinoin",
    "pregnancy": "pregnant, trying or breastfeeding",
    "raised_scars": "raised or keloid scars",
    "cold_sores_infection": "cold sores, infection or broken skin",
    "bleeding": "a bleeding problem or blood thinners",
    "low_immunity": "a low defence against infection",
    "allergy": "an allergy to numbing cream or collagen",
    "skin_disease": "vitiligo, psoriasis or lupus",
    "tan": "a tan in the last 6 weeks",
    "not_sure": "not sure about a question about health",
}
"""Every reason code with words for staff, the most pressing first. Health data: not for lists or logs."""

URGENT = frozenset({"sight", "pale_skin", "spreading_infection", "fever", "sudden_pain"})
SAME_DAY = frozenset({"self_harm", "distress"})

_BY_CONCERN = {"active-acne": "active_spots", "hypertrophic": "raised_scars", "keloid": "raised_scars"}

# What people write. A star stands for any ending of a word; "dont", "cant", "im" for the long forms too.
_PHRASES = {
    "sight": (
        "blurred vision", "blurry vision", "double vision", "vision loss", "loss of vision",
        "loss of sight", "cant see out of", "cant see properly", "cant see clearly", "going blind",
        "gone blind",
    ),
    "pale_skin": ("mottl*", "blanch*"),
    "spreading_infection": (
        "red streaks", "red lines spreading", "hot and swollen", "swollen and hot", "sepsis",
    ),
    "fever": ("fever", "fevers", "feverish", "high temperature", "shivering", "chills"),
    "self_harm": (
        "suicid*", "kill myself", "killing myself", "end my life", "ending my life", "end it all",
        "take my life", "taking my life", "take my own life", "taking my own life", "want to die",
        "wanna die", "rather die", "rather be dead", "wish i was dead", "wish i were dead",
        "better off dead", "want to be dead", "dont want to live", "dont want to be alive",
        "dont want to be here any more", "no reason to live", "nothing to live for",
        "no point in living", "not worth living", "no longer worth living",
        "life isnt worth", "self harm*", "selfharm*",
        "harm myself", "harming myself", "harmed myself", "hurt myself", "hurting myself", "cut myself",
        "cutting myself", "overdose*",
    ),
    "distress": (
        "hopeless", "despair*", "worthless", "cant cope", "not coping", "cant go on",
        "cant live like this", "cant live with", "hate myself", "hating myself", "im depressed",
        "feel depressed", "feeling depressed", "so depressed", "very depressed", "severely depressed",
        "makes me depressed", "severe depression", "ruined my life", "ruining my life", "ruins my life",
        "destroyed my life", "destroying my life", "in distress", "very distressed", "so distressed",
        "dont leave the house", "cant leave the house", "wont leave the house", "dont leave my house",
        "cant leave my house", "cry every day", "crying every day", "cry every night",
        "cant stop crying", "think about it all day", "think about it all the time", "all i think about",
        "all i can think about", "cant stop thinking about", "cant think about anything else",
    ),
    "isotretinoin": ("isotretinoin",),
    "pregnancy": ("pregnant", "pregnancy", "breastfeeding", "breast feeding"),
    "raised_scars": ("keloid*", "hypertrophic"),
    "cold_sores_infection": ("cold sore", "cold sores", "infected", "infection"),
    "bleeding": ("bleeding problem*", "bleeding disorder*", "blood thinner*", "blood thinning"),
}  # fmt: skip

# A word of the first kind with at most four words between it and a word of the second, in either order.
_NEAR = {
    "sight": (
        ("vision", "sight", "eyesight"),
        ("blurred", "blurry", "lost", "losing", "loss", "change*", "changing", "worse", "sudden*", "gone"),
    ),
    # Not "scar" or "it": an old scar that has turned white is not an emergency.
    "pale_skin": (
        (
            "skin", "patch", "area", "face", "lip", "lips", "nose", "cheek*", "forehead", "filler*",
            "injection*", "injected",
        ),
        (
            "gone white", "going white", "turned white", "turning white", "turns white", "went white",
            "looks white",
        ),
    ),
    "spreading_infection": (
        ("infect*", "redness", "swelling", "pus"),
        ("spread*",),
    ),
    "sudden_pain": (
        ("pain", "pains", "hurts"),
        ("sudden*",),
    ),
    "mole": (
        ("mole", "moles"),
        ("chang*", "bleed*", "bled", "grow*", "grew", "bigger", "larger", "darker"),
    ),
}  # fmt: skip

# The same words with another meaning, taken out first.
_HARMLESS = (
    "hay fever",
    "fever blister*",
    "glandular fever",
    "scarlet fever",
    "cut myself shaving",
    "cut myself while shaving",
    "no end in sight",
)

_LONG_FORMS = {
    r"\bcan ?not\b": "cant",
    r"\b(do|is|does) not\b": r"\1nt",
    r"\bwill not\b": "wont",
    r"\bi am\b": "im",
    r"\banymore\b": "any more",
}


@dataclass(frozen=True, slots=True)
class Triage:
    """What staff should know before they read. `reasons` are codes of `REASONS`, the most pressing first.

    `needs_clinician` is true for every reason; `same_day` asks for a call today by a trained clinician;
    `urgent` shows the urgent-help panel before the request is sent. None of them ever stops a request.
    """

    needs_clinician: bool
    same_day: bool
    urgent: bool
    reasons: tuple[str, ...]


def flags(applies: Collection[str], concerns: Collection[str], text: str) -> Triage:
    """The flags of one request.

    `applies` are codes of `APPLIES`, `concerns` are codes of concerns ("keloid"), `text` is everything the
    client wrote in free text. Codes that mean nothing here are ignored.
    """
    found = {code for code in applies if code in REASONS and code in APPLIES}
    found.update(_BY_CONCERN[code] for code in concerns if code in _BY_CONCERN)
    found.update(_reasons_in(text))
    return Triage(
        needs_clinician=bool(found),
        same_day=not found.isdisjoint(SAME_DAY),
        urgent=not found.isdisjoint(URGENT),
        reasons=tuple(code for code in REASONS if code in found),
    )


def _reasons_in(text: str) -> set[str]:
    words = _HARMLESS_PATTERN.sub(" ", _folded(text))
    return {reason for reason, pattern in _PATTERNS if pattern.search(words)}


def _folded(text: str) -> str:
    """Lower case without accents, punctuation and apostrophes, one space between words, long forms
    shortened."""
    # Apostrophes first: decomposing an acute accent that stands for one would leave a space.
    joined = re.sub("['`\u2018\u2019\u00b4]", "", text.casefold())
    bare = "".join(c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c))
    words = " ".join(re.sub(r"[\W_]", " ", bare).split())
    for long, short in _LONG_FORMS.items():
        words = re.sub(long, short, words)
    return words


def _any_of(phrases: Collection[str]) -> str:
    return r"\b(?:" + "|".join(phrase.replace("*", r"\w*") for phrase in phrases) + r")\b"


def _near(first: Collection[str], second: Collection[str]) -> str:
    one, other, between = _any_of(first), _any_of(second), r"(?: \w+){0,4} "
    return f"{one}{between}{other}|{other}{between}{one}"


_HARMLESS_PATTERN = re.compile(_any_of(_HARMLESS))
_PATTERNS = [
    *((reason, re.compile(_any_of(phrases))) for reason, phrases in _PHRASES.items()),
    *((reason, re.compile(_near(*pair))) for reason, pair in _NEAR.items()),
]
