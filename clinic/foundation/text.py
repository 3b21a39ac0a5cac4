"""Text from outside: made safe to keep (`clean`), made easy to find (`fold`), read as a row's id (`id_in`)."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

# Letters that NFKD leaves alone, though people who type without them mean the same name.
SPELLED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})
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


def fold(text: str) -> str:
    """Return `text` for comparing and searching: no accents, no case, single spaces.

    "  Zoë   ŁUKASZ " and "zoe lukasz" fold to the same.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(UNSEEN)).casefold().translate(SPELLED)
    # Again: casefold may compose a letter anew ("İ" becomes "i" and a dot).
    bare = "".join(c for c in unicodedata.normalize("NFKD", decomposed) if not unicodedata.combining(c))
    return " ".join(bare.split())


def clean(text: str, *, limit: int, lines: bool = False) -> str:
    """Return `text` as it is kept: NFC, trimmed, without characters that hide or turn text round.

    `limit` is in characters, counted after cleaning. `lines` allows line breaks, which become "\\n". Raises
    ValidationError with code "control" (NUL and other control characters, half of a surrogate pair) or "too_long".
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", text.translate(UNSEEN))
    allowed = "\n" if lines else ""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text):
        raise ValidationError("This holds a character that we cannot keep. Type it again.", code="control")
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    if len(text) > limit:
        raise ValidationError(f"Use {limit} characters or fewer. You used {len(text)}.", code="too_long")
    return text


def id_in(text: str) -> int:
    """Return the id (or version) that `text` spells; 0, which no row has, for anything else and for huge numbers."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
