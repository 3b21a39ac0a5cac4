"""Whether somebody asks where the clinic is, when it is open, or how to call. No page says it: the profile does. Pure."""

from __future__ import annotations

from content.search import words

_PHRASES = """
opening times, opening hours, open today, open on, are you open, do you close, closing time, weekend, saturday, saturdays,
sunday, sundays, evening, evenings, address, location, map, directions, parking, car park, where are you, find you, near me,
bus, train, postcode, phone, phone number, telephone, call you, ring you, contact you, contact details, email,
email address, walk in
"""
PHRASES = tuple(phrase.strip() for phrase in _PHRASES.split(","))


def is_asked(query: str) -> bool:
    """True where one of the phrases stands in the query, word by word."""
    typed = f" {' '.join(words.split(query))} "
    return any(f" {phrase} " in typed for phrase in PHRASES)
