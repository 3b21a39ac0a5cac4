"""Amounts of money: whole minor units in the data, words on the page."""

from __future__ import annotations

import re

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
# ISO 4217 currencies without a minor unit that a clinic may meet; all others here have two digits.
_WITHOUT_MINOR = frozenset({"JPY", "KRW", "ISK", "CLP", "VND"})


def digits(currency: str) -> int:
    """How many digits of an amount in this currency are its minor unit."""
    return 0 if currency in _WITHOUT_MINOR else 2


def words(amount: int, currency: str) -> str:
    """'£45', '£45.50', '1,200 SEK'. `amount` is in minor units; `currency` is an ISO code."""
    places = digits(currency)
    major, minor = divmod(amount, 10**places)
    number = f"{major:,}" + (f".{minor:0{places}}" if minor else "")
    sign = _SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{number} {currency}"


def span(low: int, high: int | None, currency: str) -> str:
    """'£165 to £195', or one amount when there is no higher one."""
    if high is None or high == low:
        return words(low, currency)
    return f"{words(low, currency)} to {words(high, currency)}"


def written(amount: int, currency: str) -> str:
    """'45' or '45.50': an amount in minor units as people type it. `read` understands it."""
    places = digits(currency)
    major, minor = divmod(amount, 10**places)
    return f"{major}.{minor:0{places}}" if minor else str(major)


def read(typed: str, currency: str) -> int | None:
    """Minor units for '45', '£45.50' or '1,200'; None for what is no amount, or is more than ten million."""
    places = digits(currency)
    found = re.fullmatch(r"([0-9]{1,8})(?:\.([0-9]{1,2}))?", re.sub(r"[\s,£€$]", "", typed))
    if found is None or (found[2] and len(found[2]) > places):
        return None
    return int(found[1] + (found[2] or "").ljust(places, "0"))
