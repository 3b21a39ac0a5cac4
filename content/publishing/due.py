"""What the editors and reviewers have before them. Reads only.

Corrections to make by hand, checks that are due, drafts that wait, publications ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from clinic.foundation import when
from content.models import Correction, Page, Version
from content.models.page import HEALTH_KINDS, MEDICAL_KINDS
from content.publishing import review

SETTLED_SHOWN = 20


@dataclass(frozen=True)
class Due:
    """The lists, each in the order in which somebody should look."""

    corrections: list[Correction]
    settled: list[Correction]
    overdue: list[Page]
    soon: list[Page]
    kept_back: list[Version]
    waiting: list[Version]
    unchecked: list[Page]
    planned: list[Version]

    @property
    def number(self) -> int:
        """How many things want somebody. What is settled or planned wants nobody."""
        return (
            len(self.corrections)
            + len(self.overdue)
            + len(self.soon)
            + len(self.kept_back)
            + len(self.waiting)
            + len(self.unchecked)
        )


@dataclass(frozen=True)
class Counts:
    """For the rail: how much wants somebody, and how much of it is late."""

    number: int
    late: int


def due(now: datetime, zone: ZoneInfo) -> Due:
    """Everything, in seven statements."""
    today = when.local_day(now, zone)
    pages = list(_to_review(today).select_related("checked_by"))
    return Due(
        corrections=list(Correction.objects.open()),
        settled=list(_settled()),
        overdue=[page for page in pages if review.is_overdue(page.review_due, today)],
        soon=[page for page in pages if not review.is_overdue(page.review_due, today)],
        kept_back=list(_kept_back().select_related("page").defer("data").order_by("kept_back_at")),
        waiting=list(_waiting().select_related("page").defer("data")),
        unchecked=list(_unchecked()),
        planned=list(Version.objects.to_publish().select_related("page").defer("data")),
    )


def counts(now: datetime, zone: ZoneInfo) -> Counts:
    """The numbers alone, in five statements. A correction that waits is as pressing as what is late."""
    today = when.local_day(now, zone)
    days = list(_to_review(today).values_list("review_due", flat=True))
    kept_back = _kept_back().count()
    overdue = sum(1 for day in days if review.is_overdue(day, today))
    pressing = kept_back + Correction.objects.open().count()
    return Counts(len(days) + pressing + _waiting().count() + _unchecked().count(), overdue + pressing)


def _settled() -> QuerySet[Correction]:
    """The newest of those that somebody has looked after: whoever pressed "Done" by mistake finds it again."""
    settled = Correction.objects.filter(settled_at__isnull=False).select_related("settled_by")
    return settled.order_by("-settled_at", "-pk")[:SETTLED_SHOWN]


def _to_review(today: date) -> QuerySet[Page]:
    last = today + timedelta(days=review.SOON_DAYS)
    return Page.objects.published().filter(review_due__lte=last).order_by("review_due", "order")


def _kept_back() -> QuerySet[Version]:
    """Refused when their time came, and nothing has been done about it: no newer version is live."""
    return (
        Version.objects.kept()
        .filter(kept_back_at__isnull=False)
        .filter(Q(page__live=None) | Q(number__gt=F("page__live__number")))
    )


def _waiting() -> QuerySet[Version]:
    """Drafts that may not go live before a reviewer approves them, oldest first: going_live.needs_reviewer, in SQL."""
    covers = Q(data__treatments__0__isnull=False) | Q(data__concerns__0__isnull=False)
    medical = Q(data__kind__in=[str(kind) for kind in MEDICAL_KINDS]) | covers
    return Version.objects.drafts().filter(medical, approved_by=None).order_by("saved_at")


def _unchecked() -> QuerySet[Page]:
    """What readers have and nobody has checked, of the kinds that make statements about skin."""
    return Page.objects.published().filter(kind__in=HEALTH_KINDS, checked_by=None).order_by("order", "pk")
