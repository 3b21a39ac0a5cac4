"""The start page for editors and reviewers: what of the website waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from bookings import limits
from bookings.desk_site import clinic_of, due_of
from clinic.foundation import when
from content.models import Page, Version
from content.publishing import due

CHANGE, REVIEW = "content.change_page", "content.review_page"


@dataclass(frozen=True)
class Line:
    """A document that waits: its name, its editor, and what for."""

    name: str
    url: str
    more: str


def is_for(user: User) -> bool:
    """Whoever writes pages or approves them."""
    return user.has_perm(CHANGE) or user.has_perm(REVIEW)


def part(request: HttpRequest, user: User, now: datetime) -> dict[str, Any]:
    """Three statements: drafts, and pages to check. How much is due is counted for the rail."""
    zone, counts = clinic_of(request).zone, due_of(request)
    found = due.first(now, zone, limits.lists.START_ROWS)
    writes, reviews = user.has_perm(CHANGE), user.has_perm(REVIEW)
    waiting = [_draft(one, zone) for one in found.drafts if one.pk in found.waiting]
    others = [_draft(one, zone) for one in found.drafts if one.pk not in found.waiting]
    checks = [
        Line(str(page), reverse("admin:content_page_change", args=[page.pk]), _why(page))
        for page in found.pages
    ]
    return {
        "website": {
            "reviews": reviews,
            "writes": writes,
            "waiting": waiting,
            "drafts": others,
            "checks": checks,
            "number": counts.number,
            "overdue": counts.late,
            "due_url": reverse("admin:content_page_due"),
        }
    }


def _why(page: Page) -> str:
    if page.checked_by_id is None or page.review_due is None:
        return "nobody has checked it"
    return f"check due {when.date_words(page.review_due)}"


def _draft(version: Version, zone: ZoneInfo) -> Line:
    document = version.document
    url = reverse(f"admin:content_{document._meta.model_name}_change", args=[document.pk])
    back = "sent back, " if version.sent_back_at else ""
    return Line(
        str(document), url, f"{back}saved {when.short(version.saved_at, zone)} by {version.saved_by_name}"
    )
