"""What docs/urls.md says of each address: for whom it is. Read by tests that compare it with the routes and walk it.

The desk's lists are rows with five rights; each row stands for the seven addresses that Django makes for a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.docs.pages import quoted, read, table

PAGE = read("docs/urls.md")
DESK = "/admin/"
# Words in place of rights: everybody, anybody who may sign in to the desk, a superuser alone, nobody at all.
EVERYBODY, STAFF, SUPERUSER, NOBODY = "everybody", "staff", "superuser", "nobody"


@dataclass(frozen=True)
class Who:
    """A cell of the tables: a word, or rights of which one is enough. `sometimes`: with an "if" in the words after them."""

    any_of: frozenset[str]
    sometimes: bool = False


@dataclass(frozen=True)
class Desk:
    """One address of the desk: who may open it, and who may send it a form."""

    address: str
    opened_by: Who
    sent_by: Who


def desk() -> dict[str, Desk]:
    """Every address of the desk that the page names."""
    found = [Desk(_plain(cells[0]), _who(cells[1]), _who(cells[2])) for cells in table(PAGE, "desk address")]
    for row in table(PAGE, "list"):
        found += _of_list(_plain(row[0]), *map(_who, row[1:]))
    addresses = {each.address: each for each in found}
    assert len(addresses) == len(found), "an address stands there twice"
    return addresses


def _of_list(head: str, see: Who, add: Who, change: Who, delete: Who) -> Iterator[Desk]:
    yield Desk(head, see, see)
    yield Desk(f"{head}add/", add, add)
    yield Desk(f"{head}<object_id>/change/", see, change)
    yield Desk(f"{head}<object_id>/delete/", delete, delete)
    yield Desk(f"{head}<object_id>/history/", see, see)
    anybody = Who(frozenset({STAFF}))
    yield Desk(f"{head}<object_id>/", anybody, anybody)  # leads to the row's own page


def _plain(cell: str) -> str:
    return cell.strip("`")


def _who(cell: str) -> Who:
    who, condition, _ = cell.partition(" if ")
    return Who(frozenset(quoted(cell) or [who]), sometimes=bool(condition))


def routes() -> dict[str, str]:
    """Every address that the project answers to, its converters left out (/concerns/<slug>/), with the route's own text."""
    return {_short(route): route for route in _flat(get_resolver().url_patterns, "/")}


def _short(route: str) -> str:
    route = re.sub(r"\^?\(\?P(<\w+>)(?:[^()]|\([^)]*\))*\)", r"\1", route)
    return re.sub(r"<\w+:", "<", route).replace("$", "")


def _flat(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, route)
        else:
            yield route
