"""Text is found without its accents, and kept without what hides in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clinic.foundation.limits.texts import MARKS_ON_A_LETTER
from clinic.foundation.text import clean, fold, has_letter, id_in, settled, shows
from tests import work


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
    assert clean("one \r\ntwo\rthree\n", limit=50) == "one two three"


# Word pastes a vertical tab, web pages the separators of Unicode, old terminals the rest.
@pytest.mark.parametrize("pasted", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n", "\r\n"])
def test_a_pasted_line_break_parts_words(pasted: str) -> None:
    assert clean(f"Ana{pasted}Lind", limit=50) == "Ana Lind"
    assert clean(f"one{pasted}two", limit=50, lines=True) == "one\ntwo"
    assert clean(f"one  {pasted}\ttwo", limit=50, layout=True) == "one  \n\ttwo"
    assert settled(f"one{pasted}two", limit=50) == "one\ntwo"
    assert fold(f"Ana{pasted}Lind") == "ana lind"


@pytest.mark.parametrize("text", ["a\0b", "a\x07b", "a\x1bb", "a\x9fb", "a\ud800b"])
def test_control_characters_are_refused_or_left_out(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean(text, limit=50, lines=True)
    assert refused.value.code == "control"
    assert clean(text, limit=50, drop_control=True) == settled(text, limit=50) == "ab"


def test_the_limit_counts_what_is_kept() -> None:
    assert clean("e\u0301" * 5 + "  \u200b", limit=5) == "é" * 5
    with pytest.raises(ValidationError) as refused:
        clean("abcdef", limit=5)
    assert refused.value.code == "too_long"


@pytest.mark.parametrize(
    "name",
    [
        "علی\u200cرضا",  # Ali-Reza, Persian: two parts that do not join
        "می\u200cخواهم",
        "ශ්\u200dරී",  # Sri, Sinhala
        "ക്\u200cഷ",  # Malayalam: keeps two letters apart
        "അവന്\u200d",  # Malayalam: the letter at the end of the word
        "র\u200d্যাব",  # Bengali: the joiner before the virama
        "शर्\u200dमा",  # Devanagari
        "👩\u200d⚕️ fine",
        "👩🏽\u200d🔬",
    ],
)
def test_a_joiner_that_belongs_to_the_spelling_is_kept(name: str) -> None:
    name = unicodedata.normalize("NFC", name)
    assert clean(name, limit=120) == clean(name, limit=120, lines=True) == settled(name, limit=120) == name
    # Either spelling finds it.
    assert fold(name) == fold(name.translate({0x200C: None, 0x200D: None}))


@pytest.mark.parametrize("hidden", ["\u200c", "\u200d", "\u200b", "\u200c\u200d\u200c"])
def test_a_joiner_that_only_hides_is_taken_out(hidden: str) -> None:
    assert clean(f"pay{hidden}pal", limit=50) == "paypal"
    assert clean(f"{hidden}Cleo{hidden}", limit=50) == "Cleo"
    assert clean(f"علی{hidden} x", limit=50) == "علی x"


def test_of_several_joiners_one_is_kept() -> None:
    assert clean("علی\u200c\u200c\u200b\u200cرضا", limit=50) == "علی\u200cرضا"


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u3164", "\uffa0\u115f", "\u2800", "\u0301", "\ufe0f", "—", "?!", "🙂"]
)
def test_what_says_nothing_is_no_title_and_no_name(text: str) -> None:
    assert not shows(text)
    assert not has_letter(text)


@pytest.mark.parametrize(
    "name", ["X", "李", "Teller", "O’Brien", "Nguyễn Thị Minh Khai", "علی\u200cرضا", "ශ්\u200dරී", "ㅤX"]
)
def test_what_people_are_called_is_a_name(name: str) -> None:
    assert has_letter(name)
    assert shows(name)


def test_a_number_is_a_title_and_no_name() -> None:
    assert shows("2026")
    assert not has_letter("2026")


def test_more_marks_than_any_script_puts_on_a_letter_are_refused() -> None:
    assert (
        len(clean("a" + "\u0323" * MARKS_ON_A_LETTER, limit=50)) == MARKS_ON_A_LETTER
    )  # the first of them is in the letter
    # Whatever is taken out may stand between them.
    for many in ("a" + "\u0323" * (MARKS_ON_A_LETTER + 1), "a" + "\u0323\u200b" * (MARKS_ON_A_LETTER + 1)):
        with pytest.raises(ValidationError) as refused:
            clean(many, limit=50)
        assert refused.value.code == "marks"
        assert settled(many, limit=50) == clean("a" + "\u0323" * MARKS_ON_A_LETTER, limit=50)


# Each as long as a whole form may be, or as a path, a cookie and a query together.
HOSTILE = {
    "marks": "\u0301\u0323" * 60_000,
    "marks after letters": "a\u0301\u0323" * 40_000,
    "marks with nothing between": "\u0301\u200b\u0323" * 40_000,
    "ligatures": "\ufdfa" * 80_000,
    "joiners": "\u0995\u200c" * 60_000,
    "viramas": "\u094d\u200d" * 60_000,
    "jamo": "\u1100\u1161" * 60_000,
    "line ends": "\r\n" * 120_000,
    "blanks": " " * 240_000 + "x",
    "letters": "a" * 240_000,
}
WORK: dict[str, Callable[[str], object]] = {
    "a name": lambda text: clean(text, limit=120),
    "a text of a client": lambda text: clean(text, limit=2000, lines=True),
    "a text of an editor": lambda text: clean(text[:60_000], limit=60_000, layout=True),
    "a preview": lambda text: settled(text[:60_000], limit=60_000),
    "a search": lambda text: fold(text[:4000]),
}


@pytest.mark.parametrize("reader", WORK)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_takes_long_to_read(hostile: str, reader: str) -> None:
    def read() -> None:
        with suppress(ValidationError):
            WORK[reader](HOSTILE[hostile])

    # An editor's whole text may take longer than a stranger's whole form (0.1 s; tests/client/test_hostile.py).
    work.within(1 if "editor" in reader or "preview" in reader else 0.1, read)


# Letters, marks and joiners that meet: which a random text hardly ever holds.
_MEETING = st.text("aé\u0301\u0323علی\u200c\u200d\u200b්රක്👩⚕\ufe0f🏽 \n\u2028\x0b", max_size=30)


@given(st.text() | _MEETING)
def test_what_was_cleaned_is_clean(text: str) -> None:
    try:
        kept = clean(text, limit=1000, lines=True)
    except ValidationError:
        return
    assert clean(kept, limit=1000, lines=True) == kept
    assert settled(kept, limit=1000) == kept
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
