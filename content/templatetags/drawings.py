"""{% drawing "treat" treatment.code "look" tone=tone as src %}, {% figure page.drawing as shown %}, {{ what|phase }}."""

from __future__ import annotations

from django import template

from content.display import recovery
from content.pictures import drawings

register = template.Library()


@register.simple_tag
def drawing(kind: drawings.Kind, name: str, fallback: str = "", tone: str = "") -> str:
    """The address of a drawing in a tone of skin; of the fallback's if there is none; else an empty text."""
    return drawings.url(kind, name, tone) or (drawings.url(kind, fallback, tone) if fallback else "")


@register.simple_tag
def figure(name: str, tone: str = "") -> drawings.Figure | None:
    """The drawing in a tone of skin, with its sizes and its parts, or None."""
    return drawings.figure(name, tone)


@register.filter
def phase(what: str) -> str:
    """The name of the little picture for a phase of recovery."""
    return recovery.picture(str(what))
