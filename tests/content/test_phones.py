"""Numbers to call are links, wherever a page writes one."""

from __future__ import annotations

import pytest

from content.text.phones import dialled

NUMBERS = {"999": "tel:999", "111": "tel:111", "116 123": "tel:116123"}


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("<strong>Call 999 now</strong>", '<strong><a href="tel:999">Call 999</a> now</strong>'),
        ("or 111.", 'or <a href="tel:111" aria-label="Call 111">111</a>.'),
        ("on 116 123, free", 'on <a href="tel:116123" aria-label="Call 116 123">116 123</a>, free'),
    ],
)
def test_a_number_can_be_pressed(written: str, linked: str) -> None:
    assert dialled(written, NUMBERS) == linked
    assert dialled(linked, NUMBERS) == linked, "not a link within a link"


@pytest.mark.parametrize(
    "written",
    [
        "111 people were asked",
        "it cost £999, or 1,999",
        '<h2 id="call-111">Call 111</h2>',
        '<a href="/x/">111 or <b>999</b></a>',
        '<p title="999">x</p>',
    ],
)
def test_what_is_no_number_to_call_or_cannot_be_a_link_stays(written: str) -> None:
    assert dialled(written, NUMBERS) == written


def test_after_what_holds_no_link_the_next_number_is_one() -> None:
    link = '<a href="tel:111" aria-label="Call 111">111</a>'
    assert dialled("<h2>Call 111</h2><svg/><p>111</p>", NUMBERS) == f"<h2>Call 111</h2><svg/><p>{link}</p>"


def test_of_two_numbers_that_begin_alike_the_longer_one_is_dialled() -> None:
    two = {"111": "tel:111", "111 222": "tel:111222"}
    assert dialled("on 111 222.", two) == 'on <a href="tel:111222" aria-label="Call 111 222">111 222</a>.'
