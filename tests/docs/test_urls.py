"""docs/urls.md lists every route, and says where every planned page is, or that it is not there yet."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.conf import settings

from tests.docs import addresses
from tests.docs.pages import read, table
from tests.docs.source import ROOT

PAGE = read("docs/urls.md")
# Not a page of ours to list one by one.
ADMIN = "/admin/"


def routes() -> set[str]:
    """Every address outside the desk, and the desk as one."""
    found = addresses.routes()
    return {address for address in found if not address.startswith(ADMIN)} | {ADMIN}


def shipped() -> set[str]:
    """The addresses of the pages in content/demo/pages."""
    return {_address(path) for path in (ROOT / "content" / "demo" / "pages").glob("*.md")}


def _address(path: Path) -> str:
    front = yaml.safe_load(path.read_text().split("---")[1])
    under = {"home": "/", "hub": "/concerns/", "concern": "/concerns/{}/", "treatment": "/treatments/{}/"}
    under |= {"article": "/articles/{}/", "duty": "/{}/"}
    return under[front["kind"]].format(front["slug"])


def places(state: str) -> set[str]:
    return {
        is_at.strip("`") for _, is_at, now in table(PAGE, "planned as") if now.split()[0].strip(";:") == state
    }


def test_every_route_is_on_the_page() -> None:
    assert {address.strip("`") for address, *_ in table(PAGE, "address")} == routes()


def test_every_route_says_whom_it_is_for() -> None:
    """The desk's own addresses, one by one: tests/desk/test_who_opens_what.py."""
    whom = {address.strip("`"): who for address, who, _ in table(PAGE, "address")}
    assert set(whom.values()) == {"everybody", "own draft", "own link", "own token", "staff"}
    assert {address for address, who in whom.items() if who == "staff"} == {ADMIN}
    mine = {address for address in whom if address.startswith("/consultations/mine/")}
    assert {whom[address] for address in mine} == {"own link"}


def test_every_address_of_the_desk_is_classified() -> None:
    """One that is new, and stands in neither table, is nobody's yet. tests/desk/test_who_opens_what.py walks them all."""
    desk = {address for address in addresses.routes() if address.startswith(addresses.DESK)}
    assert desk == set(addresses.desk())


def test_every_shipped_page_is_there_and_nothing_else_is_said_to_be() -> None:
    own = {
        *("/costs/", "/faqs/", "/guide/", "/search/", "/team/", "/treatments/"),
        *("/consultations/request/", "/consultations/mine/"),
    }
    assert places("there") - own == shipped() - own


def test_what_comes_later_is_not_there() -> None:
    assert places("later") & (shipped() | routes()) == set()


def test_a_row_is_there_or_later() -> None:
    assert len(places("there")) + len(places("later")) == len(table(PAGE, "planned as"))


def test_every_private_address_is_never_cached() -> None:
    private = [
        address
        for address in routes()
        if address.startswith(("/consultations/mine/", "/consultations/open/"))
    ]
    assert private
    assert [address for address in private if not address.startswith(tuple(settings.PRIVATE_PATHS))] == []


def test_the_readers_find_something() -> None:
    assert "/concerns/ice-pick/" in shipped()
    assert {"/", "/concerns/<slug>/", "/admin/", "/consultations/mine/<verb>/"} <= routes()
