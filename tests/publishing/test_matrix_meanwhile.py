"""What others did to the grid while a page lay open, and what a person may do there with one right alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from content.admin.grid import scores
from content.models import Suitability
from content.publishing import grid, verbs
from content.publishing.edit import Edit, Editor
from tests import factories as make
from tests.content.html import errors, filled_from
from tests.desk.pages import html, words
from tests.publishing import documents, facts
from tests.publishing.documents import NOW
from tests.publishing.test_matrix_cell import GRID, ROLLING, press, signed_in, told
from tests.publishing.test_matrix_scores import choose

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CHANGE = f"{GRID}?change=scores"
RIGHTS = {do: f"content.{do}_suitability" for do in ("view", "add", "change", "delete")}


@pytest.fixture
def place(monday: None) -> dict[str, Any]:
    """Where a cell may be: rolling scars, and peels."""
    return {"concern": make.concern("rolling"), "treatment": facts.treatment()}


@pytest.fixture
def draft(place: dict[str, Any]) -> Suitability:
    """A cell that readers have never had."""
    return verbs.add_cell(Edit(documents.as_ed(), NOW), **place, snapshot=facts.cell_snapshot())


@pytest.fixture
def dis(place: dict[str, Any]) -> Client:
    """Dis's browser: he has every right to cells."""
    return signed_in("Dis Card", *RIGHTS.values())


def test_a_newer_draft_is_not_discarded_unseen(dis: Client, draft: Suitability) -> None:
    data = filled_from(dis.get(ROLLING)) | {"do": "discard"}
    facts.saved(draft, reason="A colleague wrote this meanwhile.")
    response = dis.post(ROLLING, data)
    assert "Ed Moss saved version 2" in errors(html(response))
    assert draft.versions.count() == 2


def test_taking_a_cell_away_needs_the_right_to_delete(draft: Suitability) -> None:
    cal = signed_in("Cal Reed", RIGHTS["view"], RIGHTS["change"])
    page = cal.get(ROLLING)
    assert 'value="save"' in html(page) and 'value="discard"' not in html(page)
    assert cal.post(ROLLING, filled_from(page) | {"do": "discard"}).status_code == 403
    assert Suitability.objects.filter(pk=draft.pk).exists()


def test_who_took_a_cell_away_is_named(dis: Client, draft: Suitability) -> None:
    own = f"{GRID}{draft.pk}/change/"
    data = filled_from(dis.get(own)) | {"cell-reason": "Mine."}
    assert "and with it the cell" in told(dis, press(dis, "discard"))
    response = dis.post(own, data)
    assert response.status_code == 410
    assert "Dis Card deleted it" in words(response)


def test_what_somebody_has_made_meanwhile_is_shown(dis: Client, place: dict[str, Any]) -> None:
    data = filled_from(dis.get(ROLLING)) | {"do": "save", "score": "1", "reason": "Mine."}
    snapshot = facts.cell_snapshot(reason="THEIRS meanwhile.")
    verbs.add_cell(Edit(documents.as_ed(), NOW), **place, snapshot=snapshot)
    response = dis.post(ROLLING, data)
    assert "THEIRS meanwhile." in errors(html(response))
    assert filled_from(response)["reason"] == "Mine."


def test_whoever_only_adds_makes_a_cell_and_changes_none(place: dict[str, Any]) -> None:
    ann = signed_in("Ann Only", RIGHTS["view"], RIGHTS["add"])
    page = told(ann, press(ann, "save", score="1", reason="It lifts."))
    assert "Readers see nothing of it yet." in page
    row = Suitability.objects.get()
    sent = {"do": "save", "score": "0", "reason": "Mine.", "reason_code": ""}
    assert ann.post(ROLLING, sent | {"seen": f"1-{row.events.latest('pk').pk}"}).status_code == 403
    late = ann.post(ROLLING, sent | {"seen": "0-0"})
    assert "Nothing of yours is saved. What you typed is still here." in errors(html(late))
    assert filled_from(late)["reason"] == "Mine."
    assert "puts yours on top" not in words(late) and 'value="save"' not in html(late)
    assert facts.told(row) == ["add"]


def test_a_score_of_a_deleted_cell_comes_back_and_the_others_are_kept(
    dis: Client, draft: Suitability
) -> None:
    other = Suitability.objects.create(
        concern=make.concern("boxcar"), treatment=draft.treatment, score=2, reason="Because."
    )
    data = choose(dis.get(CHANGE), rolling__peel=3, boxcar__peel=1)
    verbs.remove(draft, Edit(documents.as_ed(), NOW))
    response = dis.post(CHANGE, data)
    assert "1 score is not saved" in errors(html(response))
    assert "Rolling scars, Light peel: This cell has been deleted." in errors(html(response))
    assert 'id="score-rolling.peel"' in html(response)
    assert facts.told(other) == ["save"]


def test_a_cell_that_is_deleted_at_that_very_moment_too(draft: Suitability) -> None:
    shown = grid.of()
    verbs.remove(draft, Edit(documents.as_ed(), NOW))
    ed = Editor.staff(documents.ed())
    outcome = scores.keep(shown, [scores.Choice("rolling.peel", 3, 1)], Edit(ed, NOW), note="")
    assert outcome.refused == {"rolling.peel": (3, "This cell has been deleted.")}
