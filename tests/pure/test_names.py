"""Clients are called by their name or by nothing: never by a title, an initial, or something that only looks like a name."""

from __future__ import annotations

import pytest

from bookings import names
from clinic.foundation.names import initials


@pytest.mark.parametrize(
    ("name", "called"),
    [
        *(("Cleo Marsh", "Cleo"), ("Cleo", "Cleo"), ("Anne-Marie d'Arcy", "Anne-Marie"), ("Null", "Null")),
        *(
            ("Mrs Jane Smith", "Jane"),
            ("Dr. Cleo Marsh", "Cleo"),
            ("Prof. Dr. Dee Hart", "Dee"),
            ("MS ANA LIND", "ANA"),
        ),
        *(("Nguyễn Thị Minh Khai", "Nguyễn"), ("Šárka Dvořák", "Šárka"), ("O’Brien Teller", "O’Brien")),
        *(("प्रिया शर्मा", "प्रिया"), ("สมชาย ใจดี", "สมชาย"), ("علی‌رضا رضایی", "علی‌رضا"), ("مُحَمَّد علي", "مُحَمَّد")),
        *(("李 明", "李 明"), ("李", "李"), ("김 민수", "김 민수"), ("X", "X")),
    ],
)
def test_whoever_has_a_first_name_is_called_by_it(name: str, called: str) -> None:
    assert names.called(name) == called
    assert names.may_greet(called)


@pytest.mark.parametrize(
    "name", ["Mrs Smith", "Mrs", "P. Smith", "P Smith", "J.R. Smith", "J. R. Smith", "Dr. P. Smith", ""]
)
def test_where_a_name_does_not_tell_nothing_is_guessed(name: str) -> None:
    assert names.called(name) == ""


@pytest.mark.parametrize("asked_for", ["Mrs Smith", "P", "Cleo"])
def test_what_somebody_asks_to_be_called_is_what_they_are_called(asked_for: str) -> None:
    assert names.called("Jane Smith", asked_for) == asked_for


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "evil.example",
            "win 100",
            "a/b",
            "Cleo\nBcc: x",
            "Cleo:",
            "<b>",
            "＠home",
            "7",
            "-",
            "Cleo!",
            "a" * 41,
        ),
        *("\u0301", "\u200dCleo", "Cleo\u2028now", "cleo_marsh"),
    ],
)
def test_what_only_looks_like_a_name_greets_nobody(name: str) -> None:
    assert not names.may_greet(name)


def test_initials_stand_where_there_is_no_portrait() -> None:
    given = ("Dr Imogen Farrow", "Ana", "نور الهدى", "李 雷", "Dr.", "4", "Anna de la Cruz")
    assert [initials(name) for name in given] == ["IF", "A", "ن", "李", "D", "", "AC"]
