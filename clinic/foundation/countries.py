"""The countries of the world by their two-letter codes (ISO 3166-1), from the list that comes with the time zones."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# What the list calls "Britain (UK)", which is not a name for an envelope.
_NAMED = {"GB": "United Kingdom"}


@cache
def countries() -> list[tuple[str, str]]:
    """(code, name), sorted by name: choices for a field."""
    text = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return sorted(((code, _NAMED.get(code, name)) for code, name in rows), key=lambda row: row[1])
