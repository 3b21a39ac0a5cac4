"""The address of the page that blocks a stretch of somebody's time, for every page that leads there."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from clinic.foundation import when


def block_url(practitioner_id: int, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """For this stretch (UTC) of one day. Where it begins or ends at midnight that field stays empty: the page says so."""
    asked = {"who": str(practitioner_id), "on": when.local_day(start, zone).isoformat()}
    for name, moment in (("from", start), ("until", end)):
        at = f"{when.local(moment, zone):%H:%M}"
        if at != "00:00":
            asked[name] = at
    return f"{reverse('admin:block')}?{urlencode(asked)}"
