"""{% drawn "skin" tile.drawing forloop.counter fallback="flat" %} in a page; {% drawing "skin" code as src %} as a file."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString

from content.display import of_100, recovery
from content.pictures import drawings

register = template.Library()

# Where the long names of treatments have a seam.
_SEAMS = re.compile(r"micro(?=derm|needl)|derm(?=abrasion)|radio(?=freq)", re.IGNORECASE)


@register.simple_tag
def drawing(kind: drawings.Kind, name: str, fallback: str = "", tone: str = "") -> str:
    """The address of a drawing in a tone of skin; of the fallback's if there is none; else an empty text."""
    return drawings.url(kind, name, tone) or (drawings.url(kind, fallback, tone) if fallback else "")


@register.simple_tag
def drawn(
    kind: drawings.Kind, name: str, *place: object, fallback: str = "", tone: str = "", alt: str = ""
) -> SafeString:
    """The drawing as an element, or the fallback's, or nothing. `place` tells it from the same one elsewhere on the page."""
    found = drawings.inline(kind, name, *place, tone=tone, alt=alt)
    return found or drawings.inline(kind, fallback, *place, tone=tone, alt=alt)


@register.simple_tag
def in_tones(name: str) -> list[tuple[SafeString, str]]:
    """The tile of skin in each tone, with what readers call the tone. Nothing if there is no such drawing."""
    alts = {tone: f"{called(name)}, drawn on {skin} skin" for tone, skin in drawings.TONES.items()}
    found = ((drawings.inline("skin", name, tone, tone=tone, alt=alts[tone]), tone) for tone in alts)
    return [(drawing, drawings.TONES[tone]) for drawing, tone in found if drawing]


@register.simple_tag
def figure_parts(name: str) -> drawings.Parts | None:
    """What the words on the figure are, or None if there is no such figure."""
    return drawings.parts(name)


@register.filter
def called(name: str) -> str:
    """The name of a drawing as words: dark-marks is "Dark marks"."""
    return name.replace("-", " ").capitalize()


@register.filter
def breakable(name: str) -> str:
    """The name with soft hyphens where a long word of it may break: few browsers know where themselves."""
    return _SEAMS.sub("\\g<0>\u00ad", name)


@register.filter
def people(count: tuple[int, int, int]) -> of_100.People:
    """The paths of 100 people of whom so many are filled, from the least to the most, and so many tinted."""
    return of_100.people(*count)


@register.filter
def days(phases: list[tuple[str, str]]) -> recovery.Days:
    """The phases of a recovery on one line of days."""
    return recovery.days(phases)


@register.filter
def phase(what: str) -> str:
    """The name of the tile for a phase of recovery."""
    return recovery.picture(str(what))
