"""The debts of the code are those of debts.toml: no more, no fewer. Of pages: tests/project/test_queries_a_page.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import debts


@pytest.mark.parametrize("section", ["functions", "files", "silenced"])
def test_the_debts_are_written_down(section: str) -> None:
    found: Callable[[], debts.Debts] = getattr(debts, section)
    assert debts.settle(section, found()) == []


# --- the guard can fail -----------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "debts.toml"
    file.write_text('[files]\n"a.py" = 500\n"b.py" = 450\n')
    monkeypatch.setattr(debts, "FILE", file)
    monkeypatch.setattr(debts, "WRITING", False)
    return file


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"a.py": 501, "b.py": 450}, "grew: a.py is 501, was 500"),
        ({"a.py": 500, "b.py": 450, "c.py": 401}, "grew: c.py is 401, was none"),
        ({"a.py": 499, "b.py": 450}, "fell: a.py is 499, was 500"),
        ({"a.py": 500}, "fell: b.py is none, was 450"),
    ],
)
def test_whatever_differs_is_said(book: Path, found: debts.Debts, says: str) -> None:
    [line] = debts.settle("files", found)
    assert line.startswith(says)
    assert debts.settle("files", {"a.py": 500, "b.py": 450}) == []


def test_what_fell_is_written_and_what_grew_is_not(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debts, "WRITING", True)
    assert len(debts.settle("files", {"a.py": 501})) == 2
    assert debts.settle("files", {"a.py": 499}) == []
    assert debts.settle("silenced", {"noqa": 3}) == []
    assert book.read_text().endswith('\n[files]\n"a.py" = 499\n\n[silenced]\n"noqa" = 3\n')


def test_the_counters_count() -> None:
    assert debts.silenced()["type: ignore, product"] > 0
    assert all(lines > 400 for lines in debts.files().values())
    assert all(lines > 40 for lines in debts.functions().values())
