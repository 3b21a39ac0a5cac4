"""Amounts of money: whole minor units in the data, words on the page."""

from __future__ import annotations

import re

from clinic.foundation.limits.texts import MONEY_DIGITS

_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
# ISO 4217 currencies without a minor unit that a clinic may meet; all others here have two digits.
_WITHOUT_MINOR = frozenset({"JPY", "KRW", "ISK", "CLP", "VND"})
# Digits alone, or in threes with the same mark between them throughout; then a point and the minor unit.
_AMOUNT = re.compile(
    r"(?P<major>[0-9]+|[0-9]{1,3}(?P<mark>[, \u00a0\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?:\.(?P<minor>[0-9]{1,2}))?"
)


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
    """Minor units for '45', '£45.50', '1,200' or '1 200 SEK'; None for all that is not an amount under 100 million.

    Commas and spaces separate thousands only. '45,50' is an amount to some, a slip to others, so it is refused:
    code that reads money says so (`how`) rather than guess. Another currency's sign is refused too.
    """
    places = digits(currency)
    found = _AMOUNT.fullmatch(_bare(typed, currency))
    if found is None or (found["minor"] and len(found["minor"]) > places):
        return None
    major = re.sub(r"\D", "", found["major"])
    return int(major + (found["minor"] or "").ljust(places, "0")) if len(major) <= MONEY_DIGITS else None


def how(currency: str) -> str:
    """What to say to anyone who typed what `read` does not accept."""
    like = "45 or 45.50" if digits(currency) else "45"
    return f"Enter an amount like {like}. A comma parts thousands only, like 1,200."


def _bare(typed: str, currency: str) -> str:
    """The amount without its own currency's sign or code, before or after it."""
    text = typed.strip()
    for sign in (_SIGNS.get(currency, currency), currency):
        if text.startswith(sign):
            return text.removeprefix(sign).lstrip()
        if text.endswith(sign):
            return text.removesuffix(sign).rstrip()
    return text
