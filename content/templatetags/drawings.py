"""{% drawing "skin" tile.drawing as src %}, {% figure page.drawing as shown %} and {{ what|phase }}."""

from __future__ import annotations

from django import template

from content.display import recovery
from content.pictures import drawings

register = template.Library()


@register.simple_tag
def drawing(kind: drawings.Kind, name: str, fallback: str = "") -> str:
    """The address of a drawing; of the fallback's if there is none; else an empty text."""
    return drawings.url(kind, name) or (drawings.url(kind, fallback) if fallback else "")


@register.simple_tag
def figure(name: str) -> drawings.Figure | None:
    """The drawing with its sizes and its parts, or None."""
    return drawings.figure(name)


@register.filter
def phase(what: str) -> str:
    """The name of the little picture for a phase of recovery."""
    return recovery.picture(str(what))
