"""Words of a mail as HTML."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_CALL = '<a class="lk" href="{}" style="color:#0f5150;white-space:nowrap">{}</a>'


@register.filter
def calling(text: str, phone: tuple[str, str]) -> SafeString:
    """The text, escaped, in which the clinic's number (as it is written, and its address) is a link that calls it."""
    number, address = phone
    escaped = conditional_escape(text)
    if not address:
        return escaped
    return mark_safe(escaped.replace(conditional_escape(number), format_html(_CALL, address, number)))
