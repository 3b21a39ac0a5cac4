"""Moments in the desk's words, in the zone that the page is shown in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from clinic.foundation import when

register = template.Library()


@register.filter
def short(moment: datetime | None) -> str:
    """'Tue 1 Dec 10:30'; empty for None."""
    zone = timezone.get_current_timezone()
    return when.short(moment, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")) if moment else ""
