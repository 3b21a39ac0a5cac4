"""Text that somebody typed, made fit for a header, a mail or a calendar file."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """`text` on one line, without control characters or any of the marks that some readers take for the end of a line."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join("".join(kept).split())


def as_words(text: str) -> str:
    """The same for a paragraph of a mail: what somebody typed must not begin like a heading or a button of a template."""
    return plain(text).lstrip("#-*=> ")
