"""The recipes of CONTRIBUTING.md: a verb or a message of which a step was forgotten is named here."""

from __future__ import annotations

import ast
import re
from functools import cache
from textwrap import dedent, indent

import pytest

from bookings.admin.actions import ACTIONS
from bookings.client.own import actions as client_actions
from bookings.messages.kinds import KINDS
from bookings.outbox import TOLD_TOO
from bookings.states import MAKING, PLAN_TABLE, TABLE, DeclineReason, Who
from bookings.wording import WORDING
from tests.docs import source
from tests.docs.pages import quoted, read, section
from tests.docs.source import ROOT

# Said at a place of their own: opening the link, the page after sending, choosing another time, a plan and its sessions.
ELSEWHERE = {"prove", "correct_contact", "reschedule", "choose_time", "call_off", *PLAN_TABLE}
# "My data" is not built yet; until then the desk erases for a client who asks.
NOT_YET = {"erase"}


def by(who: Who) -> set[str]:
    return {name for name, verb in TABLE.items() if who in verb.by}


# Which argument names the kind.
_KIND_IN = {"outbox.queue": 1, "_tell": 1, "outbox.Reminder": 0}


def queued() -> set[str]:
    """The codes that the code puts into the outbox by name, or by what the client has heard (visit_mail.py)."""
    return {"offered", "displaced"} | {
        argument.value
        for body in source.project().values()
        for node in source.nodes(body)
        if isinstance(node, ast.Call) and (place := _KIND_IN.get(ast.unparse(node.func))) is not None
        for argument in ast.walk(ast.Tuple(node.args[place : place + 1]))
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


# The page that blocks time answers for many at once (bookings/admin/block/). A plan has a page of its own.
BLOCKING = {"displace", "release_time"}


# Their buttons stand on the page of the plan, and on the one that arranges its sessions.
ON_PLANS = {*PLAN_TABLE, "add_session"}


def test_every_verb_of_staff_has_a_button() -> None:
    assert by(Who.STAFF) - {action.verb for action in ACTIONS.values()} - BLOCKING - ON_PLANS == set()


def test_every_verb_has_its_row_of_words_and_no_row_is_without_a_verb() -> None:
    # Asking again is sending: its event says so.
    assert WORDING.keys() == {*TABLE, *MAKING} - {"ask_again"}


def test_every_verb_of_the_client_has_a_form() -> None:
    filled_in = {name.replace("-", "_") for name in client_actions.ACTIONS}
    assert by(Who.CLIENT) - ELSEWHERE - NOT_YET - filled_in == set()


def test_every_verb_of_the_client_has_words_on_their_page() -> None:
    assert [name for name in by(Who.CLIENT) if not WORDING[name].client] == []


# Where a verb's name stands for something else: a kind or a field of notes, offered times.
MEANS_ELSE = {
    "call": (
        "bookings/admin/case.py",
        "bookings/admin/day/sheet.py",
        "bookings/admin/worklist/",
        "bookings/client/own/verbs.py",
        "bookings/messages/",
        "bookings/queries/worklist.py",
    ),
    "answer": ("bookings/models/", "bookings/client/own/history.py"),
    "note": (
        "bookings/admin/case.py",
        "bookings/admin/slot_forms.py",
        "bookings/admin/propose_form.py",
        "bookings/admin/slot_calls.py",
        "bookings/admin/forms.py",
        "bookings/admin/leavers.py",
        "bookings/messages/",
    ),
    "keep": (
        "bookings/admin/phone",
        "bookings/admin/typed_words.py",
        "bookings/client/form/guide_answers.py",
    ),
    # What fits is chosen among the names of buttons.
    "ask": ("bookings/admin/fit.py",),
    "attend": ("bookings/admin/fit.py",),
    "late": ("bookings/workflow/undo.py", "bookings/workflow/together.py"),  # the code of a refusal
    "reschedule": ("bookings/admin/fit.py",),
    "offer": ("bookings/admin/fit.py", "bookings/client/own/actions.py", "bookings/queries/touched.py"),
    "merge": ("bookings/availability.py", "bookings/promise.py"),
    "tag": (
        "bookings/admin/worklist/",
        "bookings/queries/",
        "bookings/roles/",
    ),
    "undo": (
        "bookings/desk_site.py",
        "bookings/models/",
        "bookings/queries/",
        "bookings/workflow/together.py",
    ),
    "withdraw": ("bookings/outbox.py",),
}
# Second doors to a few verbs, for many requests at once.
MANY_AT_ONCE = (
    "bookings/admin/worklist/many.py",
    "bookings/admin/block/",
    "bookings/workflow/sessions.py",
)
MOST_FILES = 5


def names_a_verb(node: ast.AST) -> str:
    """The verb that a text, a definition or a call of a room of bookings/workflow names, as far as this node tells."""
    match node:
        case ast.Constant(value=str(text)):
            return text.replace("-", "_")
        case ast.FunctionDef(name=name):
            return name
        case ast.Attribute(
            value=ast.Name(
                id="attendance"
                | "calls"
                | "contact"
                | "desk"
                | "erasure"
                | "intake"
                | "merging"
                | "reply"
                | "visit"
            )
        ):
            return node.attr
        case ast.alias(name=name):
            return name
    return ""


@cache
def files_of_verbs() -> dict[str, set[str]]:
    """In which files of the product each verb stands, other meanings of its name included.

    Not the demonstration: like tests, it only tells stories in verbs, and a new verb need not be in one.
    """
    found: dict[str, set[str]] = {name: set() for name in TABLE}
    for path in sorted((ROOT / "bookings").rglob("*.py")):
        if not {"migrations", "demo"} & set(path.parts):
            for name in {names_a_verb(node) for node in source.nodes(source.parsed(path))} & TABLE.keys():
                found[name].add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("name", TABLE)
def test_a_verb_stands_in_five_files_at_most(name: str) -> None:
    excused = (*MANY_AT_ONCE, *MEANS_ELSE.get(name, ()))
    files = [path for path in files_of_verbs()[name] if not path.startswith(excused)]
    assert len(files) <= MOST_FILES, sorted(files)


def test_no_other_meaning_is_excused_that_is_not_there() -> None:
    for name, places in MEANS_ELSE.items():
        assert [
            place for place in places if not any(p.startswith(place) for p in files_of_verbs()[name])
        ] == []


@pytest.mark.parametrize("root", ["bookings", "tests", "benchmarks"])
def test_nobody_spreads_a_dict_at_a_verb(root: str) -> None:
    """Then mypy could not see its arguments."""
    rooms = "(calls|contact|desk|erasure|intake|merging|reply|visit)"
    verbs = re.compile(rf"{rooms}\.({'|'.join([*TABLE, *MAKING])})")
    spread = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / root).rglob("*.py"))
        if verbs.search(path.read_text())  # few name one: the others need not be parsed
        for call in source.nodes(source.parsed(path))
        if isinstance(call, ast.Call) and any(one.arg is None for one in call.keywords)
        # Called, or prepared by `partial`.
        if any(verbs.fullmatch(ast.unparse(one)) for one in (call.func, *call.args))
    ]
    assert spread == []


def test_the_example_is_a_real_verb() -> None:
    """CONTRIBUTING.md names all files of `assess`, and shows it as it is written there."""
    text = section(read("CONTRIBUTING.md"), "Adding a verb")
    named = set(quoted(text.split("\n\n")[0])) - {"assess"}
    assert named == files_of_verbs()["assess"]
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    written = [(ROOT / path).read_text() for path in sorted(named)]
    assert len(blocks) == 4
    for block in blocks:
        code = dedent(block).strip()
        assert any(indent(code, " " * deep) in source for source in written for deep in (0, 4, 8)), block


def test_every_message_that_is_queued_is_of_a_known_kind() -> None:
    assert queued() - KINDS.keys() == set()


def test_every_kind_is_queued_by_something() -> None:
    # The reminders of a visit are a list, walked by the verb that books; what is told as well comes beside a mail.
    in_the_list = {"reminder_48h", "reminder_2h"}
    assert KINDS.keys() - queued() == {*in_the_list, TOLD_TOO}


def test_every_kind_has_its_words() -> None:
    facts: dict[str, list[dict[str, object]]] = {
        "declined": [{"reason": reason.value} for reason in DeclineReason if reason != DeclineReason.SPAM]
    }
    mails = [kind for kind in KINDS.values() if kind.code != TOLD_TOO]  # which has the words of its mail
    words = [kind.template(given) for kind in mails for given in facts.get(kind.code, [{}])]
    assert [name for name in words if not (ROOT / "templates" / name).exists()] == []


def test_the_reader_sees_what_is_queued() -> None:
    assert {"received", "offered", "confirmed", "cancelled", "new_link"} <= queued()
