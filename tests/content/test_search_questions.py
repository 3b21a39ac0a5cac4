"""What people type finds its page first, or among the first two, on the content that we ship.

The questions are data: tests/content/search_questions.yaml says how they are written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from content.models import Page
from content.search import cached_index
from content.search.index import Hit

QUESTIONS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "search_questions.yaml").read_text(encoding="utf-8")
)
HELP = "/urgent-help/"
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def wanted(question: dict[str, Any]) -> list[str]:
    answers = question["first"] if "first" in question else question["two"]
    return [answers] if isinstance(answers, str) else answers


def waits(question: dict[str, Any]) -> bool:
    """Its page is not shipped. A question may wait only for a page that is neither there nor unpublished."""
    needs = question.get("needs")
    return bool(needs) and not Page.objects.filter(slug=needs).exists()


def answers(hit: Hit, wish: str) -> bool:
    return wish in (hit.title, hit.url.partition("#")[0])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["ask"])
def test_a_question_finds_its_page(shipped: None, question: dict[str, Any]) -> None:
    if waits(question):
        return  # counted and printed below
    hits = cached_index.index().find(question["ask"])
    places = 1 if "first" in question else 2
    assert any(answers(hit, wish) for hit in hits[:places] for wish in wanted(question)), [
        (hit.url, hit.title) for hit in hits[:4]
    ]
    # Numbers to ring stand above what was found for whoever is in need, and for nobody else.
    if HELP not in wanted(question) or "first" in question:
        assert cached_index.index().answer(question["ask"]).is_alarm is (HELP in wanted(question))


def test_questions_that_wait_are_few_and_named(shipped: None, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = [question for question in QUESTIONS if waits(question)]
    with capsys.disabled():
        if waiting:
            slugs = ", ".join(sorted({question["needs"] for question in waiting}))
            print(f"\n{len(waiting)} search questions wait for pages: {slugs}")  # noqa: T201
    assert len(QUESTIONS) - len(waiting) >= 100


def test_the_data_says_what_it_means() -> None:
    for question in QUESTIONS:
        assert set(question) <= {"ask", "first", "two", "needs"}, question
        assert ("first" in question) != ("two" in question), question
        assert wanted(question) and all(wanted(question)), question
    asked = [question["ask"] for question in QUESTIONS]
    assert len(asked) == len(set(asked))


def test_every_address_that_is_wanted_is_there_or_waited_for(shipped: None) -> None:
    """A renamed page must not leave behind a wish that nothing can fulfil."""
    there = {page.get_absolute_url() for page in Page.objects.published()}
    for question in QUESTIONS:
        wishes = [wish for wish in wanted(question) if wish.startswith("/")]
        if wishes and len(wishes) == len(wanted(question)) and not waits(question):
            assert there & set(wishes), question
