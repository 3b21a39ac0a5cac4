"""The matrix as a grid: every concern by every treatment, in a fixed number of statements, for anyone who may see it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content import limits
from content.models import Person, Suitability, Treatment, Version
from content.publishing import grid
from tests import factories as make
from tests.content.html import parsed_loosely
from tests.content.html import words as words_in
from tests.desk.pages import words
from tests.publishing import documents, facts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
GRID = "/admin/content/suitability/"
SEES = ("content.view_suitability",)


def treatment(code: str, **changes: object) -> Treatment:
    values = {"name": code.capitalize(), "short": code, "how": "It works.", "evidence": "B", "offered": True}
    return Treatment.objects.create(code=code, **values | changes)


def cell(concern: str = "rolling", of: str = "peel", score: int = 2, **changes: object) -> Suitability:
    """What readers have at this place of the matrix."""
    column = Treatment.objects.filter(code=of).first() or treatment(of)
    return Suitability.objects.create(
        concern=make.concern(concern), treatment=column, score=score, reason="Because.", **changes
    )


def test_every_concern_meets_every_treatment_and_kinds_stand_together() -> None:
    for order, (code, group) in enumerate((("rolling", "pits"), ("boxcar", "pits"), ("keloid", "raised"))):
        make.concern(code, order=order, group=group)
    treatment("laser", order=1)
    treatment("peel", order=2)
    cell("boxcar", "peel", 3)
    shown = grid.of()
    assert [[line.concern.code for line in group] for group in shown.groups] == [
        ["rolling", "boxcar"],
        ["keloid"],
    ]
    assert [each.key for each in shown.cells][:3] == ["rolling.laser", "rolling.peel", "boxcar.laser"]
    assert {each.key: each.style for each in shown.cells if each.row} == {"boxcar.peel": "s3"}


def test_a_cell_says_in_words_what_it_shows() -> None:
    rhea = Person.objects.create(slug="rhea", name="Dr Rhea Lund", role="Dermatologist")
    cell("rolling", "peel", 3)
    cell("rolling", "laser", 1, specialist_only=True, reviewed_by=rhea, reviewed_on=date(2026, 11, 1))
    treatment("blue-light", order=9)
    shown = {each.key: each.words for each in grid.of().cells}
    assert shown == {
        "rolling.peel": "Rolling scars, Peel: 3, often discussed; not signed",
        "rolling.laser": "Rolling scars, Laser: 1, sometimes added; only a specialist decides; signed by Dr Rhea Lund",
        "rolling.blue-light": "Rolling scars, Blue-light: readers are told nothing",
    }


def test_the_grid_asks_the_database_as_often_for_many_cells_as_for_one(client: Client, monday: None) -> None:
    client.force_login(make.staff("Ann Reed", *SEES))
    cell()
    few = asked(client)
    for number in range(6):
        for column in range(5):
            cell(f"dip-{number}", f"way-{column}", number % 4)
    assert asked(client) == few


def asked(client: Client) -> int:
    """How many statements the page takes."""
    client.get(GRID)  # what is read once a process
    with CaptureQueriesContext(connection) as found:
        assert client.get(GRID).status_code == 200
    return len(found)


def test_a_cell_is_a_link_that_names_itself(monday: None, client: Client) -> None:
    client.force_login(make.staff("Ann Reed", *SEES))
    cell(score=2)
    tree = parsed_loosely(client.get(GRID).content.decode())
    link = next(each for each in tree.iter("a") if "cell=" in (each.get("href") or ""))
    assert (link.get("href"), words_in(link)) == ("?cell=rolling.peel#cell", "2")
    assert (link.get("aria-label") or "").startswith("Rolling scars, Peel: 2, may help")


def test_a_long_name_is_cut_above_its_column_and_whole_in_its_cells(monday: None, client: Client) -> None:
    client.force_login(make.staff("Ann Reed", *SEES))
    name = "Peeling with " + "very " * 18 + "strong acid"
    cell(of="acid")
    Treatment.objects.filter(code="acid").update(name=name)
    page = client.get(GRID).content.decode()
    assert f">{grid.short(name)}<" in page and f"Rolling scars, {name}: 2" in page
    assert len(grid.short("x" * 120)) == limits.COLUMN_NAME_CHARACTERS


def test_eve_sees_no_grid_and_a_cell_that_is_not_there_is_not_found(monday: None, client: Client) -> None:
    cell()
    client.force_login(make.staff("Eve Nobody"))
    assert client.get(GRID).status_code == 403
    assert client.get("/admin/content/suitability/list/").status_code == 403
    client.force_login(make.staff("Ann Reed", *SEES))
    assert client.get(f"{GRID}?cell=rolling.peel").status_code == 200
    assert client.get(f"{GRID}?cell=rolling.nothing").status_code == 404


def test_an_empty_matrix_says_what_it_needs(monday: None, client: Client) -> None:
    client.force_login(make.staff("Ann Reed", *SEES))
    assert "The grid needs at least one concern and one treatment" in words(client.get(GRID))


def test_drafts_that_wait_for_a_reviewer_come_first_and_the_oldest_of_them() -> None:
    rows = {code: cell(code) for code in ("rolling", "boxcar", "keloid")}
    facts.saved(rows["keloid"], score=1)
    facts.approved(rows["keloid"], 2)
    facts.saved(rows["boxcar"], score=1)
    Version.objects.filter(cell=rows["boxcar"]).update(saved_at=documents.NOW - documents.DAY)
    facts.saved(rows["rolling"], score=1)
    shown = grid.of()
    assert [each.concern.code for each in shown.drafts] == ["boxcar", "rolling", "keloid"]
    following = {code: shown.after(f"{code}.peel") for code in rows}
    assert {code: each.concern.code for code, each in following.items() if each} == {
        "boxcar": "rolling",
        "rolling": "boxcar",
        "keloid": "boxcar",
    }


def test_many_drafts_are_counted_and_the_first_are_listed(monday: None, client: Client) -> None:
    client.force_login(make.staff("Ann Reed", *SEES))
    for number in range(limits.GRID_DRAFTS_LISTED + 2):
        cell(f"dip-{number}", is_published=False)
    for row in Suitability.objects.all():
        row.versions.create(number=1, data={"score": 2}, saved_by_name="Ed", saved_at=documents.NOW)
    page = words(client.get(GRID))
    assert (
        f"{limits.GRID_DRAFTS_LISTED + 2} drafts beside what readers see" in page
        and "And 2 more: the grid marks them." in page
    )


def test_what_readers_are_told_is_what_the_grid_shows() -> None:
    """Neither a cell that is no draft of theirs, nor a cell of a treatment that they have never had."""
    cell("rolling", "peel", 3)
    cell("boxcar", "peel", 3, is_published=False)
    cell("rolling", "laser", 3)
    Treatment.objects.filter(code="laser").update(is_published=False)
    shown = {each.key for each in grid.of().cells if each.readers}
    assert shown == {f"{row.concern.code}.{row.treatment.code}" for row in Suitability.objects.published()}
    assert shown == {"rolling.peel"}
