"""Today's debts, in debts.toml: long functions, long files, silenced checkers, statements a page. Numbers may only fall.

A test compares both ways: what grew has to be mended, what fell has to be written down, so that it cannot grow back. `make
debts` writes what fell, and refuses what grew. Anyone who has a reason for that changes the number by hand, and says why in
the commit.
"""

from __future__ import annotations

import ast
import os
import tokenize
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.docs.source import ROOT, parsed

FILE = ROOT / "tests" / "project" / "debts.toml"
PRODUCT = ("bookings", "content", "clinic")
BESIDE = ("tests", "scripts", "benchmarks", "tools")
LONG_FUNCTION, LONG_FILE = 40, 400  # lines
WRITING = os.environ.get("DEBTS") == "write"
Debts = Mapping[str, int]


def functions() -> Debts:
    """The lines of every function of the product that has more than 40, decorators left out."""
    return {
        f"{path}: {name}": lines
        for path in _files(PRODUCT)
        for name, lines in _functions(parsed(ROOT / path))
        if lines > LONG_FUNCTION
    }


def files() -> Debts:
    """The lines of every Python file that has more than 400."""
    lines = {path: len((ROOT / path).read_text().splitlines()) for path in _files((*PRODUCT, *BESIDE))}
    return {path: count for path, count in lines.items() if count > LONG_FILE}


def silenced() -> Debts:
    """How often a checker is told to look away, in the product and beside it."""
    return {
        f"{mark}, {where}": sum(_comments(path, mark) for path in _files(folders))
        for where, folders in (("product", PRODUCT), ("tests and tools", BESIDE))
        for mark in ("type: ignore", "noqa")
    }


def settle(section: str, found: Debts) -> list[str]:
    """What differs between `found` and the section of the file, in words; nothing when it is the same.

    When writing, what fell is written and only what grew is returned.
    """
    book = tomllib.loads(FILE.read_text()) if FILE.exists() else {}
    known: Debts = book.get(section, {})
    grew = [
        f"grew: {name} is {number}, was {known.get(name, 'none')}. Mend it."
        for name, number in found.items()
        if section in book and number > known.get(name, 0)
    ]
    fell = [
        f"fell: {name} is {found.get(name, 'none')}, was {number}. Write it down: make debts"
        for name, number in known.items()
        if number > found.get(name, 0)
    ]
    if WRITING and not grew:
        FILE.write_text(_written(book | {section: dict(found)}))
        return []
    return grew + fell


def _written(book: Mapping[str, Debts]) -> str:
    head = "# Today's debts: tests/project/debts.py says what each section counts. Numbers may only fall: make debts\n"
    return head + "".join(
        f"\n[{section}]\n" + "".join(f'"{name}" = {number}\n' for name, number in sorted(debts.items()))
        for section, debts in sorted(book.items())
    )


def _files(folders: tuple[str, ...]) -> list[str]:
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in paths if "migrations" not in path.parts)


def _functions(node: ast.AST, above: str = "") -> Iterator[tuple[str, int]]:
    """Every function within, by its name and those it is in, with its lines."""
    for part in ast.iter_child_nodes(node):
        name = above
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{above}{part.name}."
            if not isinstance(part, ast.ClassDef):
                yield f"{above}{part.name}", (part.end_lineno or part.lineno) - part.lineno + 1
        yield from _functions(part, name)


def _comments(path: str, mark: str) -> int:
    if mark not in (ROOT / path).read_text():
        return 0  # reading tokens takes a hundred times as long
    with Path(ROOT / path).open("rb") as file:
        return sum(
            mark in token.string
            for token in tokenize.tokenize(file.readline)
            if token.type == tokenize.COMMENT
        )
