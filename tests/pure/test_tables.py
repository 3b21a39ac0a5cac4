"""Tables as files: what a stranger typed computes nothing in any spreadsheet, and everything can still be read."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from clinic.foundation import tables
from clinic.foundation.tables import Cell

LONDON = ZoneInfo("Europe/London")
SUMMER = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)


def in_csv(*cells: Cell) -> list[str]:
    file = b"".join(tables.as_csv(["x"] * len(cells), [cells], LONDON)).decode()
    assert file.startswith("\ufeff")
    return list(csv.reader(StringIO(file.removeprefix("\ufeff"))))[1]


def in_xlsx(*cells: Cell) -> list[tuple[str, str]]:
    """The kind and value of each cell as the file holds them: "inlineStr" is a text, "n" a number. No formula is in it."""
    with tables.as_xlsx(["x"] * len(cells), [cells], LONDON) as file, zipfile.ZipFile(file) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f"))
    [_, row] = sheet.iter(f"{space}row")
    return [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]


@pytest.mark.parametrize(
    "typed",
    [
        '=HYPERLINK("http://evil.example","Cleo")',
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1,2)",
        "\t=1",
        "\r=1",
        "  =1+1",
        "＝1+1",
        "+44 1632 960001 =1",
        "+1-2",
    ],
)
def test_a_formula_is_a_text(typed: str) -> None:
    [cell] = in_csv(typed)
    assert cell == f"'{typed}"
    [(kind, value)] = in_xlsx(typed)
    assert kind == "inlineStr" and value.replace("_x000D_", "\r").strip() == typed.strip()


@pytest.mark.parametrize(
    "typed",
    ["+44 1632 960001", "01632 960001", "+33 1 23 45 67 89", "Cleo Marsh", "O’Brien; Ana", "李 明", ""],
)
def test_phone_numbers_and_names_are_as_they_are(typed: str) -> None:
    assert in_csv(typed) == [typed]


def test_what_holds_commas_quotes_and_lines_stays_one_cell() -> None:
    assert in_csv('a,"b"\nc', "d") == ['a,"b"\nc', "d"]


def test_moments_are_the_zones_own() -> None:
    assert in_csv(SUMMER, date(2026, 7, 1), None) == ["2026-07-01 09:30:00+01:00", "2026-07-01", ""]
    [(kind, moment), (_, day)] = in_xlsx(SUMMER, date(2026, 7, 1))
    assert kind == "n"
    assert float(moment) - float(day) == pytest.approx(9.5 / 24)


def test_amounts_are_numbers() -> None:
    assert in_csv(Decimal("40.00"), 30) == ["40.00", "30"]
    assert in_xlsx(Decimal("40.50"), 30) == [("n", "40.50"), ("n", "30")]


def test_csv_comes_as_the_rows_come() -> None:
    asked: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(1000):
            asked.append(number)
            yield [number]

    pieces = tables.as_csv(["x"], rows(), LONDON)
    next(pieces)
    assert asked == []  # the first byte is there before the first row is read
    next(pieces)
    assert len(asked) < 1000
