"""Every accepted session that is not booked, or no longer, also those that sleep until their day is near.

One row a client, the next due first. Each leads to where its sessions are booked in one go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import limits
from bookings.admin.decide import may
from bookings.desk_site import DECIDE, VIEW, clinic_of
from bookings.fields import tidy
from bookings.queries import plans_due
from bookings.queries.plans_due import Unbooked
from clinic.foundation import when


@dataclass(frozen=True)
class Row:
    """One client: how many sessions are open, how many more lost their time (`again`), of which kinds, the first
    day of the next, and whether that is near.
    """

    reference: str
    name: str
    phone: str
    phone_words: str
    number: int
    again: int
    kinds: str
    due: date | None
    is_near: bool
    url: str


@may(VIEW)
@may(DECIDE)
@require_safe
def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """A page of them: four statements, however many there are."""
    found = Paginator(plans_due.unbooked(), limits.lists.SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    zone = clinic_of(request).zone
    context = site.each_context(request) | {
        "title": "Visits to arrange",
        "rows": _rows(list(found.object_list), when.local_day(timezone.now(), zone), zone),
        "found": found,
    }
    return render(request, "admin/bookings/plan/waiting.html", context)


def _rows(found: Sequence[dict[str, Any]], today: date, zone: ZoneInfo) -> list[Row]:
    """Of a page, those first whose day is first: the database knows no more than what the plan says."""
    known = plans_due.more_of_unbooked([one["follows"] for one in found], zone)
    rows = [_row(one, known.get(one["follows"], Unbooked([])), today) for one in found]
    return sorted(rows, key=lambda row: row.due or date.max)


def _row(one: dict[str, Any], more: Unbooked, today: date) -> Row:
    due = more.due or one["due"]
    return Row(
        reference=one["follows__reference"],
        name=one["follows__name"],
        phone=one["follows__phone"],
        phone_words=tidy(one["follows__phone"]) or one["follows__phone"],
        number=one["number"],
        again=one["again"],
        kinds=", ".join(more.kinds),
        due=due,
        is_near=due is not None and due - today <= limits.deadlines.SESSION_NEAR,
        url=reverse("admin:bookings_consultationrequest_sessions", args=[one["follows"]]),
    )
