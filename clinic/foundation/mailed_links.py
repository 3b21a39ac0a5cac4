"""Links that came by mail: what mail programs add to either end of an address is not part of its token.

A full stop, a bracket, "=20" of an encoding, a missing slash: people click what their program made of the link. Looking for
the token inside is safe where it is checked against a key afterwards. Letters are never guessed.
"""

from __future__ import annotations

import re

from clinic.foundation import limits


class Rest:
    """`<rest:token>` in a route (clinic/urls.py): all that follows, including slashes, line breaks or nothing at all."""

    regex = r"[\s\S]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def token_in(text: str, shape: str) -> str:
    """The first token of this shape (a pattern of letters, digits, "-" and "_") that stands alone in `text`, or nothing."""
    found = re.search(
        rf"(?<![\w-])(?:{shape})(?![\w-])", text[: limits.texts.MAILED_ADDRESS_CHARACTERS], re.ASCII
    )
    return found[0] if found else ""
