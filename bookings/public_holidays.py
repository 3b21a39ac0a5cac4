"""The public holidays of a country, computed by the `holidays` package: no network, no database.

Nobody is closed by them: staff accept those that hold for the clinic (bookings/admin/public_holidays.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import holidays

# The languages that we ask for, in this order; a country that knows none of them speaks its own.
_LANGUAGES = ("en_GB", "en_US")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day and what it is called."""

    day: date
    name: str


def known(country: str) -> bool:
    """Whether the package knows the holidays of a country (ISO 3166-1, two letters)."""
    return country in holidays.list_supported_countries(include_aliases=False)


def between(first: date, last: date, *, country: str, part: str = "") -> list[Holiday]:
    """The holidays from `first` to `last`, both included, in order; none for a country that is not known.

    `part` is a part of the country by its code (ISO 3166-2: "SCT"); one that the package does not know is left out.
    """
    if not known(country):
        return []
    plain = holidays.country_holidays(country)
    language = next((one for one in _LANGUAGES if one in plain.supported_languages), None)
    found = holidays.country_holidays(
        country,
        subdiv=part if part in plain.subdivisions else None,
        years=range(first.year, last.year + 1),
        language=language,
    )
    return [Holiday(day, name) for day, name in sorted(found.items()) if first <= day <= last]
