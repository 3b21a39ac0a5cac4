"""The guide asks only what can change its answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from content.guide.answers import HEALTH
from content.guide.rules import matters
from tests.pure.guide import CONCERNS, MATRIX, told


@pytest.mark.parametrize("spots", ["no", "yes"])
@pytest.mark.parametrize("concern", [*CONCERNS, "mix"])
def test_what_is_not_asked_could_have_changed_nothing(concern: str, spots: str) -> None:
    """Whatever the answer, the guide lists, holds and leaves out the same things for the same reasons."""
    chosen = [known for known in {cell.concern for cell in MATRIX} if known.code == concern]
    asked = matters(chosen, spots=spots == "yes")

    def says(**answers: str) -> object:
        # The notices at the top are for whoever said it. What they rest on is not asked here.
        given = {"active_spots": asked["active_spots"] or spots} | answers
        return replace(told(concern, **given), known=None)

    for question in HEALTH.keys() - {name for name, known in asked.items() if not known}:
        answers = (
            dict.fromkeys(HEALTH[question].choices) if question not in asked else [asked[question], "no"]
        )
        assert len({repr(says(**{question: answer})) for answer in answers}) == 1, question
