"""The fixed sentences of the client's page of a plan: easy to read, and nobody is hurried by them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from bookings.client.own import after
from bookings.client.plan import words
from content.text import reading_age

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = [
    *sorted((TEMPLATES / "bookings/client/plan").glob("*.html")),
    TEMPLATES / "bookings/client/own/after.html",
    *sorted((TEMPLATES / "emails").glob("plan_*.txt")),
]
HURRY = re.compile(
    r"discount|\bsave\b|special|limited|last chance|hurry up|act now|only \d|\bdeal\b|bonus|best price|popular",
    re.I,
)
# What stands where the page puts a word of its own.
_FILLED = {"date": "Friday 4 December", "word": "it"}


def sentences(path: Path) -> str:
    """What a template says by itself: a paragraph a line."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.S)
    text = re.sub(r"\{\{[^}]*(until|visit|first_on|sent|answered|by)[^}]*\}\}", _FILLED["date"], text)
    text = re.sub(r"\{\{.*?\}\}", _FILLED["word"], text)
    text = re.sub(r"\{%.*?%\}", " ", text)
    text = re.sub(r"</(p|h\d|li|dt|dd|button|a|summary|label)>", "\n\n", text)
    text = unescape(re.sub(r"<[^>]+>", " ", text))
    whole = [" ".join(part.split()).lstrip("#= ") for part in text.split("\n\n")]
    return "\n\n".join(part for part in whole if part.endswith("."))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_it_reads_at_an_age_of_eleven_at_most(path: Path) -> None:
    read = reading_age.measure(sentences(path))
    # One short sentence with the name of a day in it tells nothing.
    assert read.age <= 11 or read.sentences < 4, (read, sentences(path))


def test_all_of_it_together_is_between_easy_and_eleven() -> None:
    said = [*words._BECAME.values(), *after._ENDS.values()]
    read = reading_age.measure("\n\n".join([*map(sentences, PAGES), *said]))
    assert read.sentences > 20
    assert read.age <= 10, read


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_nobody_is_hurried_or_lured(path: Path) -> None:
    assert not HURRY.search(path.read_text())
