"""What is due: a list for editors and reviewers, a number in the rail, and, after a grace time, a word to readers."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Page, Version
from content.publishing import clock, due, review_dates, reviewer, verbs
from content.publishing.edit import Edit
from tests import factories as make
from tests.publishing import desk, documents
from tests.publishing.desk import html, words
from tests.publishing.documents import DAY, HOUR, NOW

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 30)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("review_due", "overdue", "soon", "told"),
    [
        (None, False, False, False),
        (days(31), False, False, False),
        (days(30), False, True, False),
        (TODAY, False, True, False),
        (days(-1), True, False, False),
        (days(-60), True, False, False),
        (days(-61), True, False, True),
    ],
)
def test_the_days(review_due: date | None, overdue: bool, soon: bool, told: bool) -> None:
    assert review_dates.is_overdue(review_due, TODAY) is overdue
    assert review_dates.is_due_soon(review_due, TODAY) is soon
    assert review_dates.readers_are_told(review_due, TODAY, 60) is told


@pytest.mark.parametrize(
    ("review_due", "offered"),
    [(None, days(365)), (days(-9), days(365)), (days(30), days(365)), (days(31), days(31))],
)
def test_a_reviewer_is_offered_a_date_that_lies_well_ahead(review_due: date | None, offered: date) -> None:
    assert review_dates.next_date(review_due, TODAY) == offered


def test_everything_that_wants_somebody_is_listed_and_counted(ed: Client) -> None:
    documents.live(slug="late", menu_title="Late page", review_due=days(-5))
    documents.live(slug="soon", menu_title="Soon page", review_due=days(5))
    documents.live(slug="fine", menu_title="Fine page", review_due=days(300))
    documents.draft(slug="hidden", menu_title="Hidden page", review_due=days(-5))
    documents.draft(slug="peels", kind="treatment", menu_title="Waiting page")
    planned = documents.draft(slug="planned", menu_title="Planned page")
    verbs.schedule(planned, Edit(documents.as_ed(), NOW, 1), publish_at=NOW + DAY)
    found = due.due(NOW, make.LONDON)
    assert [str(page) for page in (*found.overdue, *found.soon)] == ["Late page", "Soon page"]
    assert [str(version.page) for version in (*found.waiting, *found.planned)] == [
        "Waiting page",
        "Planned page",
    ]
    assert due.counts(NOW, make.LONDON) == due.Counts(found.number, 1)
    response = ed.get(desk.due())
    told = words(response)
    for line in ("Overdue: 1", "Due within 30 days: 1", "wait for a reviewer: 1", "by themselves: 1"):
        assert line in told
    assert "Hidden page" not in told
    # Nobody has checked the three that are live, whatever their dates.
    assert [str(page) for page in found.unchecked] == ["Late page", "Soon page", "Fine page"]
    assert "Live, and checked by nobody: 3" in told
    assert '<b class="hot">6<span class="visually-hidden"> to look at, 1 late</span></b>' in html(response)


def test_a_page_kept_back_is_listed_until_something_is_done(
    ed: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, other = documents.live(), None
    documents.saved(page, number=1, slug="light")
    verbs.schedule(page, Edit(documents.as_ed(), NOW, 2), publish_at=NOW + HOUR)
    other = documents.live(slug="light")
    clock.publish_due(NOW + HOUR)
    assert "Kept back: 1" in words(ed.get(desk.due()))
    assert "Because of: address taken" in words(ed.get(desk.history(page)))
    assert "Kept back: version 2 should have gone live on" in words(ed.get(desk.page_of(page)))
    Page.objects.filter(pk=other.pk).update(slug="elsewhere")
    verbs.publish(page, Edit(documents.as_ed(), NOW + HOUR, 2))
    assert "Kept back" not in words(ed.get(desk.due()))


def test_with_nothing_due_it_says_so(ed: Client) -> None:
    page = documents.live()
    assert "Live, and checked by nobody: 1" in words(ed.get(desk.due()))
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 1), next_review=days(300))
    assert "Nothing is due." in words(ed.get(desk.due()))


def test_readers_are_told_after_the_grace_time_and_not_before(ed: Client) -> None:
    documents.live(review_due=days(-60))
    told = "The check of this page is overdue. It was due by 1 October 2026."
    assert told not in words(ed.get("/articles/sun/"))
    assert "To be checked again by 1 October 2026." in words(ed.get("/articles/sun/"))
    make.profile(review_grace_days=59)
    assert told in words(ed.get("/articles/sun/"))
    assert "To be checked again" not in words(ed.get("/articles/sun/"))


@pytest.mark.parametrize(("kind", "url"), [("home", "/"), ("hub", "/concerns/"), ("duty", "/sun/")])
def test_every_kind_of_page_says_it(ed: Client, kind: str, url: str) -> None:
    documents.live(kind=kind, review_due=days(-61))
    assert "The check of this page is overdue." in words(ed.get(url))


def test_checking_it_again_ends_it(ed: Client) -> None:
    page = documents.live(review_due=days(-61))
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 1), next_review=days(365))
    assert "overdue" not in words(ed.get("/articles/sun/"))
    assert "Nothing is due." in words(ed.get(desk.due()))


def test_whatever_needs_a_reviewer_and_nothing_else_waits_for_one(monday: None) -> None:
    documents.treatment()
    pages = [
        documents.draft(slug="words"),
        documents.draft(slug="kind", kind="treatment"),
        documents.draft(slug="covers", treatments=("peel",)),
        documents.live(slug="live", treatments=("peel",)),
    ]
    documents.saved(pages[3], number=1, title="Draft beside it")
    approved = documents.draft(slug="approved", kind="treatment")
    verbs.approve(approved, Edit(documents.as_rhea(), NOW, 1))
    tips = Version.objects.drafts().select_related("approved_by")
    needed = {tip.pk for tip in tips if reviewer.needs_reviewer(reviewer.as_readers_get_it(tip, make.LONDON))}
    assert {version.pk for version in due.due(NOW, make.LONDON).waiting} == needed
    assert len(needed) == 3


def test_the_texts_of_versions_are_read_for_no_list(ed: Client) -> None:
    page = documents.draft(slug="kind", kind="treatment")
    documents.saved(page, number=1, body="One more.\n")
    with CaptureQueriesContext(connection) as read:
        ed.get(desk.due())
        ed.get(desk.history(page))
    # The history's state beside its heading says how the newest stands: one row each.
    lists = [
        one["sql"]
        for one in read.captured_queries
        if "LIMIT 1" not in re.sub(r"LIMIT \d{2,}", "", one["sql"])
    ]
    assert [sql for sql in lists if '"content_version"."data"' in sql.partition(" FROM ")[0]] == []
