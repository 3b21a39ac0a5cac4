"""The table on top of the guide's answer: which for which, what to ask about first, and what the list hardly helps."""

from __future__ import annotations

from content.guide.which import Which, barely, which
from tests.pure.guide import CRO, FIL, LAB, LNA, MN, PUN, SUB, TOP, told

BROWN = "brown_black"


def firsts(table: Which | None, code: str) -> set[str]:
    """The treatments that are framed in the column of a concern."""
    assert table
    place = [concern.code for concern in table.concerns].index(code)
    lines = [line for part in table.parts for line in part.lines]
    cells = {line.one.treatment.code: line.cells[place] for line in lines}
    return {treatment for treatment, cell in cells.items() if cell and cell.is_first}


def test_what_is_first_for_each_kind_is_what_fits_best_among_the_lower_risk() -> None:
    scars = ("ice-pick", "boxcar-shallow", "rolling")
    table = which(told(*scars, skin=BROWN))
    assert firsts(table, "ice-pick") == {PUN}
    assert firsts(table, "boxcar-shallow") == {MN, LNA}, (
        "the stronger laser fits better, and comes after them"
    )
    assert firsts(table, "rolling") == {SUB}
    burns = which(told(*scars))
    assert firsts(burns, "ice-pick") == {PUN, CRO} and firsts(burns, "boxcar-shallow") == {LAB}


def test_the_table_holds_the_list_in_its_order() -> None:
    result = told("ice-pick", "rolling", skin=BROWN)
    table = which(result)
    assert table and [(part.heading, [line.one for line in part.lines]) for part in table.parts] == [
        (section.heading, [*section.ones, *section.beyond]) for section in result.sections
    ]
    filler = next(line for part in table.parts for line in part.lines if line.one.treatment.code == FIL)
    assert [cell and cell.score for cell in filler.cells] == [None, 2]


def test_one_kind_or_an_empty_list_needs_no_table() -> None:
    assert which(told("rolling")) is None and which(told("milia", "milia")) is None


def test_what_is_only_sometimes_added_is_named_and_what_waits_for_a_clinician() -> None:
    names, held = barely(told("hypertrophic", "ice-pick", "rolling", skin=BROWN))
    assert [name.words for name in names] == ["rolling scars"] and held
    assert [name.words for name in told("hypertrophic", "ice-pick", "rolling").without] == ["ice pick scars"]
    assert barely(told("ice-pick", "rolling")) == ([], False)
    assert TOP in {one.treatment.code for one in told("hypertrophic", "rolling").shown}
