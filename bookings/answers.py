"""What the codes of a request's answers mean, in the words clients chose them by.

Pure data for the form, the check page and the desk. Source: domain.md section 4.1, and corrections.md 8.2 for what the guide
asks too. Concerns and treatments are not here: they are rows that editors change; only the answers beside them are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SOMETHING_ELSE = "something_else"
NOT_SURE = "not_sure"
ELSEWHERE = "other"  # of the areas
NO_PREFERENCE = "no_preference"

BESIDE_CONCERNS = {SOMETHING_ELSE: "Something else", NOT_SURE: "I’m not sure"}
BESIDE_TREATMENTS = {NO_PREFERENCE: "No preference"}

AREAS = {
    "face": "Face",
    "neck": "Neck",
    "chest": "Chest",
    "back": "Back",
    "shoulders": "Shoulders",
    ELSEWHERE: "Somewhere else",
}

NONE_APPLY = "none"
# Named as in a list, so that they read the same to a client, on the check page, and to whoever asks them on the phone.
APPLIES = {
    "active_spots": "Active spots now",
    "isotretinoin": "Isotretinoin in the last 12 months",
    "pregnancy": "Pregnant or perhaps, trying, or breastfeeding",
    "raised_scars": "Raised or keloid scars",
    "cold_sores_infection": "Cold sores, an infection or broken skin",
    "bleeding": "A bleeding problem or blood thinners",
    "low_immunity": "Low defence against infection",
    "allergy": "Allergy to numbing cream or collagen",
    "skin_disease": "Vitiligo, psoriasis or lupus",
    "tan": "Sun, sunbed or fake tan in the last 6 weeks",
    NOT_SURE: "I’m not sure about some",
    NONE_APPLY: "None of these",
    "in_person": "I’d rather say in person",
}

# What a word of theirs means, in one line, where the guide explains it too.
APPLIES_EXPLAINED = {
    "active_spots": "New, red or sore",
    "isotretinoin": "Strong acne capsules from a specialist",
    "raised_scars": "Firm lumps that stayed after a spot or cut",
    "bleeding": "Never stop a blood thinner yourself",
    "low_immunity": "From an illness, chemotherapy, steroids or a biologic",
}

# The same as somebody ticks them who has a client on the phone.
APPLIES_ON_THE_PHONE = APPLIES | {
    NOT_SURE: "Not sure about some",
    "in_person": "Would rather say in person",
}

SUPPORT = {
    "interpreter": "An interpreter",
    "large_print": "Large print",
    "step_free": "A step-free way in",
    "longer": "A longer appointment",
    "chaperone": "A chaperone: someone else in the room with us",
    "other": "Something else",
}

SUPPORT_IN_SHORT = {
    "interpreter": "Interpreter",
    "large_print": "Large print",
    "step_free": "Step-free",
    "longer": "Longer",
    "chaperone": "Chaperone",
    "other": "Something else",
}

PARTS = {"morning": "Morning", "afternoon": "Afternoon", "evening": "Evening", "any": "Any time"}


def support_told(codes: Iterable[str]) -> list[str]:
    """What somebody needs for the visit, in words for themselves: a longer appointment is a matter of the time, so we say
    that it is planned."""
    planned = {"longer": f"{SUPPORT['longer']}: we plan it"}
    return words(codes, {**SUPPORT, **planned})


def words(codes: Iterable[str], *names: Mapping[str, str]) -> list[str]:
    """The words of these codes, in the order of `names`. A code that no longer has words stays as it is."""
    known = {code: name for mapping in names for code, name in mapping.items()}
    chosen = list(codes)
    return [known[code] for code in known if code in chosen] + [code for code in chosen if code not in known]
