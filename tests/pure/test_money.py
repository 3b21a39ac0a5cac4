"""An amount as somebody types it is that amount, or it is refused. It is never another one."""

from __future__ import annotations

import pytest

from clinic.foundation import money


@pytest.mark.parametrize(
    ("typed", "currency", "read"),
    [
        ("45", "GBP", 4500),
        ("45.5", "GBP", 4550),
        (" £45.50 ", "GBP", 4550),
        ("45.50 GBP", "GBP", 4550),
        ("45 €", "EUR", 4500),
        ("1,200", "GBP", 120_000),
        ("1,200.50", "GBP", 120_050),
        ("1 200", "EUR", 120_000),
        ("1\u00a0200", "EUR", 120_000),
        ("1,234,567", "USD", 123_456_700),
        ("1,200 SEK", "SEK", 120_000),
        ("1,200", "JPY", 1200),
        ("0", "GBP", 0),
        ("12345678", "GBP", 1_234_567_800),
    ],
)
def test_an_amount_is_read(typed: str, currency: str, read: int) -> None:
    assert money.read(typed, currency) == read


@pytest.mark.parametrize("currency", ["GBP", "EUR", "JPY"])
@pytest.mark.parametrize("typed", ["45,50", "45,00", "45,5", "1,00", "0,50", "45 50", "4 5", "45\u00a050"])
def test_a_comma_or_a_space_before_two_last_digits_is_never_a_hundredfold(typed: str, currency: str) -> None:
    assert money.read(typed, currency) is None


@pytest.mark.parametrize(
    "typed",
    [
        "1.200", "1.200,50", "1,20,000", "12,34", "1,2000", ",500", "1,200 300", "45.", ".50", "45p", "£4£5",
        "$45", "45 EUR", "-45", "1e3", "", "£", "123456789", "1234,567", "٤٥", "45.505", "45,50,",
    ],
)  # fmt: skip
def test_what_is_no_clear_amount_of_this_currency_is_none(typed: str) -> None:
    assert money.read(typed, "GBP") is None


@pytest.mark.parametrize("currency", ["GBP", "EUR", "USD", "SEK", "JPY"])
@pytest.mark.parametrize("amount", [0, 5, 4500, 4550, 120_000, 12_345_600])
def test_what_is_written_is_read_as_the_same(amount: int, currency: str) -> None:
    assert money.read(money.written(amount, currency), currency) == amount
    assert money.read(money.words(amount, currency), currency) == amount


def test_anyone_who_is_refused_is_told_how() -> None:
    assert money.how("GBP") == "Enter an amount like 45 or 45.50. A comma parts thousands only, like 1,200."
    assert money.how("JPY") == "Enter an amount like 45. A comma parts thousands only, like 1,200."
