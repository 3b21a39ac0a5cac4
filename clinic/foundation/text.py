"""Text from outside: made safe to keep (`clean`) or show (`settled`), easy to find (`fold`), read as an id (`id_in`).

A stranger chooses what comes in here, so every text is measured before anything touches it. Putting combining marks into
order takes time that grows with the square of a run of them: 240 KB in one run cost half a minute.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, islice

from django.core.exceptions import ValidationError

from clinic.foundation import limits

# Letters that NFKD leaves alone, though people who type without them mean the same name.
SPELLED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})
# Zero-width non-joiner and joiner: part of the spelling in some scripts and in emoji, a disguise anywhere else.
JOINERS = "\u200c\u200d"
# What phones, desks and languages write inside a name: O’Brien, O'Brien, Hawaiian ʻokina; Anne-Marie with any dash.
_APOSTROPHES = "'’‘ʼʻʹʾʿ`´′＇‛ꞌ"
_HYPHENS = "-‐‑‒–—―−﹘﹣－"
_INSIDE_WORDS = str.maketrans(dict.fromkeys(_APOSTROPHES + _HYPHENS))
_PARTING = str.maketrans(dict.fromkeys(_APOSTROPHES + _HYPHENS, " "))
# Direction controls can make a text read differently from what it says; zero-width ones hide inside words.
UNSEEN = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        0x061C,  # Arabic letter mark
        0x180E,  # Mongolian vowel separator
        *range(0x200B, 0x2010),  # zero-width space, joiners, direction marks
        *range(0x202A, 0x202F),  # embeddings and overrides
        *range(0x2060, 0x2070),  # word joiner, invisible operators, isolates
        0xFEFF,  # byte order mark
        *range(0xFFF9, 0xFFFC),  # interlinear annotation
        *range(0xE0000, 0xE0080),  # tags
    ]
)
# Everything that ends a line somewhere: word processors paste a vertical tab, web pages the separators.
_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_HIDING = {code: None for code in UNSEEN if chr(code) not in JOINERS}
_JOINED = re.compile(f"[{JOINERS}]+")
# Scripts whose letters change or keep their form through a joiner (The Unicode Standard, 9.2, 12.1 and 13.4).
_JOINING = frozenset(
    ("ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA")
    + ("TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "MYANMAR", "KHMER")
)
_VIRAMA = 9  # the combining class of the sign that removes a letter's vowel
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_AS_PICTURE = "\ufe0f"
# Letters and a symbol by category, but nothing on the screen: the Hangul fillers and the empty Braille cell.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"


def fold(text: str) -> str:
    """Return `text` for comparing and searching: no accents, no case, single spaces, no joiners.

    "  Zoë   ŁUKASZ " and "zoe lukasz" fold to the same.
    """
    # Marks are removed first, so that none has to be put in order; then those that letters were composed with.
    bare = _without_marks(unicodedata.normalize("NFKD", _without_marks(text.translate(UNSEEN))))
    # Again: casefold may bring marks back ("İ" becomes "i" and a dot).
    again = unicodedata.normalize("NFKD", bare.casefold().translate(SPELLED))
    return " ".join(_without_marks(again).split())


def name_key(name: str) -> str:
    """Return `name` for searching: every word of it that somebody may remember, folded, each after a space.

    "Anne-Marie O’Brien" becomes " annemarie anne marie obrien o brien": with or without its marks, whole or by its halves.
    At most four times as long as the name; letters that stand for several make it longer.
    """
    return "".join(f" {word}" for word in dict.fromkeys(_words_to_find(name)))


def name_words(term: str) -> list[str]:
    """The words of a search for a name. Each must be the beginning of a word of the `name_key` that is found."""
    return fold(term.translate(_INSIDE_WORDS)).split()


def clean(
    text: str, *, limit: int, lines: bool = False, layout: bool = False, drop_control: bool = False
) -> str:
    """Return `text` as it is kept: NFC, trimmed, without characters that hide text or reverse its direction.

    `limit` is in characters, counted before anything is done and again after cleaning. `lines` allows line breaks, which
    become "\\n"; elsewhere one acts as a space. `layout` does too, and keeps tabs and blanks at the ends of lines,
    which Markdown reads. Raises ValidationError with code "too_long", "control" (NUL and other control characters, half of
    a surrogate pair; `drop_control` leaves them out instead) or "marks" (more than MARKS_ON_A_LETTER on one letter).
    """
    if len(text) > limit * limits.texts.TYPED_FOR_EACH_KEPT:
        raise _too_long(text, limit)
    text = _seen(text)
    if any(_is_control(c) for c in text):
        if not drop_control:
            raise ValidationError(
                "This holds a character that we cannot keep. Type it again.", code="control"
            )
        text = "".join(c for c in text if not _is_control(c))
    text = _broken_into_lines(text, lines=lines, layout=layout)
    if _longest_run_of_marks(text) > limits.texts.MARKS_ON_A_LETTER:
        raise ValidationError("This holds too many accents on one letter. Type it again.", code="marks")
    text = unicodedata.normalize("NFC", text)
    if len(text) > limit:
        raise _too_long(text, limit)
    return text


def settled(text: str, *, limit: int) -> str:
    """Return what can be shown of any `text`, for a preview: as `clean` with layout, but cut where that refuses."""
    text = _seen(text[: limit * limits.texts.TYPED_FOR_EACH_KEPT])
    shown: list[str] = []
    for is_mark, run in groupby((c for c in text if not _is_control(c)), _is_mark):
        shown += islice(run, limits.texts.MARKS_ON_A_LETTER if is_mark else None)
    text = unicodedata.normalize("NFC", "".join(shown)).strip()
    return text[:limit].rstrip()


def _words_to_find(name: str) -> Iterator[str]:
    for word in name.split():
        halves = fold(word.translate(_PARTING)).split()
        if halves:
            yield "".join(halves)
            yield from halves


def searchable(term: str) -> str:
    """The part of a search that is looked for: a few words in the first characters."""
    return " ".join(term[: limits.texts.DESK_SEARCH_CHARACTERS].split()[: limits.texts.DESK_SEARCH_WORDS])


def shows(text: str) -> bool:
    """Whether a title or label says anything: it holds a visible letter or digit."""
    return any(unicodedata.category(c)[0] in "LN" and c not in _BLANK for c in text)


def has_letter(text: str) -> bool:
    """Whether this can be somebody's name: it holds a visible letter, in any script."""
    return any(unicodedata.category(c)[0] == "L" and c not in _BLANK for c in text)


def id_in(text: str) -> int:
    """Return the id (or version) that `text` spells; 0, which no row has, for anything else and for huge numbers."""
    return int(text) if len(text) <= 9 and text.isascii() and text.isdigit() else 0


def _too_long(text: str, limit: int) -> ValidationError:
    return ValidationError(f"Use {limit} characters or fewer. You used {len(text)}.", code="too_long")


def _seen(text: str) -> str:
    """Without hidden characters, with "\\n" for every break."""
    text = text.replace("\r\n", "\n").translate(_BREAKS).translate(_HIDING)
    return _JOINED.sub(_kept_joiner, text)


def _broken_into_lines(text: str, *, lines: bool, layout: bool) -> str:
    if layout:
        return text.strip()
    parts = text.replace("\t", " ").split("\n")
    if lines:
        return "\n".join(line.rstrip() for line in parts).strip()
    return " ".join(filter(None, (part.strip() for part in parts)))


def _kept_joiner(found: re.Match[str]) -> str:
    """The joiner where its neighbours use one, else nothing."""
    text, joiner = found.string, found[0][0]
    before = _letter(
        reversed(text[max(0, found.start() - limits.texts.MARKS_ON_A_LETTER - 1) : found.start()])
    )
    after = _letter(text[found.end() : found.end() + limits.texts.MARKS_ON_A_LETTER + 1])
    if any(unicodedata.combining(c) == _VIRAMA for c in before):
        return joiner  # even at the end of a word: a Malayalam letter may end like this
    if any(map(_joins, before)) and any(map(_joins, after)):
        return joiner
    as_one = joiner == "\u200d" and before and after and _is_picture(before[0]) and _is_picture(after[0])
    return joiner if as_one else ""


def _letter(side: Iterable[str]) -> list[str]:
    """The characters of the letter that a joiner stands beside: marks, whose order means nothing, and their base."""
    found = []
    for c in side:
        found.append(c)
        if not _is_mark(c):
            break
    return found


@lru_cache(maxsize=1024)
def _joins(c: str) -> bool:
    return unicodedata.category(c)[0] in "LM" and unicodedata.name(c, "").split(" ")[0] in _JOINING


@lru_cache(maxsize=1024)
def _is_picture(c: str) -> bool:
    return unicodedata.category(c) == "So" or c == _AS_PICTURE or ord(c) in _SKIN_TONES


def _is_control(c: str) -> bool:
    # ASCII first: nearly every character of nearly every text.
    return c not in "\n\t" and not " " <= c <= "~" and unicodedata.category(c) in ("Cc", "Cs")


def _is_mark(c: str) -> bool:
    return c > "\u02ff" and unicodedata.category(c)[0] == "M"


def _longest_run_of_marks(text: str) -> int:
    return max((sum(1 for _ in run) for is_mark, run in groupby(text, _is_mark) if is_mark), default=0)


def _without_marks(text: str) -> str:
    return text if text.isascii() else "".join(c for c in text if not unicodedata.combining(c))


_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)  # fmt: skip


def ordinal(number: int) -> str:
    """'third' for 3; figures above twelve: '13th', '21st'."""
    if 0 < number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ends = {1: "st", 2: "nd", 3: "rd"} if number % 100 not in (11, 12, 13) else {}
    return f"{number}{ends.get(number % 10, 'th')}"
