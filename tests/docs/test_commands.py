"""Every command that the documents name is there: make's targets, Django's and ours, scripts."""

from __future__ import annotations

import re

from django.core.management import get_commands

from tests.docs.pages import DOCUMENTS, read

# Named as something that is still to come.
LATER: set[str] = set()


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE))


def named(pattern: str) -> set[str]:
    return {name for path in DOCUMENTS for name in re.findall(pattern, path.read_text())}


def test_every_make_target_that_is_named_is_in_the_makefile() -> None:
    names = named(r"(?:`|^)make ([a-z]+)")
    assert {"run", "test", "check"} <= names
    assert names - targets() - LATER == set()


def test_what_comes_later_is_not_there_yet() -> None:
    assert targets() & LATER == set()


def test_every_target_is_in_the_readme() -> None:
    assert targets() - set(re.findall(r"make ([a-z]+)", read("README.md"))) == set()


def test_every_management_command_that_is_named_exists() -> None:
    names = named(r"manage\.py ([a-z_]+)")
    assert {"worker", "firstuser", "testmail"} <= names
    assert names - get_commands().keys() == set()


def test_every_command_of_ours_is_named() -> None:
    ours = {name for name, app in get_commands().items() if app in ("clinic", "content", "bookings")}
    assert ours == set(
        re.findall(r"^\| `python manage\.py ([a-z_]+)", read("docs/operations.md"), re.MULTILINE)
    )
