"""Whoever a public page names to call can be called by a press: 999, 111, whom to talk to, and the clinic."""

from __future__ import annotations

from django.template import Context, Library
from django.utils.safestring import SafeString, mark_safe

from content.text import phones

register = Library()


@register.simple_block_tag(takes_context=True)
def dials(context: Context, content: SafeString) -> SafeString:
    """The numbers of the clinic's profile in `content` as links; elsewhere than on a public page, `content` as it is."""
    if not context.get("share"):
        return content
    return mark_safe(phones.dialled(content, context["clinic"].numbers))
