"""A snapshot keeps everything an editor decides about a page, and gives it back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from content.models import Page
from content.publishing import snapshot
from content.publishing.snapshot import Snapshot

pytestmark = pytest.mark.django_db


def test_every_shipped_page_comes_back_from_json_and_from_a_row_as_it_was(shipped: None) -> None:
    for page in Page.objects.all():
        taken = snapshot.of(page)
        assert snapshot.from_data(json.loads(json.dumps(taken.data()))) == taken
        page.delete()
        again = Page()
        snapshot.apply(taken, again)
        assert snapshot.of(Page.objects.get(pk=again.pk)) == taken


def test_what_a_later_release_added_or_dropped_does_not_break_an_old_version() -> None:
    old = {"kind": "article", "slug": "sun", "title": "Sun", "gone_field": 1}
    assert snapshot.from_data(old) == Snapshot(kind="article", slug="sun", title="Sun")


def test_a_row_that_is_gone_is_left_out() -> None:
    page = Page()
    snapshot.apply(
        Snapshot(kind="article", slug="sun", title="Sun", concerns=("gone",), checked_by="nobody"), page
    )
    assert (list(page.concerns.all()), page.checked_by) == ([], None)


def test_what_differs_is_named() -> None:
    one = Snapshot(kind="article", slug="sun", title="Sun")
    two = Snapshot(kind="article", slug="sun", title="The sun", review_due=date(2027, 1, 1))
    assert list(snapshot.changed(one, two)) == ["title", "review_due"]
