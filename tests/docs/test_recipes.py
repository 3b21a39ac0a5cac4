"""The recipes of CONTRIBUTING.md: a verb or a message of which a step was forgotten is named here."""

from __future__ import annotations

import ast

from bookings.admin.actions import ACTIONS
from bookings.client.own import actions as client_actions
from bookings.messages.kinds import KINDS
from bookings.table import MAKING, TABLE, DeclineReason, Who
from bookings.wording import WORDING
from tests.docs import source
from tests.docs.source import ROOT

# Said at a place of their own: opening the link, the page after sending, choosing another time.
ELSEWHERE = {"prove", "correct_contact", "reschedule"}
# "My data" is not built yet; until then the desk erases for a client who asks.
NOT_YET = {"erase"}


def by(who: Who) -> set[str]:
    return {name for name, verb in TABLE.items() if who in verb.by}


def queued() -> set[str]:
    """The codes that the code puts into the outbox by name."""
    return {
        argument.value
        for body in source.project().values()
        for node in ast.walk(body)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("outbox.queue", "_tell")
        for argument in ast.walk(ast.Tuple(node.args[1:2]))
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_verb_of_staff_has_a_button() -> None:
    assert by(Who.STAFF) - {action.verb for action in ACTIONS.values()} == set()


def test_every_verb_has_its_row_of_words_and_no_row_is_without_a_verb() -> None:
    # Asking again is sending: its event says so.
    assert WORDING.keys() == {*TABLE, *MAKING} - {"ask_again"}


def test_every_verb_of_the_client_has_a_form() -> None:
    filled_in = {name.replace("-", "_") for name in client_actions.ACTIONS}
    assert by(Who.CLIENT) - ELSEWHERE - NOT_YET - filled_in == set()


def test_every_verb_of_the_client_has_words_on_their_page() -> None:
    assert [name for name in by(Who.CLIENT) if not WORDING[name].client] == []


def test_every_message_that_is_queued_is_of_a_known_kind() -> None:
    assert queued() - KINDS.keys() == set()


def test_every_kind_is_queued_by_something() -> None:
    # The reminders of a visit are a list, walked by the verb that books.
    in_the_list = {"reminder_48h", "reminder_2h"}
    assert KINDS.keys() - queued() == in_the_list


def test_every_kind_has_its_words() -> None:
    facts: dict[str, list[dict[str, object]]] = {
        "declined": [{"reason": reason.value} for reason in DeclineReason if reason != DeclineReason.SPAM]
    }
    words = [kind.template(given) for kind in KINDS.values() for given in facts.get(kind.code, [{}])]
    assert [name for name in words if not (ROOT / "templates" / name).exists()] == []


def test_the_reader_sees_what_is_queued() -> None:
    assert {"received", "offered", "confirmed", "cancelled", "new_link"} <= queued()
