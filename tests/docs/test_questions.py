"""docs/questions.md: twenty questions of a newcomer, each with the one file that answers it and the name in it."""

from __future__ import annotations

import pytest

from tests.docs import source
from tests.docs.pages import read, table
from tests.docs.source import ROOT

QUESTIONS = {
    question: (path.strip("`"), name.strip("`"))
    for question, path, name in table(read("docs/questions.md"), "question")
}


def test_there_are_twenty() -> None:
    assert len(QUESTIONS) == 20
    assert all(question.endswith("?") for question in QUESTIONS)


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_its_file_answers_it(question: str) -> None:
    path, name = QUESTIONS[question]
    assert answers(path, name), f"{path} does not define {name}"


def test_a_wrong_answer_is_seen() -> None:
    assert answers("bookings/models/booking_rules.py", "BookingRules.unproved_hold_minutes")
    assert not answers("bookings/models/booking_rules.py", "BookingRules.unproved_hold_hours")
    assert not answers("bookings/rules.py", "BookingRules")


def answers(path: str, name: str) -> bool:
    file = ROOT / path
    return file.exists() and source.defines(source.parsed(file), name)
