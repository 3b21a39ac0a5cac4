"""A button of the editor pressed twice from the same page: the second press lands where the first did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.admin import actions
from content.models import Page
from content.publishing import verbs
from content.publishing.edit import Edit, Editor
from tests import factories as make
from tests.content.html import filled
from tests.publishing import desk, documents
from tests.publishing.documents import NOW

# On both databases, and really at once: tests/races/test_pressed_twice.py.
pytestmark = pytest.mark.once

ADD = reverse("admin:content_page_add")
NOT_SAVED = "Somebody else changed this page"


def typed(client: Client, page: Page, do: str, **changes: Any) -> dict[str, Any]:
    return desk.change(client, page) | changes | {"do": do}


def twice(client: Client, page: Page, data: dict[str, Any]) -> tuple[str, str]:
    """What the page says after the first press, and after the second."""
    answers = []
    for _ in range(2):
        response = client.post(desk.page_of(page), data)
        answers.append(
            desk.message(client, response) if response.status_code == 303 else desk.words(response)
        )
    return answers[0], answers[1]


@pytest.mark.parametrize(
    ("do", "changes", "done", "phrase"),
    [
        ("publish", {"summary": "Shade helps."}, ["save", "publish"], "Published version 2."),
        ("unpublish", {"summary": "Shade helps."}, ["unpublish", "save"], "Unpublished the page."),
        (
            "schedule",
            {"summary": "Shade helps.", "publish_at": "2026-12-07T09:00"},
            ["save", "schedule"],
            "Planned",
        ),
    ],
)
def test_the_second_press_lands_where_the_first_did(
    ed: Client, do: str, changes: dict[str, str], done: list[str], phrase: str
) -> None:
    page = documents.live()
    before = documents.told(page)
    first, second = twice(ed, page, typed(ed, page, do, **changes))
    assert documents.told(page) == before + done
    assert phrase in second
    for refusal in (NOT_SAVED, "Nothing of yours is saved", "as it is.", "already"):
        assert refusal not in second and refusal not in first


def test_a_discarded_draft_and_a_restored_version_too(ed: Client) -> None:
    page = documents.live()
    verbs.save_draft(page, Edit(documents.as_ed(), NOW, 1), documents.page_snapshot(title="Newer"))
    first, second = twice(ed, page, typed(ed, page, "restore", version="1"))
    assert "Made version 3 from an older one." in second
    first, second = twice(ed, page, typed(ed, page, "discard"))
    assert "Discarded the draft, version 3." in second
    assert documents.told(page)[-2:] == ["restore", "discard"]


def test_what_stood_in_the_way_of_the_first_stands_in_the_way_of_the_second(ed: Client) -> None:
    page = documents.live()
    data = typed(ed, page, "publish", title="")
    first, second = twice(ed, page, data)
    assert first == second
    data = typed(ed, page, "publish", kind="treatment")
    first, second = twice(ed, page, data)
    assert "A reviewer must approve this version" in first
    assert "A reviewer must approve this version" in second
    assert "Nothing of yours is saved" not in second
    assert documents.told(page).count("save") == 1


def test_somebody_in_between_is_told(ed: Client) -> None:
    page = documents.live()
    data = typed(ed, page, "save", summary="Shade helps.")
    assert ed.post(desk.page_of(page), data).status_code == 303
    gus = Editor.staff(make.staff("Gus Early", *documents.EDITOR))
    verbs.save_draft(page, Edit(gus, NOW, 2), documents.page_snapshot(title="His"))
    page_now = desk.words(ed.post(desk.page_of(page), data))
    assert "Gus Early saved version 3 just now. Nothing of yours is saved" in page_now


def test_other_words_from_the_same_page_are_compared(ed: Client) -> None:
    page = documents.live()
    data = typed(ed, page, "save", summary="Shade helps.")
    assert ed.post(desk.page_of(page), data).status_code == 303
    response = ed.post(desk.page_of(page), data | {"summary": "Shade helps a lot."})
    assert "Ed Moss saved version 2 just now. Nothing of yours is saved" in desk.words(response)


def test_a_second_press_that_began_before_the_first_was_done(
    ed: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = documents.live()
    data, saved = typed(ed, page, "publish", summary="Shade helps."), actions.saved

    def slowly(*args: Any) -> str:
        monkeypatch.setattr(actions, "saved", saved)
        assert ed.post(desk.page_of(page), data).status_code == 303
        return saved(*args)

    monkeypatch.setattr(actions, "saved", slowly)
    response = ed.post(desk.page_of(page), data)
    assert "Published version 2." in desk.message(ed, response)
    assert documents.told(page)[-2:] == ["save", "publish"]


def test_a_new_page_is_made_once(ed: Client) -> None:
    data = filled(ed, ADD) | {
        "title": "Sun",
        "menu_title": "Sun",
        "slug": "sun",
        "kind": "article",
        "tell": "x",
    }
    data |= {"summary": "How to keep it off.", "body": "Wear a hat.\n", "do": "save"}
    first, second = (ed.post(ADD, data) for _ in range(2))
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert "is there as a draft" in desk.message(ed, second)
    assert Page.objects.count() == 1


def test_a_page_deleted_meanwhile_gives_back_what_was_typed(ed: Client) -> None:
    page = documents.draft()
    data = typed(ed, page, "save", body="An hour of\ncareful words.\n", note="All new")
    verbs.remove(page, Edit(documents.as_ed(), NOW + timedelta(hours=1)))
    response = ed.post(desk.page_of(page), data)
    assert response.status_code == 410
    assert "This page has been deleted" in desk.words(response)
    assert "An hour of\ncareful words." in desk.html(response).replace("\r", "")
    assert "All new" in desk.words(response)
