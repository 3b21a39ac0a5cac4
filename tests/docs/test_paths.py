"""Every file that the documents name exists, and every room is in the picture of the house."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs import source
from tests.docs.pages import DOCUMENTS, quoted, read
from tests.docs.source import ROOT

SUFFIXES = (".py", ".md", ".txt", ".html", ".css", ".svg", ".csv", ".yaml", ".toml", ".png")
# Named because there are none.
NO_SUCH_FILES = {"services.py", "utils.py", "helpers.py"}
# Made when the site runs, or is measured.
NOT_SHIPPED = ("var/", "benchmarks/latest.json")
# Nobody looks for anything in these.
PLUMBING = {"__init__", "__pycache__", "migrations", "apps", "templatetags"}


def looks_like_a_path(text: str) -> bool:
    if (
        not re.fullmatch(r"[\w.<>*-]+(/[\w.<>*-]*)*", text)
        or text in NO_SUCH_FILES
        or text.startswith(NOT_SHIPPED)
    ):
        return False
    return "/" in text or text.endswith(SUFFIXES)


def exists(text: str, document: Path) -> bool:
    """In the project, or beside the document. `<kind>` stands for any name, and there must be at least one."""
    pattern = re.sub(r"<\w+>", "*", text).rstrip("/")
    return any(any(home.glob(pattern)) for home in (ROOT, document.parent))


def links(text: str) -> list[str]:
    """Where the Markdown links and pictures lead, those to other sites left out."""
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]


def names_in_files(text: str) -> list[tuple[str, str]]:
    """(name, path) wherever the text says "`name` in `path.py`", or names several before the same path."""
    found = re.findall(
        r"((?:`[\w.]+`(?:, | and ))*`[\w.]+`)\s+in\s+`((?:clinic|content|bookings|tests)/[\w/]+\.py)`", text
    )
    return [(name, path) for names, path in found for name in re.findall(r"`([\w.]+)`", names)]


def house(text: str) -> Iterator[tuple[str, str]]:
    """(name, words) of every file and folder in the drawing of the house."""
    [drawing] = re.findall(r"^## The house\n\n```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    above = ""
    for line in drawing.splitlines():
        names, words = re.split(r"\s{2,}", line.strip(), maxsplit=1)
        if not line.startswith(" "):
            above = ""
        yield from ((above + name, words) for name in names.split())
        if not line.startswith(" "):
            above = names.split()[0]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = filter(looks_like_a_path, quoted(document.read_text()))
    assert [text for text in named if not exists(text, document)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    leads = [target.partition("#")[0] for target in links(document.read_text())]
    assert [target for target in leads if target and not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_that_is_said_to_be_in_a_file_is_defined_there(document: Path) -> None:
    """Documents say "`tick` in `bookings/clock.py`"."""
    assert [
        f"{name} in {path}"
        for name, path in names_in_files(document.read_text())
        if not source.defines(source.parsed(ROOT / path), name)
    ] == []


def test_there_are_no_such_files() -> None:
    places = [path for app in ("clinic", "content", "bookings") for path in (ROOT / app).rglob("*.py")]
    assert {path.name for path in places} & NO_SUCH_FILES == set()


def test_the_house_is_drawn_as_it_stands() -> None:
    drawn = list(house(read("docs/architecture.md")))
    assert [name for name, _ in drawn if not (ROOT / name).exists()] == []
    assert [name for name, words in drawn if not words] == []


def test_no_room_of_bookings_is_missing_in_the_drawing() -> None:
    drawn = {
        name.rstrip("/").split("/")[1].removesuffix(".py")
        for name, _ in house(read("docs/architecture.md"))
        if name.startswith("bookings/") and name != "bookings/"
    }
    built = {path.stem for path in (ROOT / "bookings").iterdir() if path.suffix in ("", ".py")} - PLUMBING
    assert built == drawn


def test_the_changelog_begins_with_the_version_that_we_are() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert re.findall(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)[0] == version


def test_the_readers_can_see_a_missing_file() -> None:
    here = ROOT / "README.md"
    for text in ("bookings/tabel.py", "templates/emails/<kind>.pdf", "docs/nothing/", "NOTES.md"):
        assert looks_like_a_path(text) and not exists(text, here)
    for text in ("bookings/states.py", "templates/emails/<kind>.txt", "docs/decisions/", "README.md"):
        assert looks_like_a_path(text) and exists(text, here)
    for text in ("/consultations/", "make run", "SECRET_KEY", "bookings.states", "?page="):
        assert not looks_like_a_path(text)
    assert names_in_files("`Wanted` and `suitable` in `bookings/x.py`, `a.py`") == [
        ("Wanted", "bookings/x.py"),
        ("suitable", "bookings/x.py"),
    ]
    assert links("[a](docs/x.md) ![b](c.png) [d](https://example.org)") == ["docs/x.md", "c.png"]
