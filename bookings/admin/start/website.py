"""The start page for editors and reviewers: what of the website waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.urls import reverse

from bookings import limits
from clinic.foundation import when
from content.models import Version
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


def part(user: User, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Three statements: drafts, and pages whose check is due."""
    found = due.first(now, zone, limits.lists.START_ROWS)
    writes, reviews = user.has_perm(CHANGE), user.has_perm(REVIEW)
    waiting = [_draft(one, zone) for one in found.drafts if one.pk in found.waiting]
    others = [_draft(one, zone) for one in found.drafts if one.pk not in found.waiting]
    checks = [
        Line(
            str(page),
            reverse("admin:content_page_change", args=[page.pk]),
            f"check due {when.date_words(page.review_due)}" if page.review_due else "",
        )
        for page in found.pages
    ]
    return {
        "website": {
            "reviews": reviews,
            "writes": writes,
            "waiting": waiting,
            "drafts": others,
            "checks": checks,
            "due_url": reverse("admin:content_page_due"),
        }
    }


def _draft(version: Version, zone: ZoneInfo) -> Line:
    document = version.document
    url = reverse(f"admin:content_{document._meta.model_name}_change", args=[document.pk])
    back = "sent back, " if version.sent_back_at else ""
    return Line(
        str(document), url, f"{back}saved {when.short(version.saved_at, zone)} by {version.saved_by_name}"
    )
