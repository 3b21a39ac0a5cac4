"""{{ hits|as_rows }}: the results of a search, each passage with what was asked for in <mark>.

Drawn here and not by a template, which takes three times as long: there are ten of them, and every search draws its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as _e
from typing import Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class _Hit(Protocol):
    """As the index finds it: plain texts. `passage`: texts, and whether each was asked for."""

    url: str
    kind: str
    title: str
    tell: str
    section: str
    passage: Iterable[tuple[str, bool]]


@register.filter
def as_rows(hits: Iterable[_Hit]) -> SafeString:
    """The lines of their list."""
    return mark_safe("".join(map(_row, hits)))  # escaped there


def _row(hit: _Hit) -> str:
    section = f' <span aria-hidden="true">›</span> {_e(hit.section)}' if hit.section else ""
    tell = f'<p class="tell">{_e(hit.tell)}</p>\n' if hit.tell else ""
    passage = "".join(f"<mark>{_e(text)}</mark>" if is_asked else _e(text) for text, is_asked in hit.passage)
    return (
        f'<li>\n<p class="small">{_e(hit.kind)}{section}</p>\n'
        f'<h3><a href="{_e(hit.url)}">{_e(hit.title)}</a></h3>\n{tell}<p>{passage}</p>\n</li>\n'
    )
