"""{{ part.content|sections }}."""

from __future__ import annotations

from django import template

from content.text import markdown

register = template.Library()
register.filter("sections", markdown.sections)
