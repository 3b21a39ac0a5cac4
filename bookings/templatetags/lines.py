"""Where a long line of somebody's own words may break."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def foldable(text: str) -> SafeString:
    """The text, escaped; an email address in it breaks after its @ before it breaks in the middle of a word."""
    return mark_safe(conditional_escape(text).replace("@", "@<wbr>"))
