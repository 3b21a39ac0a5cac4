"""Reads the documents: marked code blocks, tables, and whatever is in backticks."""

from __future__ import annotations

import re

from tests.docs.source import ROOT

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)


def read(name: str) -> str:
    return (ROOT / name).read_text()


def block(text: str, language: str) -> list[str]:
    """The lines of the one code block marked with `language`, without blanks and comments."""
    [inside] = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = (line.split("#")[0].strip() for line in inside.splitlines())
    return [line for line in lines if line]


def table(text: str, first_heading: str) -> list[list[str]]:
    """The rows (without the heading) of the one table whose first column has this heading."""
    lines = text.splitlines()
    [start] = [n for n, line in enumerate(lines) if _cells(line)[:1] == [first_heading]]
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(_cells(line))
    return rows


def section(text: str, heading: str) -> str:
    """What stands under `## heading`."""
    [inside] = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return str(inside)


def quoted(text: str) -> list[str]:
    """Everything in single backticks, code blocks left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
