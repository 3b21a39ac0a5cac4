"""What a request keeps of the guide: the answers, and what was suggested to them at the time. Codes; no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.guide.answers import LEFT_ALONE, NOT_TICKED, UNSAID, Answers, from_data, in_words, words
from content.guide.values import Result
from content.guide.wording import WORDS

LATER = "Once acne is under control"
ELSEWHERE = "Often discussed, not done here"
HIGHER_RISK = "Of these, a higher risk of colour change"

# Until the questions about health were asked one by one, all of them were one question with these answers. Requests and
# drafts from then still hold them.
_APPLIES = {
    "keloid": "I get keloid scars, now or before: they grow past the spot",
    "pregnancy": "I am pregnant, trying to be, or breastfeeding",
    "isotretinoin": "I have taken isotretinoin in the last 12 months",
    "active_spots": "I have active spots now",
    "none": "None of these",
    **UNSAID,
}


def keep(answers: Answers, result: Result) -> dict[str, Any]:
    """As JSON keeps it. The matrix may change later; what the client was shown does not."""
    return {
        "answers": answers.data(),
        "suggested": [[one.treatment.code, one.score, one.later] for one in result.suggestions],
        "elsewhere": [one.treatment.code for one in result.shown if not one.offered],
        "higher_risk": [one.treatment.code for one in result.suggestions if one.caution],
    }


def told(
    kept: Mapping[str, Any], concerns: Mapping[str, str], treatments: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    """What `keep` gave, in words: each question with its answers, then what was suggested. The mappings: code to name."""
    suggested: dict[str, list[str]] = {}
    for code, score, later in kept["suggested"]:
        suggested.setdefault(LATER if later else WORDS[score], []).append(treatments.get(code, code))
    for heading, key in ((ELSEWHERE, "elsewhere"), (HIGHER_RISK, "higher_risk")):
        if named := kept.get(key):
            suggested[heading] = words(named, treatments)
    return _answers(kept["answers"], concerns) + list(suggested.items())


def _answers(data: Mapping[str, Any], concerns: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    rows = _left_alone_together(in_words(from_data(data), concerns))
    if "applies" not in data:
        return rows
    asked = {"18 or over", "Urgent signs now", "What it looks like", "Skin in the sun"}
    *before, skin = [row for row in rows if row[0] in asked]
    return [*before, ("What applies", words(data["applies"], _APPLIES)), skin]


def _left_alone_together(rows: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """What somebody left alone in the list of ticks is one row at the end, not a row each."""
    words_of_it = LEFT_ALONE[NOT_TICKED]
    left = [label for label, said in rows if said == [words_of_it]]
    answered = [row for row in rows if row[0] not in left]
    return [*answered, (words_of_it, ["; ".join(left)])] if left else answered
