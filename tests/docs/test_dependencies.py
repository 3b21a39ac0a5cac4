"""pyproject.toml says of every dependency what it is for, and what we would do without it."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.docs.pages import read
from tests.docs.source import ROOT
from tests.docs.test_paths import looks_like_a_path

REASONS = re.compile(
    r'^    # (?P<use>\S.*?)\. Without it: (?P<exit>\S.*)\n    "(?P<name>[^"]+)",', re.MULTILINE
)


def explained(text: str) -> dict[str, str]:
    """What is written above each dependency, by its line."""
    return {found["name"]: f"{found['use']} {found['exit']}" for found in REASONS.finditer(text)}


def test_every_dependency_has_its_use_and_its_exit() -> None:
    text = read("pyproject.toml")
    project = tomllib.loads(text)["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert list(explained(text)) == listed


def test_the_places_that_are_named_exist() -> None:
    named = [
        word.strip(",;:")
        for words in explained(read("pyproject.toml")).values()
        for word in words.split()
        if looks_like_a_path(word.strip(",;:"))
    ]
    assert named and [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    "lines",
    [
        '    "bare",\n',
        '    # Only what for\n    "half",\n',
        '    # . Without it: nothing\n    "empty",\n',
        '    "beside",  # Draws. Without it: by hand\n',
    ],
)
def test_a_dependency_without_both_is_seen(lines: str) -> None:
    assert explained(lines) == {}
