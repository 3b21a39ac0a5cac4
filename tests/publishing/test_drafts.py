"""A draft stands beside what readers see, and they do not notice."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from content.models import Page, PageEvent, Version
from content.publishing import snapshots, verbs
from content.publishing.edit import Edit
from content.publishing.errors import EditRefused
from tests.publishing import documents
from tests.publishing.documents import HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_new_page_is_a_draft_that_nobody_can_open(client: Client) -> None:
    page = documents.draft()
    assert client.get("/articles/sun/").status_code == 404
    assert (page.live, page.versions.get().number, documents.told(page)) == (None, 1, ["add"])


def test_saving_changes_nothing_for_readers(client: Client) -> None:
    page = documents.live()
    before = snapshots.of(documents.fresh(page))
    version = documents.saved(page, number=1, title="Sun, scars and you")
    assert (version.number, version.saved_by_name, version.saved_at) == (2, "Ed Moss", NOW + HOUR)
    assert snapshots.of(documents.fresh(page)) == before
    assert "<h1>Sun and scars</h1>" in client.get("/articles/sun/").content.decode()
    assert list(Version.objects.drafts()) == [version]


def test_saving_the_same_again_keeps_nothing() -> None:
    page = documents.live()
    first = documents.saved(page, number=1, title="Sun, scars and you")
    assert documents.saved(page, number=2) == first
    assert documents.told(page) == ["add", "publish", "save"]


def test_a_page_that_readers_never_had_is_called_by_its_newest_name() -> None:
    page = documents.draft()
    documents.saved(page, number=1, menu_title="Sunlight")
    assert str(documents.fresh(page)) == "Sunlight"
    assert not documents.fresh(page).is_published


def test_a_discarded_draft_is_gone_from_the_editor_and_stays_in_the_history() -> None:
    page = documents.live()
    documents.saved(page, number=1, title="One")
    documents.saved(page, number=2, title="Two")
    verbs.discard(page, Edit(documents.as_ed(), NOW, 3))
    assert list(Version.objects.drafts()) == []
    assert [version.number for version in page.versions.all()] == [3, 2, 1]
    assert documents.saved(page, number=1, title="Three").number == 4
    assert documents.told(page)[-2:] == ["discard", "save"]


def test_there_must_be_something_to_go_back_to() -> None:
    never, page = documents.draft(slug="never"), documents.live()
    for row, code in ((never, "no_other"), (page, "no_draft")):
        with pytest.raises(EditRefused) as refusal:
            verbs.discard(row, Edit(documents.as_ed(), NOW, 1))
        assert refusal.value.code == code


def test_a_page_with_a_taken_address_is_refused() -> None:
    documents.live()
    with pytest.raises(EditRefused) as refusal:
        documents.draft()
    assert refusal.value.code == "address_taken"
    assert Page.objects.count() == 1


def test_only_a_page_that_readers_never_had_is_deleted() -> None:
    page, other = documents.live(), documents.draft(slug="other")
    verbs.unpublish(page, Edit(documents.as_ed(), NOW))
    with pytest.raises(EditRefused, match="Unpublish it instead"):
        verbs.remove(page, Edit(documents.as_ed(), NOW))
    verbs.remove(other, Edit(documents.as_ed(), NOW))
    assert list(Page.objects.all()) == [page]
    with pytest.raises(EditRefused, match="has been deleted"):
        verbs.remove(other, Edit(documents.as_ed(), NOW))


def test_a_page_made_past_the_verbs_gets_its_first_version_with_its_first_edit() -> None:
    page = Page()
    snapshots.apply(documents.page_snapshot(), page)
    version = verbs.save_draft(page, Edit(documents.as_ed(), NOW, 1), documents.page_snapshot(title="New"))
    assert version.number == 2
    assert documents.fresh(page).live == page.versions.get(number=1)


def test_history_is_appended_to_and_never_mended() -> None:
    page = documents.draft()
    event = PageEvent.objects.get(page=page)
    with pytest.raises(TypeError, match="append-only"):
        event.save()
    with pytest.raises(TypeError, match="append-only"):
        event.delete()


def test_the_database_keeps_numbers_apart() -> None:
    page = documents.draft()
    version = page.versions.get()
    for changes in ({"number": 1}, {"number": 2, "approved_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.create(page=page, data=version.data, saved_by_name="Ed", saved_at=NOW, **changes)
