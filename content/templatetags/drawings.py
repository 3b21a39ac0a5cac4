"""{% drawing "skin" tile.drawing as src %} and {% drawing "figure" page.drawing as src %}."""

from __future__ import annotations

from django import template

from content import drawings

register = template.Library()


@register.simple_tag
def drawing(kind: drawings.Kind, name: str, fallback: str = "") -> str:
    """The address of a drawing; of the fallback's if there is none; else an empty text."""
    return drawings.url(kind, name) or (drawings.url(kind, fallback) if fallback else "")
