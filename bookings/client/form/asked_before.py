"""What the guide and the request both ask about somebody's health, and which of it the request need not ask again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bookings import answers
from content.guide import answers as guide

# The guide's question, and the answer of the request that "yes" to it is. "No" is not carried over: the request asks more.
APPLIES = {
    guide.ACTIVE_SPOTS: "active_spots",
    guide.ISOTRETINOIN: "isotretinoin",
    guide.PREGNANCY: "pregnancy",
    guide.KELOID: "raised_scars",
    guide.COLD_SORES: "cold_sores_infection",
    guide.BLEEDING: "bleeding",
    guide.IMMUNITY: "low_immunity",
    guide.ALLERGY: "allergy",
    guide.SKIN_DISEASE: "skin_disease",
    guide.TAN: "tan",
}
# Here "no" to the guide leaves something open: an infection, or broken skin.
_MORE = (guide.COLD_SORES,)


def asked_by(kept: Mapping[str, Any] | None, applies: Collection[str]) -> frozenset[str]:
    """The codes of the request that the guide has an answer to, in what it kept; empty if nobody came from there.

    What stood in the guide's list and was not ticked is no answer: nobody has said "no", so it is asked again.

    `applies`: what is ticked so far. That somebody is not sure, or would rather say it in person, came along as well.
    """
    if kept is None or "applies" in kept["answers"]:  # kept before each was a question of its own
        return frozenset()
    told = guide.from_data(kept["answers"])
    asked = {
        code
        for question, code in APPLIES.items()
        if told.answer(question) not in (guide.NOT_ASKED, guide.NOT_TICKED)
        and (question not in _MORE or told.said(question) is guide.Said.YES)
    }
    unsaid = [told.answer(question) for question in APPLIES if told.answer(question) in guide.UNSAID]
    carried = {answers.NOT_SURE} if unsaid else set()
    carried |= {"in_person"} & {*unsaid}
    return frozenset(asked | (carried & {*applies}))
