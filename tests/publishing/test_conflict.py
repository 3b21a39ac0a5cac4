"""Two editors at once: one is first, the other is told by whom, and neither loses a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from content.models import Page, Version
from content.publishing import snapshots, verbs
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditConflict
from tests import factories as make
from tests.content.html import errors
from tests.publishing import desk, documents
from tests.publishing.documents import DAY, HOUR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LATER = NOW + HOUR * 2


def test_the_second_save_is_refused_with_who_and_when() -> None:
    page = documents.live()
    documents.saved(page, number=1, title="First")
    with pytest.raises(EditConflict) as conflict:
        verbs.save_draft(page, Edit(documents.as_ed(), LATER, 1), documents.page_snapshot(title="Second"))
    assert str(conflict.value) == "Ed Moss saved version 2 1 hour ago."
    assert conflict.value.version.data["title"] == "First"
    assert documents.told(page) == ["add", "publish", "save"]


VERBS: dict[str, Callable[[Page], object]] = {
    "save": lambda page: verbs.save_draft(
        page, Edit(documents.as_ed(), LATER, 1), documents.page_snapshot(title="x")
    ),
    "restore": lambda page: verbs.restore(page, Edit(documents.as_ed(), LATER, 1), 1),
    "discard": lambda page: verbs.discard(page, Edit(documents.as_ed(), LATER, 1)),
    "approve": lambda page: verbs.approve(page, Edit(documents.as_rhea(), LATER, 1)),
    "publish": lambda page: verbs.publish(page, Edit(documents.as_ed(), LATER, 1)),
    "schedule": lambda page: verbs.schedule(page, Edit(documents.as_ed(), LATER, 1), publish_at=LATER + DAY),
    "share": lambda page: verbs.share(page, Edit(documents.as_ed(), LATER, 1)),
}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_acts_on_a_version_that_the_person_has_not_seen(verb: str) -> None:
    page = documents.live()
    documents.saved(page, number=1, title="First")
    before = list(Version.objects.values_list())
    with pytest.raises(EditConflict):
        VERBS[verb](page)
    assert list(Version.objects.values_list()) == before
    assert documents.told(page) == ["add", "publish", "save"]


def newest_event_id(page: Page) -> int:
    return page.events.order_by("-pk")[0].pk


def as_dee() -> Editor:
    return Editor.staff(make.staff("Dee Reed", *documents.EDITOR))


def test_what_was_unpublished_does_not_come_back_from_an_old_tab() -> None:
    page = documents.live()
    seen = newest_event_id(page)
    verbs.unpublish(page, Edit(as_dee(), NOW + HOUR))
    with pytest.raises(EditConflict) as conflict:
        verbs.publish(page, Edit(documents.as_ed(), LATER, 1, seen))
    assert str(conflict.value) == "Dee Reed unpublished the page 1 hour ago."
    assert not documents.fresh(page).is_published
    verbs.publish(page, Edit(documents.as_ed(), LATER, 1, newest_event_id(page)))
    assert documents.fresh(page).is_published


def test_the_old_tab_says_who_unpublished_it(ed: Client) -> None:
    page = documents.live()
    form = desk.change(ed, page)
    verbs.unpublish(page, Edit(as_dee(), NOW))
    response = ed.post(desk.page_of(page), form | {"do": "publish"})
    assert "Dee Reed unpublished the page" in errors(desk.html(response))
    assert ed.get("/articles/sun/").status_code == 404
    assert "Version 1 is live." in desk.message(ed, desk.press(ed, page, "publish"))


@pytest.mark.parametrize("seen", ["", "1", "1-", "1-0", "-", "x-y", "1-2-3", "9" * 400])
def test_a_form_that_does_not_say_what_it_saw_publishes_nothing(ed: Client, seen: str) -> None:
    page = documents.live()
    verbs.unpublish(page, Edit(as_dee(), NOW))
    ed.post(desk.page_of(page), desk.change(ed, page) | {"do": "publish", "seen": seen})
    assert not documents.fresh(page).is_published


def test_a_discarded_draft_is_told_as_discarded() -> None:
    page = documents.live()
    documents.saved(page, number=1, title="First")
    verbs.discard(page, Edit(as_dee(), NOW + HOUR, 2))
    with pytest.raises(EditConflict) as conflict:
        verbs.save_draft(page, Edit(documents.as_ed(), LATER, 2), documents.page_snapshot(title="x"))
    assert str(conflict.value) == "Dee Reed discarded the draft, version 2 1 hour ago."


def test_a_page_without_events_is_told_by_its_version() -> None:
    page = Page()
    snapshots.apply(documents.page_snapshot(), page)
    with pytest.raises(EditConflict) as conflict:
        verbs.save_draft(page, Edit(documents.as_ed(), NOW, 7), documents.page_snapshot(title="x"))
    assert str(conflict.value).startswith("The site saved version 1")


def test_a_shared_preview_is_in_nobodys_way() -> None:
    page = documents.live()
    seen = newest_event_id(page)
    verbs.share(page, Edit(as_dee(), NOW, 1))
    verbs.save_draft(page, Edit(documents.as_ed(), LATER, 1, seen), documents.page_snapshot(title="x"))
    assert page.versions.count() == 2


def test_unpublishing_waits_for_no_colleague(ed: Client) -> None:
    page = documents.live()
    form = desk.change(ed, page)
    documents.saved(page, number=1, title="Hats")
    response = ed.post(desk.page_of(page), form | {"title": "Caps", "do": "unpublish"})
    assert "Readers cannot open this page any more." in desk.words(response)
    assert "Somebody else changed this page while you had it open." in errors(desk.html(response))
    assert "put in: Hats" in errors(desk.html(response)).replace("[", "").replace("]", "")
    assert ed.get("/articles/sun/").status_code == 404
    assert 'value="Caps"' in desk.html(response) and page.versions.count() == 2


def test_what_was_saved_before_a_refusal_is_told(ed: Client) -> None:
    page = documents.draft(summary="")
    response = desk.press(ed, page, "publish", body="More words.")
    assert "1 problem stands in the way" in errors(desk.html(response))
    assert "Saved as version 2." in desk.words(response)
