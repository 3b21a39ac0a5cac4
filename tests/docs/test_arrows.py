"""Which room may import which: docs/architecture.md says it, and the code keeps to it."""

from __future__ import annotations

import ast

import pytest

from tests.docs import source
from tests.docs.pages import block, read
from tests.docs.source import sample

Arrows = dict[str, set[str]]

# These name other apps in strings because Django wants strings there: settings, URLs, the admin's site.
STRINGS_ALLOWED = {"clinic.settings", "clinic.urls", "clinic.desk"}


def listed() -> Arrows:
    """Room -> the rooms it may import."""
    lines = [line.split("->") for line in block(read("docs/architecture.md"), "arrows")]
    return {room.strip(): {name.strip() for name in may.split(",") if name.strip()} for room, may in lines}


def room_of(module: str, rooms: Arrows) -> str:
    """The narrowest room that the module is in, or "" if it is in none."""
    parts = module.split(".")
    names = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((name for name in names if name in rooms), "")


def not_listed(tree: source.Tree, rooms: Arrows) -> list[str]:
    """Imports that lead out of a room by an arrow that the page does not have, or touch a module in no room."""
    return sorted(
        f"{module} -> {target}"
        for module, target in source.imports(tree)
        if (here := room_of(module, rooms)) != (there := room_of(target, rooms)) or not here
        if there not in rooms.get(here, ())
    )


def not_needed(tree: source.Tree, rooms: Arrows) -> list[str]:
    """Arrows of the page along which nothing is imported. Rows of another app are named in strings, as Django does."""
    by_name = {(name, "content.models") for name in source.dotted_strings(tree, starting="content.")}
    used = {
        (room_of(module, rooms), room_of(target, rooms)) for module, target in source.imports(tree) | by_name
    }
    return sorted(
        f"{room} -> {other}" for room, may in rooms.items() for other in may if (room, other) not in used
    )


# --- the project ------------------------------------------------------------------------------------------------------


def test_every_arrow_between_rooms_is_on_the_page() -> None:
    assert not_listed(source.project(), listed()) == []


def test_every_arrow_on_the_page_is_needed() -> None:
    assert not_needed(source.project(), listed()) == []


def test_every_room_on_the_page_is_in_the_code() -> None:
    rooms, modules = listed(), source.project()
    named = {*rooms, *(name for may in rooms.values() for name in may)}
    assert named == set(rooms), "an arrow leads to a room that has no line of its own"
    assert [room for room in sorted(rooms) if room not in modules] == []


def test_every_module_is_in_a_room() -> None:
    rooms = listed()
    assert [name for name, body in source.project().items() if not room_of(name, rooms) and body.body] == []


def test_the_page_describes_no_circle() -> None:
    assert source.cycle((room, other) for room, may in listed().items() for other in may) == []


def test_no_module_imports_itself_by_a_round_trip() -> None:
    assert source.cycle(source.imports(source.project())) == []


def test_no_import_hides_in_a_function() -> None:
    assert source.inner_imports(source.project()) == []


@pytest.mark.parametrize(
    ("app", "others"),
    [("content", ["bookings"]), ("clinic", ["bookings", "content"])],
    ids=["content", "clinic"],
)
def test_what_is_below_knows_nothing_of_what_is_above(app: str, others: list[str]) -> None:
    """Not even by name: a string such as "bookings.Appointment" is an import that nobody sees."""
    below = {name: body for name, body in source.project().items() if name.split(".")[0] == app}
    for other in others:
        assert {module for module, target in source.imports(below) if target.split(".")[0] == other} == set()
        assert source.dotted_strings(below, starting=f"{other}.") - STRINGS_ALLOWED == set()


def test_the_workflow_never_imports_what_turns_codes_into_words() -> None:
    rooms = listed()
    assert "bookings.messages" not in rooms["bookings.workflow"]
    assert "bookings.messages" not in rooms["bookings.outbox"]


# --- the guards can fail ----------------------------------------------------------------------------------------------

ROOMS: Arrows = {"bookings.queries": {"bookings.models"}, "bookings.models": set(), "bookings.client": set()}


@pytest.mark.parametrize(
    "line",
    [
        "from bookings.models import Note",
        "import bookings.models",
        "from bookings import models",
        "from .. import models",
        "from ..models import Note",
        "if TYPE_CHECKING:\n    from bookings.models import Note",
        "def view():\n    from bookings.models import Note",
    ],
)
def test_an_arrow_that_is_not_listed_is_seen(line: str) -> None:
    tree = sample(bookings__models="", bookings__client="", bookings__client__views=line)
    assert not_listed(tree, ROOMS) == ["bookings.client.views -> bookings.models"]


def test_a_listed_arrow_and_a_neighbour_pass() -> None:
    near = "from bookings.models import Note\nfrom bookings.queries import desk\nfrom django.db import models"
    tree = sample(bookings__models="", bookings__queries__desk="", bookings__queries__slots=near)
    assert not_listed(tree, ROOMS) == []


def test_an_arrow_that_nobody_needs_is_seen() -> None:
    tree = sample(
        bookings__models="", bookings__queries__desk="", bookings__client__page="import bookings.models"
    )
    assert not_needed(tree, ROOMS) == ["bookings.queries -> bookings.models"]
    by_name = sample(bookings__models__x='ForeignKey("content.Concern")')
    assert not_needed(by_name, {"bookings.models": {"content.models"}, "content.models": set()}) == []


def test_a_module_in_no_room_is_seen() -> None:
    assert not_listed(sample(bookings__helpers="import bookings.models"), ROOMS) == [
        "bookings.helpers -> bookings.models"
    ]


def test_a_round_trip_is_seen() -> None:
    assert source.cycle([("a", "b"), ("b", "c"), ("c", "b")]) == ["b", "c", "b"]
    assert source.cycle([("a", "b"), ("a", "c"), ("b", "c")]) == []


@pytest.mark.parametrize(
    "code",
    [
        "def view():\n    import os",
        "class A:\n    def ready(self):\n        import os",
        "importlib.import_module('os')",
    ],
)
def test_a_hidden_import_is_seen(code: str) -> None:
    assert len(source.inner_imports(sample(bookings__client__views=code))) == 1


def test_only_an_app_config_may_import_when_it_is_ready() -> None:
    ready = "class A:\n    def ready(self):\n        import os"
    assert source.inner_imports(sample(bookings__apps=ready)) == []
    elsewhere = ready.replace("ready", "other")
    assert len(source.inner_imports(sample(bookings__apps=elsewhere))) == 1


def test_a_name_in_a_string_is_seen() -> None:
    tree = sample(content__views='get_model("bookings.Appointment")')
    assert source.dotted_strings(tree, starting="bookings.") == {"content.views"}


def test_the_reader_finds_the_project() -> None:
    tree = source.project()
    assert {"bookings.states", "bookings.workflow", "clinic.foundation.when", "content.models"} <= tree.keys()
    assert ("bookings.workflow.core", "bookings.states") in source.imports(tree)
    assert isinstance(tree["bookings.states"], ast.Module)
