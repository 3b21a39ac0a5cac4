"""Moments in the desk's words, in the zone that the page is shown in; cells of its lists that stay small."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from bookings import fields
from clinic.foundation import when

register = template.Library()


@register.filter
def short(moment: datetime | None) -> str:
    """'Tue 1 Dec 10:30'; empty for None."""
    return when.short(moment, _zone()) if moment else ""


def _zone() -> ZoneInfo:
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


@register.filter
def with_year(moment: datetime) -> str:
    """'Tue 1 Dec 2026 10:30'."""
    return when.short_with_year(moment, _zone())


@register.filter
def phone(number: str) -> str:
    """'01632 960172' for "+441632960172"; as it is if it is no number that anybody could ring."""
    return fields.tidy(number) or number


# A cell as Django's lists make it: no attribute of its tag can hold an unescaped ">".
_CELL = re.compile(r"(<(t[dh])\b[^>]*>)(.*)(</\2>)", re.DOTALL)


@register.filter
def in_two_lines(cell: SafeString) -> SafeString:
    """The same cell, with a box around what it holds: static/admin.css shows two lines of it, whatever people wrote."""
    return mark_safe(_CELL.sub(r'\1<div class="cell">\3</div>\4', cell))  # Django's own markup, moved
