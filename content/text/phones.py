"""Numbers to call, made links that a phone dials, wherever a page prints one as plain text. Pure: HTML in, HTML out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

# A tag, or the text between two.
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_TAG = re.compile(r"</?([a-z][a-z0-9]*)")
# In these a link would be lost, doubled, or in the way of what is pressed.
_WITHOUT = frozenset(
    (
        *("a", "button", "caption", "dt", "h1", "h2", "h3", "h4", "label", "option", "script"),
        *("select", "style", "summary", "svg", "textarea", "title"),
    )
)
# What makes a number a count: "111 people", "1,111".
_BEFORE, _AFTER = r"(?<![\w.,£$€+-])", r"(?![\w%+-]|[.,]\d|\s(?:of|people|patients|scars|participants)\b)"


def dialled(html: str, numbers: Mapping[str, str]) -> str:
    """`html` with a link round each of `numbers` (as they are written, with their `tel:` addresses), and round the word
    "call" before it. The name of the link says that it calls.
    """
    if not numbers or not any(number in html for number in numbers):
        return html
    written = "|".join(re.escape(number) for number in sorted(numbers, key=len, reverse=True))
    found = re.compile(rf"((?:\b[Cc]all )?){_BEFORE}({written}){_AFTER}")

    def link(match: re.Match[str]) -> str:
        call, number = match.groups()
        says = "" if call else f' aria-label="Call {escape(number)}"'
        return f'<a href="{escape(numbers[number])}"{says}>{match[0]}</a>'

    pieces: list[str] = []
    inside: list[str] = []
    for piece in _PIECE.findall(html):
        if not piece.startswith("<"):
            pieces.append(piece if inside else found.sub(link, piece))
            continue
        tag = _TAG.match(piece)
        if tag and tag[1] in _WITHOUT:
            if piece.startswith("</"):
                if inside and inside[-1] == tag[1]:
                    inside.pop()
            elif not piece.endswith("/>"):
                inside.append(tag[1])
        pieces.append(piece)
    return "".join(pieces)
