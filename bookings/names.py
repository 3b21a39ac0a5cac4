"""How to speak of somebody whose name they typed themselves: the word to call them by, and whether a greeting may use it.

Pure. A name is never corrected; where it does not say what somebody is called, nothing is guessed.
"""

from __future__ import annotations

import unicodedata

from bookings import limits
from clinic.foundation.names import is_title

# Family names come first in these scripts, and a given name alone would be too familiar: the whole name is used.
_FAMILY_FIRST = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC")
# Between the letters of a name; the last two join letters in Persian, Hindi and others.
_INSIDE = frozenset(" '’-·\u200c\u200d")


def called(name: str, name_to_use: str = "") -> str:
    """The word to call somebody by: what they asked for, or else their first name.

    "" where the name does not say: "Mrs Smith", "P. Smith", "J.R. Smith" or nothing at all.
    """
    if name_to_use:
        return name_to_use
    words = name.split()
    whole = len(words) == 1
    while words and is_title(words[0]):
        words.pop(0)
        whole = False
    if not words or (len(words) == 1 and not whole):
        return ""  # a title alone, or a title and a surname
    if unicodedata.name(words[0][0], "").startswith(_FAMILY_FIRST):
        return " ".join(words)
    return "" if not whole and _is_initial(words[0]) else words[0]


def surname(name: str) -> str:
    """The last word of a name, for a narrow place; the whole name where family names come first."""
    words = name.split()
    if not words or unicodedata.name(words[0][0], "").startswith(_FAMILY_FIRST):
        return name
    return words[-1]


def initials(name: str) -> str:
    """'CM' for Cleo Marsh: the first letters of the first and the last word; one letter of a single word."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def may_greet(name: str) -> bool:
    """Whether `name` can be mistaken for nothing but a name, so that a mail may begin with it.

    Whoever typed it may not be its reader: no digits, full stops, slashes or line ends, which make an address.
    """
    if not 0 < len(name) <= limits.texts.GREETING_CHARACTERS or not name[0].isalpha():
        return False
    # Vowels are marks in many scripts.
    return all(c.isalpha() or c in _INSIDE or unicodedata.category(c).startswith("M") for c in name)


def _is_initial(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return "." in word or len(letters) < 2
