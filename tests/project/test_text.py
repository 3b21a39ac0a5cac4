"""Text is found without its accents, and kept without what hides in it."""

from __future__ import annotations

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clinic.foundation.text import clean, fold, id_in


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Zoë   BRONTË ", "zoe bronte"),
        ("Łukasz Øster", "lukasz oster"),
        ("Straße", "strasse"),
        ("Ægir Œuvre", "aegir oeuvre"),
        ("İpek Işık", "ipek isik"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("o\u2019Neill\u200b", "o\u2019neill"),
        ("ﬁne", "fine"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Cleo  ", "Cleo"),
        ("Zoe\u0308", "Zoë"),
        ("Cleo\u202egpj.exe", "Cleogpj.exe"),  # would read backwards
        ("Cl\u200be\u00ado", "Cleo"),
        ("a\tb", "a b"),
        ("🙂 fine", "🙂 fine"),
    ],
)
def test_clean(text: str, kept: str) -> None:
    assert clean(text, limit=50) == kept


def test_line_breaks_are_kept_only_where_lines_are() -> None:
    assert clean("one \r\ntwo\rthree", limit=50, lines=True) == "one\ntwo\nthree"
    with pytest.raises(ValidationError) as refused:
        clean("one\ntwo", limit=50)
    assert refused.value.code == "control"


@pytest.mark.parametrize("text", ["a\0b", "a\x07b", "a\x1bb", "a\x85b", "a\ud800b"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean(text, limit=50, lines=True)
    assert refused.value.code == "control"


def test_the_limit_counts_what_is_kept() -> None:
    assert clean("e\u0301" * 5 + "  \u200b", limit=5) == "é" * 5
    with pytest.raises(ValidationError) as refused:
        clean("abcdef", limit=5)
    assert refused.value.code == "too_long"


@given(st.text())
def test_what_was_cleaned_is_clean(text: str) -> None:
    try:
        kept = clean(text, limit=1000, lines=True)
    except ValidationError:
        return
    assert clean(kept, limit=1000, lines=True) == kept
    assert unicodedata.is_normalized("NFC", kept)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 7),
        ("007", 7),
        ("999999999", 999_999_999),
        ("", 0),
        ("-1", 0),
        ("1.0", 0),
        ("٣", 0),
        ("9" * 5000, 0),
    ],
)
def test_an_id_is_ascii_digits_that_a_database_takes(text: str, expected: int) -> None:
    assert id_in(text) == expected
