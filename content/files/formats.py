"""The bytes of the files: YAML, tables and Markdown with values above it. What is written reads back to the letter."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

FENCE = "---\n"
# The same reader in C reads eight times as fast, where PyYAML was built with it.
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class FileError(ValueError):
    """Something in the files is wrong; the text names the file and the key."""


class _Dumper(yaml.SafeDumper):
    """Lists of short things on one line, texts of several lines as they are, and nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _list(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    short = not any(isinstance(item, list | dict) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    """As a block if it has lines and YAML can keep every letter of them, else quoted if need be."""
    block = "\n" in text and not text.startswith((" ", "\n"))
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if block else None)


_Dumper.add_representer(list, _list)
_Dumper.add_representer(str, _text)


def as_yaml(data: Any) -> str:
    """The same data always gives the same text."""
    return yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=sys.maxsize
    )


def as_document(head: Mapping[str, Any], body: str) -> str:
    """Values between two lines of dashes, and the Markdown after them, with a line's end behind it."""
    return f"{FENCE}{as_yaml(dict(head))}{FENCE}{body}\n"


def as_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV. Only what needs quotes gets them: also a lone carriage return, which Python's own writer forgets.

    No cell is a formula to a spreadsheet: an editor could have typed one, and somebody else opens the file.
    """
    return "".join(",".join(map(_cell, row)) + "\n" for row in (columns, *rows))


# What a spreadsheet takes for a formula, at the beginning of a cell; behind apostrophes, which we put before it.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def _cell(text: str) -> str:
    # An apostrophe makes it text for a spreadsheet; `_text_of` takes it away again.
    text = f"'{text}" if _FORMULA.match(text) else text
    needs = any(letter in text for letter in ',"\r\n') or text != text.strip()
    return '"' + text.replace('"', '""') + '"' if needs else text


def read_yaml(path: Path, kind: type) -> Any:
    """A dict or list, as `kind` says. Raises FileError."""
    return _parsed(_read(path), kind, path.name)


def read_table(path: Path) -> list[dict[str, str]]:
    """Each line by the names of its columns, as `as_table` had it. Raises FileError."""
    csv.field_size_limit(sys.maxsize)  # a text may be long; the standard limit protects nothing here
    try:
        rows = list(csv.DictReader(io.StringIO(_read(path), newline=""), restval="", strict=True))
    except csv.Error as error:
        raise FileError(f"{path.name}: cannot be read: {error}") from error
    for number, row in enumerate(rows, 2):
        if None in row:
            raise FileError(f"{path.name}: line {number}: has more cells than there are columns")
    return [{name: _text_of(cell) for name, cell in row.items()} for row in rows]


def _text_of(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_document(path: Path) -> tuple[dict[str, Any], str]:
    """The values between the two lines of dashes, and the Markdown after them without the file's last line's end."""
    name = f"{path.parent.name}/{path.name}"
    text = _read(path)
    if text.startswith(FENCE.replace("\n", "\r\n")):
        text = text.replace("\r\n", "\n")  # an editor on Windows has saved it
    opening, _, rest = text.partition(FENCE)
    head, dashes, body = rest.partition(f"\n{FENCE}")
    if opening or not dashes:
        raise FileError(f"{name}: should start with values between two lines of ---")
    values: dict[str, Any] = _parsed(head, dict, name)
    return values, body.removesuffix("\n")


def _read(path: Path) -> str:
    """The text with its line ends as they are. A byte order mark, which spreadsheets write, is not part of it."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path.name}: cannot be read: {error}") from error


def _parsed(text: str, kind: type, name: str) -> Any:
    try:
        data = yaml.load(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day like 2026-02-31
        raise FileError(f"{name}: cannot be read: {error}") from error
    if not isinstance(data, kind):
        raise FileError(f"{name}: should hold a {kind.__name__}")
    return data
