"""What the guide says, by code: what holds something, what comes first, the headings. No rules; those are in rules.py.

Sources: domain.md 2.2 to 2.4; corrections.md 8.2 for the rules, facts 61 to 70 for pregnancy and isotretinoin, 77 to 86 for
what is in creams, 113 to 116 for the questions about health.
"""

from __future__ import annotations

from collections.abc import Collection

from content.guide.answers import (
    ACTIVE_SPOTS,
    ALLERGY,
    BLEEDING,
    BREASTFEEDING,
    COLD_SORES,
    HEALTH,
    IMMUNITY,
    ISOTRETINOIN,
    KELOID,
    PREGNANCY,
    SKIN_DISEASE,
    TAN,
    WHERE,
)

WORDS = {3: "Often discussed", 2: "May help", 1: "Sometimes added"}
CLOSING = "This guide is not a diagnosis. It lists things to ask about. A clinician needs to see your skin."

# The headings of the list.
LOWER = "Lower risk of colour change"
UP_TO_MODERATE = "Up to a moderate risk of colour change"
BEST_FIT = "What fits best comes first"
HIGHER = "Higher risk of colour change"
ONCE_QUIET = "Once your acne is under control"
ONCE_KNOWN = "Once we know that your spots are quiet"
WITH_HIGHER = ", with a higher risk of colour change"

# What has to happen before a suggestion, in the order in which readers are told.
CLINICIAN, ACNE, ACNE_UNSURE, ASK, ASK_UNSURE, TELL_FIRST, TEST_SPOT = (
    "clinician",
    "acne",
    "acne_unsure",
    "ask",
    "ask_unsure",
    "tell",
    "test_spot",
)


def _lifts(question: str) -> str:
    """Which answer lifts a hold that comes from being unsure."""
    return f"Your answer to “{HEALTH[question].asks}” can lift this hold."


FIRST = {
    CLINICIAN: "See a clinician before any treatment that wounds skin.",
    ACNE: "Your acne needs to be under control first.",
    ACNE_UNSURE: f"This waits until we know that you have no active spots. {_lifts(ACTIVE_SPOTS)}",
    ASK: "Ask us first, because of isotretinoin.",
    ASK_UNSURE: "Ask us first, because we do not know yet whether you have taken isotretinoin.",
    TELL_FIRST: "Tell us first what you told the guide about your health. It can change how and when this is done.",
    TEST_SPOT: "A test spot: we try it on a small area, because it can change the colour of skin.",
}

# Why something is held: for a yes, and for an answer that was not given. `keloid` and the others are codes of the answers.
ON_ISOTRETINOIN, RETINOID, CUTS = "on_isotretinoin", "retinoid", "cuts"
_UNSURE = "_unsure"
HOLDS = {
    KELOID: "A raised scar needs a clinician to see it before any treatment that wounds skin.",
    KELOID
    + _UNSURE: "We do not know yet whether you get keloid or raised scars, so whatever wounds skin waits, as it would "
    f"if you did. {_lifts(KELOID)}",
    PREGNANCY: "You are pregnant or may be, or you are trying for a baby. We list no procedures now: nobody has tested them "
    "in pregnancy, and scars can wait. We can still talk and plan.",
    PREGNANCY
    + _UNSURE: "We do not know yet whether you may be pregnant, so this waits, as it would if you were. "
    f"{_lifts(PREGNANCY)}",
    BREASTFEEDING: "You are breastfeeding. We list no procedures now. We can still talk and plan.",
    ISOTRETINOIN: "You take isotretinoin, or took it in the last 12 months. Advice on how long to wait differs, so this "
    "is on hold until a clinician has looked at it with you.",
    ISOTRETINOIN
    + _UNSURE: "We do not know yet whether you have taken isotretinoin, so this waits, as it would if you "
    f"had. {_lifts(ISOTRETINOIN)}",
    ON_ISOTRETINOIN: "While you take isotretinoin, the doctor who prescribed it treats your spots. We add nothing to it.",
    ON_ISOTRETINOIN
    + _UNSURE: "If you have active spots and take isotretinoin, the doctor who prescribed it treats them, and "
    "this waits. Your answers about spots and isotretinoin can lift this hold.",
    RETINOID: "The cream that was studied for this is a retinoid, and retinoids are not used in pregnancy or while you try "
    "for a baby.",
    RETINOID
    + _UNSURE: "The cream that was studied for this is a retinoid, which is not used in pregnancy. We do not know yet "
    f"whether you may be pregnant. {_lifts(PREGNANCY)}",
    CUTS: "You bleed easily, take blood thinners or have a low defence against infection. A clinician looks first at "
    "whatever cuts skin. Never stop a blood thinner yourself.",
    CUTS
    + _UNSURE: "We do not know yet about bleeding, blood thinners or your defence against infection, so whatever cuts "
    f"skin waits. Your answers to “{HEALTH[BLEEDING].asks}” and “{HEALTH[IMMUNITY].asks}” can lift this hold.",
    WHERE: "Not suggested on the chest, the shoulders or the back, where raised scars form more easily. If it is on "
    "your face too, ask us.",
    WHERE
    + _UNSURE: "We do not know yet where it is. This is not suggested on the chest, the shoulders or the back. Your "
    "answer to “Where is it?” can lift this hold.",
    ACTIVE_SPOTS: FIRST[ACNE],
    ACTIVE_SPOTS + _UNSURE: FIRST[ACNE_UNSURE],
}


# What holds a treatment, in the words of a row; the reason stands above, once. An answer that was not given: what to answer.
_SHORT = {
    KELOID: "keloid or raised scars",
    PREGNANCY: "pregnancy",
    BREASTFEEDING: "breastfeeding",
    ISOTRETINOIN: "isotretinoin",
    ON_ISOTRETINOIN: "active spots and isotretinoin",
    RETINOID: "pregnancy",
    CUTS: "bleeding or infection",
    WHERE: "where it is",
    ACTIVE_SPOTS: "active spots",
}


def in_a_row(holds: Collection[str]) -> tuple[str, ...]:
    """What holds one treatment among others: at most two short sentences. An answer is named only if it lifts it."""
    sure = list(dict.fromkeys(words for code, words in _SHORT.items() if code in holds))
    unsure = list(dict.fromkeys(words for code, words in _SHORT.items() if code + _UNSURE in holds))
    if sure:
        still = (f"Not known yet: {', and '.join(unsure)}.",) if unsure else ()
        return (f"On hold because of {', and '.join(sure)}.", *still)
    if len(unsure) > 1:
        *others, last = (f"about {words}" for words in unsure)
        needed = "both answers" if len(unsure) == 2 else "all these answers"
        return (f"On hold. It takes {needed} to lift it: {', '.join(others)}, and {last}.",)
    return tuple(f"On hold. Your answer about {words} can lift it." for words in unsure)


def hold(code: str, *, unsure: bool) -> str:
    """The key of HOLDS for a hold that somebody is sure about, or not."""
    return code + _UNSURE if unsure else code


# What somebody has to hear before any procedure.
TELL = {
    WHERE: "The jaw, chin, neck, chest, shoulders and back form raised scars more easily. There a clinician looks first, "
    "and tries a small area.",
    COLD_SORES: "Cold sores: lasers, stronger peels, dermabrasion and needling can wake them. Tablets may be given "
    "beforehand. Nothing is done while you have a sore.",
    BLEEDING: "Bleeding or blood thinners: each person is judged on their own. Never stop a blood thinner yourself.",
    IMMUNITY: "Low defence against infection: a clinician looks first.",
    ALLERGY: "An allergy to numbing cream or collagen: it decides what can numb your skin, and which filler is out.",
    SKIN_DISEASE: "Vitiligo and psoriasis can start in any wound, and lupus needs care too: a clinician looks first.",
    TAN: "A tan from sun, a sunbed or a bottle: a laser may have to wait for 6 weeks.",
}

HELD, BEYOND, UNREADY, NOT_OFFERED, WITH_ANOTHER, SPECIALIST, NOT_SUGGESTED = (
    "held",
    "beyond",
    "unready",
    "not_offered",
    "with_another",
    "specialist",
    "not_suggested",
)
KINDS = {
    HELD: "On hold for now",
    BEYOND: "Also fits, but not in the list above",
    UNREADY: "Not suggested: we have not yet said here what we keep ready if a filler blocks a blood vessel",
    NOT_OFFERED: "Used elsewhere, but we do not offer it",
    WITH_ANOTHER: "Only added to another treatment, which is not on your list",
    SPECIALIST: "Only for a specialist to decide",
    NOT_SUGGESTED: "Not suggested for this",
}
