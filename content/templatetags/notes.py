"""{% notes fit.sources %}: the numbers that these sources have in the page's list, each a link to its place there."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from content.models import Cited
from content.text import markdown

register = template.Library()


@register.simple_tag(takes_context=True)
def notes(context: Context, named: Iterable[Cited]) -> SafeString:
    """Needs `sources` in the context, the page's list in its order. What is not in it has no number."""
    listed: Iterable[Cited] = context.get("sources") or ()
    numbers = {source.code: number for number, source in enumerate(listed, 1)}
    return markdown.note(numbers[source.code] for source in named if source.code in numbers)
