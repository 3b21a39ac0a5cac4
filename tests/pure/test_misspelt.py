"""An address with a slip of the fingers is recognised; one that may be right is left alone."""

from __future__ import annotations

import pytest

from bookings.client.form.misspelt import meant


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("cleo@gmial.com", "cleo@gmail.com"),
        ("cleo@gmail.con", "cleo@gmail.com"),
        ("cleo@gmail.cm", "cleo@gmail.com"),
        ("cleo@gmaill.com", "cleo@gmail.com"),
        ("cleo@gnail.com", "cleo@gmail.com"),
        ("Cleo.Marsh@GMIAL.com", "Cleo.Marsh@gmail.com"),
        ("cleo@gmail.co.uk", "cleo@gmail.com"),
        ("cleo@hotmial.co.uk", "cleo@hotmail.co.uk"),
        ("cleo@outlok.com", "cleo@outlook.com"),
        ("cleo@yaho.co.uk", "cleo@yahoo.co.uk"),
    ],
)
def test_a_slip_is_recognised(typed: str, right: str) -> None:
    assert meant(typed) == right


@pytest.mark.parametrize(
    "typed",
    [
        "cleo@gmail.com",
        "cleo@ymail.com",
        "cleo@mail.com",
        "cleo@example.org",
        "cleo@gmx.com",
        "@",
        "",
        "cleo",
    ],
)
def test_what_may_be_right_is_left_alone(typed: str) -> None:
    assert meant(typed) == ""
