"""Comparing two texts takes no longer than somebody waits, whatever they hold."""

from __future__ import annotations

import pytest

from content import limits
from content.publishing import differences
from tests import work


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n\n" * 300, "a\nb\n" * 900),  # the same few lines again and again
        ("a\n\n" * 15_000, "a\nb\n" * 99),  # too many lines on one side
        ("a\n" * 30_000, "b\na\n" * 15_000),
        ("a " * 30_000, "b a " * 15_000),  # one line of many words
    ],
)
def test_no_two_texts_keep_anybody_waiting(before: str, after: str) -> None:
    work.within(2, lambda: differences.lines(before, after))


def test_what_is_too_long_to_compare_is_shown_whole() -> None:
    most = limits.COMPARED_LINES // 2
    old, new = "old\n" * most, "new\n" * (most + 1)
    assert [(piece.kind, piece.text) for line in differences.lines(old, new) for piece in line.pieces] == [
        ("gone", old),
        ("new", new),
    ]


def test_a_word_in_a_long_page_is_still_found() -> None:
    paragraphs = [f"Paragraph {number} is about the sun.\n\n" for number in range(300)]
    changed = [*paragraphs[:200], "Paragraph 200 is about the moon.\n\n", *paragraphs[201:]]
    found = differences.lines("".join(paragraphs), "".join(changed))
    pieces = [piece for line in found for piece in line.pieces if piece.kind != "same"]
    assert [(piece.kind, piece.text) for piece in pieces] == [("gone", "sun"), ("new", "moon")]
