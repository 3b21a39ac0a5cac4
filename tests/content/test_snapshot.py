"""A snapshot keeps everything an editor decides about a page, and gives it back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from content.models import Page
from content.publishing import snapshots
from content.publishing.snapshots import PageSnapshot

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_every_shipped_page_comes_back_from_json_and_from_a_row_as_it_was(shipped: None) -> None:
    for page in Page.objects.all():
        taken = snapshots.of(page)
        assert PageSnapshot.from_data(json.loads(json.dumps(taken.data()))) == taken
        page.delete()
        again = Page()
        snapshots.apply(taken, again)
        assert snapshots.of(Page.objects.get(pk=again.pk)) == taken


def test_what_a_later_release_added_or_dropped_does_not_break_an_old_version() -> None:
    old = {"kind": "article", "slug": "sun", "title": "Sun", "gone_field": 1}
    assert PageSnapshot.from_data(old) == PageSnapshot(kind="article", slug="sun", title="Sun")


def test_a_row_that_is_gone_is_left_out() -> None:
    page = Page()
    snapshots.apply(
        PageSnapshot(kind="article", slug="sun", title="Sun", concerns=("gone",), checked_by="nobody"), page
    )
    assert (list(page.concerns.all()), page.checked_by) == ([], None)


def test_what_differs_is_named() -> None:
    one = PageSnapshot(kind="article", slug="sun", title="Sun")
    two = PageSnapshot(kind="article", slug="sun", title="The sun", review_due=date(2027, 1, 1))
    assert list(snapshots.changed(one, two)) == ["title", "review_due"]
