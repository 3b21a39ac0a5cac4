"""The address of the page that blocks a stretch of somebody's time, for every page that leads there."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from clinic.foundation import when


def block_url(practitioner_id: int, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """For this stretch (UTC) of one day."""
    asked = {
        "who": practitioner_id,
        "on": when.local_day(start, zone).isoformat(),
        "from": f"{when.local(start, zone):%H:%M}",
        "until": f"{when.local(end, zone):%H:%M}",
    }
    return f"{reverse('admin:block')}?{urlencode(asked)}"
