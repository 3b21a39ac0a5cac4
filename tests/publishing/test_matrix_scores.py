"""Several scores at once: only what was changed is sent, each becomes a draft, and one conflict holds no other back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from content.admin.grid import scores
from content.models import Suitability, Treatment, Version
from tests import factories as make
from tests.content.html import errors, filled_from, parsed_loosely
from tests.desk.pages import html, words

pytestmark = pytest.mark.once

GRID = "/admin/content/suitability/"
CHANGE = f"{GRID}?change=scores"
WRITES = ("content.view_suitability", "content.change_suitability")


@pytest.fixture
def cells(monday: None) -> dict[str, Suitability]:
    """Peels and lasers, for two kinds of scar: 2, everywhere."""
    for code in ("peel", "laser"):
        treatment = Treatment.objects.create(code=code, name=code, short=code, how="So.", evidence="B")
        for concern in ("rolling", "boxcar"):
            Suitability.objects.create(
                concern=make.concern(concern), treatment=treatment, score=2, reason="Because."
            )
    return {f"{row.concern.code}.{row.treatment.code}": row for row in Suitability.objects.all()}


@pytest.fixture
def ed(cells: dict[str, Suitability]) -> Client:
    return signed_in("Ed Moss", *WRITES)


def signed_in(name: str, *rights: str) -> Client:
    client = Client()
    client.force_login(make.staff(name, *rights))
    return client


def choose(page: Any, **wanted: int) -> dict[str, Any]:
    """What a browser sends after these scores were chosen. Keys with __ for the dot."""
    typed = filled_from(page)
    for field in parsed_loosely(html(page)).iter("select"):
        key = (field.get("name") or "").removeprefix(scores.PREFIX)
        for option in field.iter("option"):
            if str(wanted.get(key.replace(".", "__"))) == "".join(option.itertext()):
                typed[f"{scores.PREFIX}{key}"] = option.get("value") or ""
    return typed | {"do": "scores"}


def numbers() -> dict[str, int]:
    """The score of every draft."""
    return {
        f"{version.cell.concern.code}.{version.cell.treatment.code}": version.data["score"]
        for version in Version.objects.drafts().select_related("cell__concern", "cell__treatment")
        if version.cell
    }


@pytest.mark.django_db
def test_the_changed_cells_become_drafts_and_no_other(ed: Client) -> None:
    typed = choose(ed.get(CHANGE), rolling__peel=3, boxcar__laser=0)
    chosen = {name: value for name, value in typed.items() if name.startswith(scores.PREFIX) and value}
    assert chosen == {"score.rolling.peel": "3.1", "score.boxcar.laser": "0.1"}
    response = ed.post(CHANGE, typed | {"note": "A new review"})
    assert response.status_code == 303
    page = words(ed.get(response["Location"]))
    assert "2 scores are drafts now:" in page and "A new review" in page
    assert numbers() == {"rolling.peel": 3, "boxcar.laser": 0}
    assert set(Suitability.objects.values_list("score", flat=True)) == {2}


@pytest.mark.django_db
def test_what_nobody_changed_changes_nothing(ed: Client) -> None:
    response = ed.post(CHANGE, choose(ed.get(CHANGE)))
    assert "No score was changed." in words(ed.get(response["Location"]))
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_a_cell_that_somebody_else_changed_comes_back_and_the_others_are_kept(
    ed: Client, cells: dict[str, Suitability]
) -> None:
    typed = choose(ed.get(CHANGE), rolling__peel=3, boxcar__peel=1)
    eli = signed_in("Eli Wood", *WRITES)
    eli.post(CHANGE, choose(eli.get(CHANGE), rolling__peel=0))
    response = ed.post(CHANGE, typed)
    assert response.status_code == 200
    assert "1 score is not saved." in errors(html(response))
    assert "Eli Wood saved version 2 just now. It says 0 now, and you chose 3." in errors(html(response))
    assert numbers() == {"rolling.peel": 0, "boxcar.peel": 1}
    again = filled_from(response)
    assert again["score.rolling.peel"] == "3.2"  # still chosen, and now on top of what Eli saved
    assert ed.post(CHANGE, again | {"do": "scores"}).status_code == 303
    assert numbers() == {"rolling.peel": 3, "boxcar.peel": 1}


@pytest.mark.django_db
def test_the_same_thought_twice_is_no_conflict(ed: Client) -> None:
    typed = choose(ed.get(CHANGE), rolling__peel=3)
    ed.post(CHANGE, typed)
    assert ed.post(CHANGE, typed).status_code == 303
    assert Version.objects.filter(number=3).count() == 0


@pytest.mark.django_db
def test_a_note_that_is_too_long_loses_no_choice(ed: Client) -> None:
    response = ed.post(CHANGE, choose(ed.get(CHANGE), rolling__peel=3) | {"note": "x" * 201})
    assert "Use 200 characters or fewer" in errors(html(response))
    assert filled_from(response)["score.rolling.peel"] == "3.1"
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_only_who_may_change_the_matrix_gets_choices(cells: dict[str, Suitability]) -> None:
    ann = signed_in("Ann Reed", "content.view_suitability")
    assert "<select" not in html(ann.get(CHANGE))
    assert ann.post(CHANGE, {"do": "scores", "score.rolling.peel": "3.1"}).status_code == 403
    assert not Version.objects.exists()


def test_only_what_the_page_can_have_sent_is_read() -> None:
    posted = {
        "score.rolling.peel": "3.12",
        "score.boxcar.peel": "",
        "score.a.b": "4.1",
        "score.c.d": "3.1; drop",
        "score.e.f": "-1.1",
        "score.g.h": "3." + "9" * 40,
        "other": "3.1",
    }
    assert scores.read(posted) == [scores.Choice("rolling.peel", 3, 12)]
