"""Text that somebody typed, made fit for a header, a mail or a calendar file."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """`text` on one line, without control characters or any of the marks that some readers take for the end of a line."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join("".join(kept).split())
