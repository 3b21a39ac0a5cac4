"""Who did what when; any two versions compared; and what differs can be read without colour."""

from __future__ import annotations

import pytest
from django.test import Client

from content.publishing import verbs
from content.publishing.edit import Edit
from tests.content.html import parsed_loosely
from tests.publishing import desk, documents
from tests.publishing.desk import html, words
from tests.publishing.documents import DAY, NOW

pytestmark = pytest.mark.once


def test_every_version_and_every_verb_is_told(ed: Client) -> None:
    page = documents.live(kind="treatment", slug="peels")
    documents.saved(page, number=1, title="Peels, again")
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 2))
    verbs.schedule(page, Edit(documents.as_ed(), NOW, 2), publish_at=NOW + DAY)
    told = words(ed.get(desk.history(page)))
    for line in (
        "Ed Moss made this page",
        "Rhea Lund approved version 1",
        "Ed Moss published version 1",
        "Ed Moss saved version 2",
        "Ed Moss planned version 2 for Tue 1 Dec 09:00",
        "Goes live Tue 1 Dec 09:00 Approved by Dr Rhea Lund",
    ):
        assert line in told


def test_the_newest_two_are_compared_unless_others_are_asked_for(ed: Client) -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Sun and you")
    documents.saved(page, number=2, body="Wear a cap.\n\nAnd sun cream.\n")
    newest = ed.get(desk.compare(page))
    assert "From version 2 to version 3" in words(newest)
    tree = parsed_loosely(html(newest))
    changes = next(e for e in tree.iter("dl") if e.get("class") == "changes")
    assert ["".join(e.itertext()) for e in changes.iter("del")] == ["[taken out: hat]"]
    assert [e.text for e in changes.iter("dt")] == ["Body"]
    first = words(ed.get(desk.compare(page), {"old": "3", "new": "1"}))
    assert "From version 1 to version 3" in first and "[put in: you" in first


@pytest.mark.parametrize(
    "query", [{"old": "1", "new": "1"}, {"old": "1", "new": "9"}, {"old": "x"}, {"old": "1" * 99, "new": ""}]
)
def test_what_cannot_be_compared_is_said(ed: Client, query: dict[str, str]) -> None:
    page = documents.draft()
    assert "Choose two different versions of this page." in words(ed.get(desk.compare(page), query))


def test_what_an_editor_types_is_text_wherever_it_is_shown(ed: Client) -> None:
    page = documents.live()
    documents.saved(page, number=1, title="<script>alert(1)</script>")
    for url in (desk.compare(page), desk.history(page), desk.page_of(page)):
        assert "<script>alert" not in html(ed.get(url))


def test_the_newest_version_is_called_a_draft_while_readers_have_not_got_it(ed: Client) -> None:
    page = documents.live()
    assert ">Draft<" not in html(ed.get(desk.history(page)))
    documents.saved(page, number=1, title="Hats")
    documents.saved(page, number=2, title="Caps")
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 3))
    told = html(ed.get(desk.history(page)))
    assert told.count(">Draft<") == 1 and "Approved by Dr Rhea Lund" in told
    verbs.unpublish(page, Edit(documents.as_ed(), NOW))
    verbs.publish(page, Edit(documents.as_ed(), NOW, 3))
    assert ">Draft<" not in html(ed.get(desk.history(page)))
