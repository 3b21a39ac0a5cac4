"""What a Markdown text holds: its lines of words, headings, links and pictures. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from markdown_it.token import Token

from content.text import markdown


@dataclass(frozen=True)
class Link:
    """`words` is what a reader clicks on, or the alternative text of a picture."""

    kind: Literal["link", "picture"]
    target: str
    words: str


def lines(text: str) -> list[str]:
    """The words of every heading, paragraph, list item and cell, without Markdown. What stands as code is no text."""
    return [_words(token.children or []) for token in _inlines(text)]


def headings(text: str) -> list[str]:
    """The words of the headings, in order."""
    return [_words(inline.children or []) for _, inline in _headings(text)]


def nested_headings(text: str) -> list[str]:
    """The words of the headings of a section that stand inside a quotation or a list, where no section can begin."""
    return [
        _words(words.children or [])
        for opening, words in _headings(text)
        if opening.tag in ("h1", "h2") and opening.level
    ]


def noted_headings(text: str) -> list[str]:
    """The words of the headings with a note in them."""
    inlines = (inline.children or [] for _, inline in _headings(text))
    return [_words(children) for children in inlines if any(child.type == "note" for child in children)]


@lru_cache(maxsize=512)
def links(text: str) -> tuple[Link, ...]:
    """Every link and picture, in order. Remembered: an editor's page asks it of every other page, which seldom change."""
    return tuple(link for token in _inlines(text) for link in _links(token.children or []))


def _headings(text: str) -> Iterator[tuple[Token, Token]]:
    """The token that opens each heading, and the one with its words."""
    return (pair for pair in pairwise(markdown.tokens(text)) if pair[0].type == "heading_open")


def _inlines(text: str) -> Iterator[Token]:
    return (token for token in markdown.tokens(text) if token.type == "inline")


def _links(children: list[Token]) -> Iterator[Link]:
    opened: list[tuple[str, int]] = []
    for place, token in enumerate(children):
        if token.type == "image":
            yield Link("picture", str(token.attrGet("src") or ""), token.content.strip())
        elif token.type == "link_open":
            opened.append((str(token.attrGet("href") or ""), place))
        elif token.type == "link_close":
            target, start = opened.pop()
            yield Link("link", target, _words(children[start:place]))


def _words(children: list[Token]) -> str:
    shown = ("text", "softbreak", "hardbreak", "code_inline", "text_special")
    return "".join(
        " " if token.type.endswith("break") else token.content for token in children if token.type in shown
    )
