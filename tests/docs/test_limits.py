"""Every figure that limits somebody is under limits, in the booking rules or in a setting, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.docs import source
from tests.docs.source import sample

# Rows of the admin bring their own checks with them, and settings are read from the environment.
HOMES = re.compile(
    r"(bookings|clinic\.foundation|content)\.limits(\..+)?|(bookings|content)\.models(\..+)?|clinic\.settings"
)
LIMIT = re.compile(
    r"MAX_|MOST_|LONGEST|SHORTEST|LEAST_|_PER_|(^|_)(SECONDS|MINUTES|HOURS|DAYS|BYTES|LIMIT|BATCH|ROWS)$"
)
# (module, name): why it is no limit.
EXCEPT = {
    ("bookings.links", "_ID_BYTES"): "the form of a link",
    ("bookings.links", "_MAC_BYTES"): "the form of a link",
    ("content.search.query", "SHORTEST_BEGINNING"): "how a word is guessed: it limits nobody",
    ("bookings.demo.stage", "BLOCK"): "how the demonstration's visits lie: it limits nobody",
    ("bookings.demo.stage", "_MAILS_TAKE"): "what the demonstration's mails are said to have taken",
    ("bookings.demo.clinic", "_PAUSE_IS_IN"): "when the demonstration's pause is: it limits nobody",
    (
        "bookings.demo.clinic",
        "_HOLIDAYS_UNTIL",
    ): "how far ahead the demonstration has closed: it limits nobody",
    ("clinic.foundation.when", "MINUTE"): "a unit",
    ("clinic.foundation.when", "HOUR"): "a unit",
    ("clinic.foundation.when", "DAY"): "a unit",
}


def limits(tree: source.Tree) -> Iterator[tuple[str, str]]:
    """(module, name) of every module's own constant that says a span of time, or has a name like a limit's."""
    for module, body in tree.items():
        for node in body.body:
            if HOMES.fullmatch(module) or not isinstance(node, ast.Assign | ast.AnnAssign):
                continue
            names = [
                part.id
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                for part in ast.walk(target)
                if isinstance(part, ast.Name) and part.id.isupper()
            ]
            spans = any(isinstance(part, ast.Name) and part.id == "timedelta" for part in ast.walk(node))
            yield from ((module, name) for name in names if spans or LIMIT.search(name))


def test_every_limit_is_at_home() -> None:
    assert set(limits(source.project())) == EXCEPT.keys()


@pytest.mark.parametrize(
    "line",
    [
        "HOLD = timedelta(minutes=30)",
        "HOLD: timedelta = timedelta(minutes=30)",
        "WAITS = (timedelta(minutes=1), timedelta(minutes=2))",
        "MOST_LETTERS = 20",
        "_LONGEST, OTHER = 20, 30",
        "HOLD_MINUTES = 30",
        "MAX_ATTEMPTS = 3",
        "FORMS_PER_NETWORK = 3",
    ],
)
def test_a_limit_somewhere_else_is_seen(line: str) -> None:
    assert len(list(limits(sample(bookings__client__page=line)))) >= 1
    assert list(limits(sample(bookings__limits=line))) == []


@pytest.mark.parametrize("line", ["CODE = 3", "now = timedelta(minutes=1)", "def f():\n    MOST_ROWS = 3"])
def test_what_is_no_limit_is_not(line: str) -> None:
    assert list(limits(sample(bookings__client__page=line))) == []
