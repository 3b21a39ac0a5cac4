"""A phone number on which somebody can be reached from here, whole and alone; otherwise what is missing is said."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from bookings.fields import AREA_CODE, ONE_PHONE, PHONE_FORMAT, Phone, e164, tidy


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("01632 960001", "+441632960001"),
        ("(01632) 960-001", "+441632960001"),
        ("1632 960001", "+441632960001"),
        ("+44 (0)1632 960001", "+441632960001"),
        ("0044 1632 960001", "+441632960001"),
        ("07700 900982", "+447700900982"),
        ("+33 1 23 45 67 89", "+33123456789"),
        ("0033 1 23 45 67 89", "+33123456789"),
        ("+353 85 012 3456", "+353850123456"),
        ("+54 9 11 1234 5678", "+5491112345678"),
        ("٠٧٧٠٠ ٩٠٠ ٩٨٢", "+447700900982"),
    ],
)
def test_a_whole_number_is_taken_in_any_spelling(typed: str, known: str) -> None:
    assert e164(typed) == known
    assert Phone().clean(typed) == tidy(typed) != ""


REFUSED = [
    # Without its area code a number rings in its own town only, or nowhere.
    *((typed, AREA_CODE) for typed in ("960001", "123456", "12345", "55501", "7946 0958", "496 0123")),
    *((typed, AREA_CODE) for typed in ("+44 960001", "+1 555 0123", "+49 123456")),
    # The second half was dropped in silence.
    *((typed, ONE_PHONE) for typed in ("01632 960001 #12", "01632960001,12", "01632 960001;12")),
    *((typed, PHONE_FORMAT) for typed in ("01632 960001 ext 12", "01632 960001 x12", "0800 FLOWERS")),
    *((typed, PHONE_FORMAT) for typed in ("01632 960001 / 07700 900982", "01632 960001, 07700 900982")),
    *((typed, PHONE_FORMAT) for typed in ("01632 960001 07700 900982", "01632 960001 or 960002")),
    *((typed, PHONE_FORMAT) for typed in ("12", "+", "07700 900 98277777", "tel:01632960001")),
]


@pytest.mark.parametrize(("typed", "message"), REFUSED)
def test_what_cannot_be_dialled_is_asked_for_again_in_words(typed: str, message: str) -> None:
    assert e164(typed) == ""
    assert tidy(typed) == ""
    with pytest.raises(ValidationError) as refused:
        Phone().clean(typed)
    assert refused.value.messages == [message]


def test_nothing_typed_is_nothing() -> None:
    assert Phone().clean("") == ""
    assert Phone().clean("   ") == ""
