"""How hard a text is to read: its reading age in years, and what makes it hard. Pure: text in, numbers out.

The age is the Flesch-Kincaid grade plus 5. It counts the words of a sentence and the syllables of a word, so it sees
long sentences and long words, and nothing else: a text can be short, simple and still wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from content.text import markdown

# A sentence with more words than this is worth splitting; a word with this many syllables is worth replacing.
LONG_SENTENCE = 20
HARD_WORD = 4
# A word that a text cannot do without, like the name of a treatment, counts as no longer than this.
_NEEDED = 2
# Capitals up to this many letters are spoken one by one: GP, NHS.
_INITIALS = 4
# Grade 1 is read at 6. Nobody younger than 5 reads our pages, so a text of three words is not "for a child of 1".
_AGE_AT_GRADE_0 = 5

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+")
# Letters, with an apostrophe inside if need be, or a number. A hyphen divides: "single-use" is read as two words.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")

_NO_LETTER = re.compile(r"[^a-z]")
_QU = re.compile(r"(?<=q)u")
_Y_BETWEEN_VOWELS = re.compile(r"(?<=[aeiou])y(?=[aeiou])")
_VOWELS = re.compile(r"[aeiouy]+")
# Vowels that stand together and are spoken apart: mil-i-a, ser-i-ous, cli-ent, vid-e-o, grad-u-al, do-ing, are-a, cre-ate.
_APART = re.compile(
    r"(?<![cgst])ia|(?<![cgstx])io|iu|(?<![cgst])(?<!^fr)ie[tn]|(?<=[a-z]{3})ier$|(?<!g)eo(?![pu])|(?<![gq])ua(?!r)"
    r"|[aeiouy](?=ing$)|(?<=[aeiou][a-z])ea$|(?<=cr)ea(?=t)|^reac(?!h)|sm$"
)
# An e that is written and not spoken: time, times, inflamed, safely, sometimes, every. That of needle and treated is.
_SILENT = re.compile(
    r"(?<![aeiouyl])e$|(?<=[aeiouy]l)e$"
    r"|(?<![aeiouylsxzcgh])es$|(?<=[aeiouy]l)es$|(?<=t)hes$"
    r"|(?<![aeiouyltd])ed$|(?<=[aeiouy]l)ed$|(?<=ll)ed$"
    r"|(?<=[aeiouy][^aeiouyl])e(?=(?:ly|ments?|ful|less|ness|things?|times?|where|body)$)|(?<=^ev)e(?=ry)"
)
_IRREGULAR = {
    "acne": 2,
    "eye": 1,
    "eyes": 1,
    "someone": 2,
    "business": 2,
    "evening": 2,
    "science": 2,
    "therefore": 2,
}


@dataclass(frozen=True)
class Reading:
    """What was measured. `age` is in years; `hard_words` has the most frequent first, in small letters."""

    age: float
    sentences: int
    words: int
    long_sentences: tuple[str, ...]
    hard_words: tuple[str, ...]


def measure(text: str, names: Iterable[str] = ()) -> Reading:
    """The reading of Markdown prose: paragraphs and list items. Headings and tables are left out, they would flatter.

    `names` are names that the text needs (of treatments, of concerns): each of their words counts as two syllables
    at most, and is never called hard. A text without prose has no age: 0.
    """
    needed = {word for name in names for word in _words(name.lower())}
    sentences = [
        part for block in markdown.prose(text) for part in _SENTENCE_END.split(block) if _words(part)
    ]
    words = [word for part in sentences for word in _words(part)]
    if not words:
        return Reading(0, 0, 0, (), ())
    spoken = {word: _spoken(word, needed) for word in set(words)}
    grade = (
        0.39 * len(words) / len(sentences) + 11.8 * sum(spoken[word] for word in words) / len(words) - 15.59
    )
    hard = Counter(word.lower() for word in words if spoken[word] >= HARD_WORD and word.isalpha())
    return Reading(
        age=max(float(_AGE_AT_GRADE_0), grade + _AGE_AT_GRADE_0),
        sentences=len(sentences),
        words=len(words),
        long_sentences=tuple(part for part in sentences if len(_words(part)) > LONG_SENTENCE),
        hard_words=tuple(word for word, _ in hard.most_common()),
    )


def syllables(word: str) -> int:
    """How many syllables a word has, by rules of English spelling: right for most, seldom off by more than one.

    Each digit of a number is one (right for 6, 12, 100 and 999, not for 7), and so is each letter of PRP or NHS.
    """
    if word[:1].isdigit() or (word.isupper() and len(word) <= _INITIALS):
        return sum(letter.isalnum() for letter in word)
    plain = normalize("NFKD", word.lower().replace("’", "'").removesuffix("'s"))
    letters = _NO_LETTER.sub("", plain)
    if letters in _IRREGULAR:
        return _IRREGULAR[letters]
    letters = _Y_BETWEEN_VOWELS.sub("|", _QU.sub("", letters))
    count = len(_VOWELS.findall(letters)) + len(_APART.findall(letters)) - len(_SILENT.findall(letters))
    return max(1, count)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _spoken(word: str, needed: set[str]) -> int:
    lower = word.lower()
    count = syllables(word)
    return min(count, _NEEDED) if lower in needed or lower.removesuffix("s") in needed else count
