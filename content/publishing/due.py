"""What waits for the editors and reviewers. Reads only.

Corrections to make by hand, checks that are due, drafts that wait, publications ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from clinic.foundation import when
from clinic.foundation.prepared import Prepared
from content import limits
from content.models import Correction, Page, Suitability, Treatment, Version
from content.models.page import HEALTH_KINDS
from content.models.version import VersionQuerySet
from content.publishing import review_dates, reviewer


@dataclass(frozen=True)
class Due:
    """The lists, each in the order in which somebody should look."""

    corrections: list[Correction]
    settled: list[Correction]
    overdue: list[Page]
    soon: list[Page]
    kept_back: list[Version]
    waiting: list[Version]
    sent_back: list[Version]
    late_facts: list[Version]
    unchecked: list[Page]
    planned: list[Version]
    unsigned_treatments: int
    unsigned_cells: int

    @property
    def number(self) -> int:
        """How many things want somebody. What is settled or planned wants nobody; what nobody signed is counted apart."""
        return (
            len(self.corrections)
            + len(self.overdue)
            + len(self.soon)
            + len(self.kept_back)
            + len(self.waiting)
            + len(self.sent_back)
            + len(self.late_facts)
            + len(self.unchecked)
        )


@dataclass(frozen=True)
class Counts:
    """For the rail: how much wants somebody, and how much of it is late."""

    number: int
    late: int


def due(now: datetime, zone: ZoneInfo) -> Due:
    """Everything, in twelve statements."""
    today = when.local_day(now, zone)
    pages = list(_to_review(review_dates.last_soon(today)).select_related("checked_by"))
    return Due(
        corrections=list(Correction.objects.open()),
        settled=list(_settled()),
        overdue=[page for page in pages if review_dates.is_overdue(page.review_due, today)],
        soon=[page for page in pages if not review_dates.is_overdue(page.review_due, today)],
        kept_back=list(_kept_back().with_documents().order_by("kept_back_at")),
        waiting=list(reviewer.waiting().with_documents()),
        sent_back=list(_sent_back().with_documents()),
        late_facts=list(
            _facts_to_review(review_dates.last_soon(today)).with_documents().select_related("approved_by")
        ),
        unchecked=list(_unchecked()),
        planned=list(Version.objects.to_publish().with_documents()),
        unsigned_treatments=Treatment.objects.published().filter(reviewed_by=None).count(),
        unsigned_cells=Suitability.objects.published().filter(reviewed_by=None).count(),
    )


def counts(now: datetime, zone: ZoneInfo) -> Counts:
    """The numbers alone, in one statement. A correction that waits is as pressing as what is late."""
    today = when.local_day(now, zone)
    number = late = 0
    for what, day, found, *facts in COUNTED.rows((review_dates.last_soon(today),)):
        if what == "facts" and not reviewer.says_something_new(*facts):
            continue
        number += found
        if what == "pressing" or (what == "check" and review_dates.is_overdue(day, today)):
            late += found
    return Counts(number, late)


def counted(given: tuple[date], _: None) -> QuerySet[Any, Any]:
    """Lines of what, day, number; those of "facts" are drafts of treatments, whose facts have yet to be compared."""
    (last_soon,) = given
    facts = (
        reviewer.facts_waiting().order_by().annotate(c_what=Value("facts"), c_day=_NO_DAY, c_number=Value(1))
    )
    parts = (
        _number("pressing", _kept_back()),
        _number("pressing", Correction.objects.open()),
        _number("draft", reviewer.others_waiting()),
        _number("draft", _sent_back()),
        _number("fact", _facts_to_review(last_soon)),
        _number("unchecked", _unchecked()),
        _number("check", _to_review(last_soon), day=F("review_due")),
    )
    lines = facts.values_list("c_what", "c_day", "c_number", *reviewer.FACTS)
    return lines.union(*parts, all=True)


COUNTED = Prepared(counted)  # every page of the desk asks it for editors

_NO_DAY = Cast(Value(None), DateField())
# What stands in the columns of a draft's facts where there is no draft.
_NO_FACTS = {
    "c_data": Cast(Value(None), JSONField()),
    "c_live": Cast(Value(None), JSONField()),
    "c_shown": Value(False),
    "c_signed": Cast(Value(None), BigIntegerField()),
}


def _number(what: str, rows: QuerySet[Any], day: F | None = None) -> QuerySet[Any, Any]:
    """How many rows there are (with `day`: of each day), as lines of the same columns."""
    lines = rows.order_by().annotate(c_what=Value(what), c_day=day or _NO_DAY).values("c_what", "c_day")
    numbers: QuerySet[Any, Any] = lines.annotate(c_number=Count("pk"), **_NO_FACTS)
    return numbers.values_list("c_what", "c_day", "c_number", *_NO_FACTS)


@dataclass(frozen=True)
class First:
    """For the start page: the oldest drafts that readers have not got, and the pages to check, due ones first.

    `waiting`: the keys of those drafts that a reviewer has to look at.
    """

    drafts: list[Version]
    waiting: frozenset[int]
    pages: list[Page]


def first(now: datetime, zone: ZoneInfo, most: int) -> First:
    """At most so many of each, in three statements."""
    waits = Exists(reviewer.waiting().filter(pk=OuterRef("pk")))
    rows = Version.objects.drafts().with_documents().annotate(waits=waits)
    drafts: list[Any] = list(rows.order_by("-waits", "saved_at", "pk")[:most])
    waiting = frozenset(one.pk for one in drafts if one.waits)
    checks = (
        _to_review(review_dates.last_soon(when.local_day(now, zone))).order_by() | _unchecked().order_by()
    )
    return First(
        drafts, waiting, list(checks.order_by(F("review_due").asc(nulls_last=True), "order", "pk")[:most])
    )


def _settled() -> QuerySet[Correction]:
    """The newest of those that somebody has looked after: anyone who pressed "Done" by mistake finds it again."""
    settled = Correction.objects.filter(settled_at__isnull=False).select_related("settled_by")
    return settled.order_by("-settled_at", "-pk")[: limits.SETTLED_CORRECTIONS_LISTED]


def _to_review(last_soon: date) -> QuerySet[Page]:
    return Page.objects.published().filter(review_due__lte=last_soon).order_by("review_due", "order")


def _kept_back() -> VersionQuerySet:
    """Refused when their time came, and nothing has been done about it: no newer version is live."""
    return Version.objects.kept().filter(kept_back_at__isnull=False).newer_than_live()


def _sent_back() -> VersionQuerySet:
    """Drafts that a reviewer gave back, until somebody saves a newer version."""
    return Version.objects.drafts().filter(sent_back_at__isnull=False).order_by("sent_back_at")


def _facts_to_review(last_soon: date) -> VersionQuerySet:
    """Treatments and cells as readers have them, whose reviewer wanted to see them again by now or soon."""
    shown = Q(live_treatment__is_published=True) | Q(live_suitability__is_published=True)
    return Version.objects.filter(shown, next_review__lte=last_soon).order_by("next_review", "pk")


def _unchecked() -> QuerySet[Page]:
    """What readers have and nobody has checked, of the kinds that make statements about skin."""
    return Page.objects.published().filter(kind__in=HEALTH_KINDS, checked_by=None).order_by("order", "pk")
