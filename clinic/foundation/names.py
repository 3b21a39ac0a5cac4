"""What stands before a name, and the letters that stand for one. Pure."""

from __future__ import annotations

# In front of a name, and not part of it. Compared without case and full stops.
_TITLES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "sir", "dame", "rev", "reverend", "herr", "frau")
    + ("mme", "mlle", "madame", "monsieur", "señor", "señora", "signor", "signora", "sr", "sra", "shri", "smt")
    + ("sister", "nurse")
)  # fmt: skip


def is_title(word: str) -> bool:
    """Whether the word is a title, with or without its full stop: "Dr.", "Mrs"."""
    return word.rstrip(".").casefold() in _TITLES


def initials(name: str) -> str:
    """'IF' for Dr Imogen Farrow, where there is no portrait; one letter of a name in a script without capitals."""
    words = [word for word in name.split() if not is_title(word)] or name.split()
    letters = [word[0] for word in words if word[0].isalpha()]
    if not letters:
        return ""
    return (
        letters[0].upper() + letters[-1].upper()
        if letters[1:] and letters[0].isupper()
        else letters[0].upper()
    )
