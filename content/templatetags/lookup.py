"""{{ prices|of:treatment.code }}: what a table of words says of something; nothing if it says nothing."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(table: Mapping[str, str], code: str) -> str:
    return table.get(code, "")
