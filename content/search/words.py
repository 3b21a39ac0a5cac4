"""Words as the search compares them: no case, no accents, one spelling for two countries, endings cut. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from types import MappingProxyType

import snowballstemmer

from clinic.foundation.text import fold

# Letters and digits, and what joins them into one word: "don't". A hyphen parts words: "ice-pick" is two.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")

_SMALL_WORDS = """
a about after all also am an and any are as at be because been before being but by can cant could did do does doing
done dont for from get gets getting go going got had has have having he her here hers him his how i if im in into is
isnt it its ive just like make makes may me might my no not of on or our ours out please really see shall she should
so some still such than that the their them then there these they thing things this those to too up us very want was
way we were what whats when where which while who whos why will with wont would you your yours
"""
# They carry no meaning of their own in a question to us. A query of nothing else keeps them.
STOP_WORDS = frozenset(_SMALL_WORDS.split())

# Both sides are brought to one spelling, so it does not matter which country's it is.
_SPELLINGS = (
    (re.compile(r"ae"), "e"),  # anaesthetic, haemorrhage
    (re.compile(r"^oe"), "e"),  # oedema
    (re.compile(r"(?<=[a-z]{2})our"), "or"),  # colour, tumour; "hour" and "four" are too short
    (re.compile(r"is(?=(?:e|ed|er|ers|es|ing|ation|ations)$)"), "iz"),  # moisturiser
    (re.compile(r"^(cent|fib|lit|met)re"), r"\1er"),
)
_SPELT = {
    "grey": "gray",
    "greyish": "grayish",
    "practise": "practice",
    "licence": "license",
    "program": "programme",
}

Stemmer = Callable[[str], str]


def _folded(written: str) -> str:
    if written.isascii() and written.isalnum():
        return written.lower()  # as `fold` would, in a tenth of the time
    return _POSSESSIVE.sub("", fold(written)).replace("'", "").replace("’", "")


def places(text: str, asked: Set[str], stem: Stemmer) -> Iterator[tuple[int, int]]:
    """Where words of these stems stand in `text`: start and end."""
    for found in _WORD.finditer(text):
        if (word := _folded(found[0])) and stem(word) in asked:
            yield found.span()


def split(text: str) -> list[str]:
    """The words of `text`, folded."""
    return [word for written in _WORD.findall(text) if (word := _folded(written))]


def stemmer(known: Mapping[str, str] = MappingProxyType({})) -> Stemmer:
    """A function from a folded word to its stem: "scarring" and "scars" give "scar". Those in `known` are looked up.

    Snowball's object remembers its word while it works, so threads must not share one. Each caller makes its own.
    """
    snowball = snowballstemmer.stemmer("english")
    own: dict[str, str] = {}

    def stem(word: str) -> str:
        found = known.get(word) or own.get(word)
        if found is None:
            found = own[word] = snowball.stemWord(_one_spelling(word))
        return found

    return stem


def stems(text: str, stem: Stemmer) -> list[str]:
    """The stems of the words of `text`, in their order."""
    return [stem(word) for word in split(text)]


def meaningful(words: Iterable[str]) -> list[str]:
    """The words without stop words; all of them if there are no others."""
    every = list(words)
    return [word for word in every if word not in STOP_WORDS] or every


def _one_spelling(word: str) -> str:
    word = _SPELT.get(word, word)
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word
