"""What a request keeps of the guide: the five answers, and what was suggested to them at the time. Codes; no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.guide.answers import Answers, from_data, in_words
from content.guide.rules import WORDS, Result

LATER = "Once acne is under control"


def keep(answers: Answers, result: Result) -> dict[str, Any]:
    """As JSON keeps it. The matrix may change later; what the client was shown does not."""
    return {
        "answers": answers.data(),
        "suggested": [[one.treatment.code, one.score, one.later] for one in result.suggestions],
    }


def told(
    kept: Mapping[str, Any], concerns: Mapping[str, str], treatments: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    """What `keep` gave, in words: each question with its answers, then what was suggested. The mappings: code to name."""
    suggested: dict[str, list[str]] = {}
    for code, score, later in kept["suggested"]:
        suggested.setdefault(LATER if later else WORDS[score], []).append(treatments.get(code, code))
    return in_words(from_data(kept["answers"]), concerns) + list(suggested.items())
