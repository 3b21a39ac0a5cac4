"""docs/states.md and bookings/states.py say the same, verb by verb."""

from __future__ import annotations

import re

import pytest

from bookings.plan_rules import PlanRule
from bookings.states import (
    ASK_AGAIN_FROM,
    CLOSED,
    MAKING,
    OPEN,
    PLAN_TABLE,
    TABLE,
    UNDOABLE,
    CancelReason,
    DeclineReason,
    PlanStatus,
    Status,
    Who,
)
from tests.docs.pages import quoted, read, section, table

PAGE = read("docs/states.md")

Move = tuple[str, str, str, str]
"""from, verb, to, who"""


def moves_on_the_page(text: str) -> list[Move]:
    """Every single move that the table of verbs describes."""
    return [
        (source, verb.strip("`"), source if to == "same" else to.strip("`"), who)
        for sources, verb, to, people, _rule in table(section(text, "Verbs"), "from")
        for source in _codes(sources)
        for who in _codes(people)
    ]


def moves_in_the_code() -> set[Move]:
    made = {
        ("-", "submit", Status.NEW.value, Who.CLIENT.value),
        ("-", "submit", Status.SUSPECTED.value, Who.CLIENT.value),
        ("-", "book", Status.CONFIRMED.value, Who.STAFF.value),
        ("-", "plan_session", Status.NEW.value, Who.CLIENT.value),
        ("-", "plan_session", Status.NEW.value, Who.STAFF.value),
        *((old.value, "ask_again", Status.NEW.value, Who.CLIENT.value) for old in ASK_AGAIN_FROM),
    }
    return made | {
        (source.value, name, target.value, who.value)
        for name, verb in TABLE.items()
        for source, targets in verb.moves.items()
        for target in targets
        for who in verb.by
    }


def _codes(cell: str) -> list[str]:
    return [code.strip().strip("`") for code in cell.split(",")]


def test_the_page_and_the_code_describe_the_same_moves() -> None:
    written, coded = set(moves_on_the_page(PAGE)), moves_in_the_code()
    assert written - coded == set(), "on the page, not in bookings/states.py"
    assert coded - written == set(), "in bookings/states.py, not on the page"


def test_no_move_is_on_the_page_twice() -> None:
    moves = moves_on_the_page(PAGE)
    assert sorted(moves) == sorted(set(moves))


def test_every_row_has_a_rule() -> None:
    assert [row for row in table(section(PAGE, "Verbs"), "from") if len(row) != 5 or not row[4]] == []


def test_the_verbs_that_make_a_request_are_all_there() -> None:
    assert {verb for source, verb, _, _ in moves_on_the_page(PAGE) if verb not in TABLE} == set(MAKING)


def test_the_states_and_their_words() -> None:
    rows = table(section(PAGE, "States"), "state")
    assert [(code.strip("`"), words) for code, words, _means in rows] == [(s.value, s.words) for s in Status]


def test_what_can_be_taken_back() -> None:
    [verbs] = re.findall(r"they can take back for a while: ([^.]+)\.", PAGE)
    assert quoted(verbs) == list(UNDOABLE)


def test_open_and_closed() -> None:
    [line] = [line for line in PAGE.splitlines() if line.startswith("Open:")]
    open_ones, closed_ones = line.split("Closed:")
    assert quoted(open_ones) == [status.value for status in OPEN]
    assert quoted(closed_ones) == [status.value for status in CLOSED]


@pytest.mark.parametrize(
    ("heading", "reasons"),
    [("Reasons to decline", list(DeclineReason)), ("Reasons to cancel", list(CancelReason))],
    ids=["decline", "cancel"],
)
def test_the_reasons(heading: str, reasons: list[DeclineReason] | list[CancelReason]) -> None:
    rows = table(section(PAGE, heading), "reason")
    assert [code.strip("`") for code, _ in rows] == [reason.value for reason in reasons]


def test_the_states_of_plans_their_moves_and_their_rules() -> None:
    plans = section(PAGE, "Plans")
    states = [(code.strip("`"), words) for code, words, _means in table(plans, "state")]
    assert states == [(one.value, one.words) for one in PlanStatus]
    written = {
        (source, verb.strip("`"), source if to == "same" else target)
        for sources, verb, to in table(plans, "from")
        for source in _codes(sources)
        for target in _codes(to)
    }
    coded = {
        (source.value, verb, target.value)
        for verb, moves in PLAN_TABLE.items()
        for source, targets in moves.items()
        for target in targets
    }
    assert written == coded
    assert [code.strip("`") for code, _ in table(plans, "code")] == [rule.value for rule in PlanRule]


def test_the_comparison_can_fail() -> None:
    row = "| `waiting` | `answer` | `new` | client |"
    assert set(moves_on_the_page(PAGE)) == moves_in_the_code()
    for wrong in (
        row.replace("`waiting`", "`waiting`, `offered`"),
        row.replace("`new`", "`offered`"),
        row.replace("client", "client, staff"),
        row.replace("`answer`", "`reply`"),
    ):
        assert set(moves_on_the_page(PAGE.replace(row, wrong))) != moves_in_the_code()
    without = re.sub(rf"^{re.escape(row)}.*\n", "", PAGE, flags=re.MULTILINE)
    assert set(moves_on_the_page(without)) != moves_in_the_code()
