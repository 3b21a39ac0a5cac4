"""Amounts of money: whole minor units in the data, words on the page."""

from __future__ import annotations

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
# ISO 4217 currencies without a minor unit that a clinic may meet; all others here have two digits.
_WITHOUT_MINOR = frozenset({"JPY", "KRW", "ISK", "CLP", "VND"})


def words(amount: int, currency: str) -> str:
    """'£45', '£45.50', '1,200 SEK'. `amount` is in minor units; `currency` is an ISO code."""
    digits = 0 if currency in _WITHOUT_MINOR else 2
    major, minor = divmod(amount, 10**digits)
    number = f"{major:,}" + (f".{minor:0{digits}}" if minor else "")
    sign = _SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{number} {currency}"


def span(low: int, high: int | None, currency: str) -> str:
    """'£165 to £195', or one amount when there is no higher one."""
    if high is None or high == low:
        return words(low, currency)
    return f"{words(low, currency)} to {words(high, currency)}"
