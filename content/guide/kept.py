"""What a request keeps of the guide: the answers, and the list that was shown at the time. Codes; no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.guide.answers import LEFT_ALONE, NOT_TICKED, UNSAID, Answers, from_data, in_words, words
from content.guide.values import Result
from content.guide.wording import WORDS

LISTED = "Things to ask about"
# Until the list was kept as it was shown, a request held these apart.
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
    """As JSON keeps it. The matrix may change later; what the client was shown does not.

    `shown`: each heading of the list with all that stood under it, as [code, score, whether it is done here].
    """
    return {
        "answers": answers.data(),
        "suggested": [[one.treatment.code, one.score, one.later] for one in result.suggestions],
        "shown": [
            [
                section.heading,
                [[one.treatment.code, one.score, one.offered] for one in (*section.ones, *section.beyond)],
            ]
            for section in result.sections
        ],
    }


def told(
    kept: Mapping[str, Any], concerns: Mapping[str, str], treatments: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    """What `keep` gave, in words: each question with its answers, then the list. The mappings: code to name."""
    return _answers(kept["answers"], concerns) + listed(kept, treatments)


def listed(kept: Mapping[str, Any], treatments: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The list that `keep` gave, in words: a line for each of its headings. Empty if it was."""
    if "shown" not in kept:
        return _listed_apart(kept, treatments)
    lines = [
        f"{heading}: {', '.join(_named(treatments.get(code, code), *one) for code, *one in under)}"
        for heading, under in kept["shown"]
    ]
    return [(LISTED, lines)] if lines else []


def _named(name: str, score: int, offered: bool) -> str:
    return f"{name} ({WORDS[score].lower()}{'' if offered else ', not done here'})"


def _listed_apart(kept: Mapping[str, Any], treatments: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    suggested: dict[str, list[str]] = {}
    for code, score, later in kept["suggested"]:
        suggested.setdefault(LATER if later else WORDS[score], []).append(treatments.get(code, code))
    for heading, key in ((ELSEWHERE, "elsewhere"), (HIGHER_RISK, "higher_risk")):
        if named := kept.get(key):
            suggested[heading] = words(named, treatments)
    return list(suggested.items())


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
