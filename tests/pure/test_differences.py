"""Two texts as one: what is gone, what is new, and enough around it to know where."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from content.publishing import differences
from content.publishing.differences import Line, Piece
from tests import work
from tests.publishing import documents


def same(text: str) -> Piece:
    return Piece("same", text)


def test_a_changed_word_is_shown_in_its_sentence() -> None:
    assert differences.words("Wear a hat today.", "Wear a cap today.") == (
        same("Wear a "),
        Piece("gone", "hat"),
        Piece("new", "cap"),
        same(" today."),
    )


def test_texts_with_little_in_common_stand_one_after_the_other() -> None:
    assert differences.lines("Rolling scars", "What to ask about") == (
        Line((Piece("gone", "Rolling scars"),)),
        Line((Piece("new", "What to ask about"),)),
    )


def test_what_is_far_from_a_change_is_counted() -> None:
    old = [f"Line {n}" for n in range(10)]
    new = [*old[:5], "Something else", *old[5:]]
    assert differences.lines("\n".join(old), "\n".join(new)) == (
        Line(left_out=4),
        Line((same("Line 4"),)),
        Line((Piece("new", "Something else"),)),
        Line((same("Line 5"),)),
        Line(left_out=4),
    )


def test_each_field_is_named_and_codes_and_facts_stand_on_lines_of_their_own() -> None:
    before = documents.page_snapshot(sources=("A", "B"), at_a_glance=(("Visits", "3"),))
    after = documents.page_snapshot(
        sources=("A",), at_a_glance=(("Visits", "4"),), review_due=date(2027, 1, 2)
    )
    found = {one.field: one.lines for one in differences.between(before, after)}
    assert list(found) == ["at_a_glance", "sources", "review_due"]
    assert found["sources"] == (Line((same("A"),)), Line((Piece("gone", "B"),)))
    assert found["review_due"] == (Line((Piece("new", "2027-01-02"),)),)
    assert found["at_a_glance"][0].pieces[0] == same("Visits: ")


@given(st.text(alphabet="ab \n.", max_size=60), st.text(alphabet="ab \n.", max_size=60))
def test_both_texts_can_be_read_out_of_it(before: str, after: str) -> None:
    pieces = differences.words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


def test_the_longest_texts_take_no_longer_than_a_person_waits() -> None:
    before = " ".join(f"word{n}" for n in range(8_000))
    work.within(5, lambda: differences.lines(before, before.replace("7", "8")))
