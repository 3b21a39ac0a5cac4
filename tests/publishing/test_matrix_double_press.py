"""A button of the grid pressed twice from the same page: the second press lands where the first did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from content.admin.grid import actions
from content.admin.grid import cell as panel
from content.models import Suitability, Version
from content.publishing import verbs
from content.publishing.edit import Edit
from content.publishing.facts import of_cell
from tests import factories as make
from tests.content.html import filled_from
from tests.desk.pages import words
from tests.publishing import documents, facts
from tests.publishing.documents import NOW
from tests.publishing.test_matrix_cell import GRID, ROLLING, a_cell, signed_in
from tests.publishing.test_matrix_scores import choose

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BOXCAR = f"{GRID}?cell=boxcar.peel"
CHANGE = f"{GRID}?change=scores"


@pytest.fixture
def cell(monday: None) -> Suitability:
    """What readers have: peels may help rolling scars."""
    return a_cell()


@pytest.fixture
def ed(cell: Suitability) -> Client:
    """Ed's browser: he writes the matrix, and may take away what readers have never had."""
    return signed_in("Ed Moss", *(f"content.{do}_suitability" for do in ("view", "add", "change", "delete")))


@pytest.fixture
def rhea(cell: Suitability) -> Client:
    """Rhea's browser: she reviews, and publishes."""
    person = documents.rhea()
    person.user_permissions.add(Permission.objects.get(codename="publish_page"))
    client = Client()
    client.force_login(person)
    return client


def opened(client: Client, do: str, url: str = ROLLING, **typed: Any) -> dict[str, Any]:
    """What a browser sends that has opened the cell, typed this and pressed that button."""
    return filled_from(client.get(url)) | typed | {"do": do}


def twice(client: Client, data: dict[str, Any], url: str = ROLLING) -> tuple[str, str]:
    """Both presses lead to the same place. What is told there after the first, and after the second."""
    places, told = [], []
    for _ in range(2):
        response = client.post(url, data)
        assert response.status_code == 303, words(response)
        places.append(response["Location"])
        told.append(words(client.get(response["Location"])))
    assert places[0] == places[1]
    return told[0], told[1]


def test_a_draft_is_saved_once(ed: Client, cell: Suitability) -> None:
    _, second = twice(ed, opened(ed, "save", score="1"))
    assert "Saved version 2." in second
    assert facts.told(cell) == ["save"]


def test_a_new_cell_is_made_once(ed: Client) -> None:
    make.concern("boxcar")
    _, second = twice(ed, opened(ed, "save", BOXCAR, score="1", reason="It lifts."), BOXCAR)
    assert "Made this" in second
    assert facts.told(Suitability.objects.get(concern__code="boxcar")) == ["add"]


def test_whoever_only_adds_lands_there_too(cell: Suitability) -> None:
    make.concern("boxcar")
    ann = signed_in("Ann Reed", "content.view_suitability", "content.add_suitability")
    twice(ann, opened(ann, "save", BOXCAR, score="1", reason="It lifts."), BOXCAR)
    assert facts.told(Suitability.objects.get(concern__code="boxcar")) == ["add"]


@pytest.mark.parametrize(
    ("do", "done"),
    [
        ("approve", ["approve"]),
        ("approve_and_publish", ["approve", "publish"]),
        ("send_back", ["send_back"]),
    ],
)
def test_a_reviewer_goes_on_to_the_same_draft(
    rhea: Client, cell: Suitability, do: str, done: list[str]
) -> None:
    rows = [a_cell("icepick"), cell, a_cell("boxcar")]
    for hours, row in enumerate(rows):
        snapshot = replace(of_cell(row), score=3)
        verbs.save_draft(row, Edit(documents.as_ed(), NOW + hours * documents.HOUR, 1), snapshot)
    twice(rhea, opened(rhea, do, **{"say-word": "By how much?"}))
    assert facts.told(cell) == ["save", *done]


def test_a_cell_is_discarded_once(ed: Client, cell: Suitability) -> None:
    boxcar, snapshot = make.concern("boxcar"), facts.cell_snapshot()
    verbs.add_cell(Edit(documents.as_ed(), NOW), boxcar, cell.treatment, snapshot)
    _, second = twice(ed, opened(ed, "discard", BOXCAR), BOXCAR)
    assert "The draft is discarded, and with it the cell" in second
    assert list(Suitability.objects.all()) == [cell]


@pytest.mark.parametrize("url", [ROLLING, BOXCAR])
def test_a_second_press_that_began_before_the_first_was_done(
    ed: Client, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    make.concern("boxcar")
    data, saved = opened(ed, "save", url, score="1", reason="It lifts."), actions.saved

    def slowly(*args: Any) -> str:
        monkeypatch.setattr(panel, "saved", saved)
        assert ed.post(url, data).status_code == 303
        return saved(*args)

    monkeypatch.setattr(panel, "saved", slowly)
    assert ed.post(url, data).status_code == 303
    assert Version.objects.filter(saved_by__isnull=False).count() == 1


def test_somebody_in_between_is_told(ed: Client, cell: Suitability) -> None:
    data = opened(ed, "save", score="1")
    assert ed.post(ROLLING, data).status_code == 303
    facts.saved(cell, number=2, score=0)
    response = ed.post(ROLLING, data)
    assert "saved version 3" in words(response) and "Nothing of yours is saved" in words(response)


def test_scores_are_kept_once_and_told_twice(ed: Client, cell: Suitability) -> None:
    _, second = twice(ed, choose(ed.get(CHANGE), rolling__peel=3), CHANGE)
    assert "1 score is a draft now: Rolling scars, Peel." in second
    assert facts.told(cell) == ["save"]
