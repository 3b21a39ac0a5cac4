"""{% drawing "treat" treatment.code "look" tone=tone as src %} and the same in every tone for the reader to choose."""

from __future__ import annotations

from django import template

from content.display import of_100, recovery
from content.pictures import drawings

register = template.Library()


@register.simple_tag
def drawing(kind: drawings.Kind, name: str, fallback: str = "", tone: str = "") -> str:
    """The address of a drawing in a tone of skin; of the fallback's if there is none; else an empty text."""
    return drawings.url(kind, name, tone) or (drawings.url(kind, fallback, tone) if fallback else "")


@register.simple_tag
def in_tones(kind: drawings.Kind, name: str) -> tuple[drawings.Picture, ...]:
    """The drawing once in each tone of skin, for `content/includes/toned.html`."""
    return drawings.in_tones(kind, name)


@register.simple_tag
def figure(name: str) -> drawings.Figure | None:
    """The figure in each tone of skin with its parts, or None."""
    return drawings.figure(name)


@register.filter
def called(name: str) -> str:
    """The name of a drawing as words: dark-marks is "Dark marks"."""
    return name.replace("-", " ").capitalize()


@register.filter
def people(count: tuple[int, int]) -> of_100.People:
    """The paths of 100 people of whom so many are filled, from the least to the most."""
    return of_100.people(*count)


@register.filter
def days(phases: list[tuple[str, str]]) -> recovery.Days:
    """The phases of a recovery on one line of days."""
    return recovery.days(phases)


@register.filter
def phase(what: str) -> str:
    """The name of the tile for a phase of recovery."""
    return recovery.picture(str(what))
