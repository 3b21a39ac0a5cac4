"""A table as a file that spreadsheets open: CSV as it is read, XLSX at once. Neither holds more than a few rows in memory.

A cell is a text, a number, a day, a moment (aware) or nothing. Moments are those of one zone's clocks: in CSV with their
offset (2026-11-24 09:12:00+00:00), in XLSX as a spreadsheet's own, which have none, so their column should say the zone.

A text that a spreadsheet would take for a formula could run whatever a stranger typed into a form. In CSV such a text begins
with an apostrophe; in XLSX every text is written as a text, and none is a formula.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from tempfile import TemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

import xlsxwriter

Cell = str | int | Decimal | date | datetime | None

# So that spreadsheets take the file for UTF-8.
_MARK = "\ufeff"
_LINES_AT_A_TIME = 100
# What begins a formula, in any spreadsheet, also behind blanks; the wide forms are what some input methods type.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
# "+44 1632 960001": digits and blanks compute nothing, and whoever rings wants to read it.
_PHONE = re.compile(r"\+[0-9][0-9 ]*")


def harmless(text: str) -> str:
    """The text as a cell of CSV that no spreadsheet computes."""
    if _FORMULA.match(text) and not _PHONE.fullmatch(text):
        return f"'{text}"
    return text


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[Cell]], zone: ZoneInfo) -> Iterator[bytes]:
    """The file, piece by piece, as the rows come."""
    lines = ([_in_csv(cell, zone) for cell in row] for row in rows)
    written = StringIO()
    writer = csv.writer(written)
    written.write(_MARK)
    writer.writerow(titles)
    while True:
        yield written.getvalue().encode()
        written.seek(0)
        written.truncate()
        some = list(islice(lines, _LINES_AT_A_TIME))
        if not some:
            return
        writer.writerows(some)


def _in_csv(cell: Cell, zone: ZoneInfo) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else str(cell)


def as_xlsx(titles: Sequence[str], rows: Iterable[Sequence[Cell]], zone: ZoneInfo) -> IO[bytes]:
    """The file, whole, in a temporary one that has no name and goes when it is closed."""
    with ExitStack() as closing:
        file = closing.enter_context(TemporaryFile())
        # One row in memory; what is written goes into a file beside it, and then into the archive.
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        cents = book.add_format({"num_format": "0.00"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(titles) - 1, 18)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                match cell:
                    case None | "":
                        pass
                    case str():
                        sheet.write_string(line, column, cell)
                    case datetime():
                        sheet.write_datetime(line, column, cell.astimezone(zone).replace(tzinfo=None))
                    case date():
                        sheet.write_datetime(line, column, cell, day)
                    case Decimal():
                        sheet.write_number(line, column, cell, cents if cell.as_tuple().exponent else None)
                    case _:
                        sheet.write_number(line, column, cell)
        book.close()
        file.seek(0)
        closing.pop_all()  # all is well: whoever asked closes it
    return file
