"""A draft's answers as a value: every field comes back as it was stored, and nothing that is stored is an error."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bookings.client.form import order
from bookings.client.form.draft_data import DraftData

# What version 0.9 stored, key by key: before drafts had a type.
OLD: dict[str, Any] = {
    "adult": "yes",
    "concerns": ["rolling", "not_sure"],
    "areas": ["face"],
    "treatments": ["microneedling"],
    "applies": ["isotretinoin", "in_person"],
    "anything_else": "one line\nanother",
    "name": "Cleo Marsh",
    "name_to_use": "Cleo",
    "email": "cleo@example.org",
    "contact_by": "text",
    "phone": "07700 900 982",
    "may_leave_message": True,
    "support": ["other"],
    "support_note": "a ramp",
    "type": 3,
    "practitioner": 2,
    "slot": "2@2026-12-01T09:00Z",
    "windows": [[3, "evening"], [None, "any"]],
    "time_zone": "Europe/Paris",
    "brought": True,
    "with_whom": "Ana Lind or Bo Reyes",
    "look": {"slot": "none", "day_1": "3"},
    "taken": "2@2026-12-01T10:00Z",
    "source_page": 41,
    "follows": 7,
    "guide": {
        "answers": {
            "adult": "yes",
            "concerns": ["rolling"],
            "where": ["jaw"],
            "isotretinoin": "stopped_1_12",
        },
        "suggested": [["microneedling", 2, False]],
        "shown": [["Lower risk of colour change", [["microneedling", 2, True], ["subcision", 3, False]]]],
    },
    "guide_left_out": True,
    "done": ["about", "before"],
    "sent_back": {"times": "concerns"},
    "typed": {"you": {"name": [""], "email": ["cleo"]}},
    "agreed": {"health": True, "news": False},
    "trapped": True,
    "asked_to_look": "2026-11-30T09:00:00+00:00",
    "counted": True,
}
NAMES = [one.name for one in fields(DraftData) if one.compare]

scalars = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text()
anything = some.recursive(
    scalars, lambda part: some.lists(part, max_size=3) | some.dictionaries(some.text(), part, max_size=3)
)
columns = some.dictionaries(some.sampled_from(NAMES) | some.text(), anything, max_size=8)


def test_every_field_is_tried_here() -> None:
    assert set(OLD) == set(NAMES)
    empty = DraftData()
    assert all(getattr(DraftData.from_data(OLD), name) != getattr(empty, name) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_field_comes_back_as_it_was(name: str) -> None:
    one = replace(DraftData(), **{name: getattr(DraftData.from_data(OLD), name)})
    stored = json.loads(json.dumps(one.data()))
    assert stored == {name: OLD[name]}
    assert DraftData.from_data(stored) == one


def test_what_an_earlier_version_stored_is_read_whole() -> None:
    data = DraftData.from_data(OLD)
    assert data.data() == OLD
    assert (data.name, data.concerns, data.type) == ("Cleo Marsh", ["rolling", "not_sure"], 3)
    assert data.windows == [(3, "evening"), (None, "any")]
    assert data.asked_to_look == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert data.chosen == (2, datetime(2026, 12, 1, 9, tzinfo=UTC))
    waiting = data.typed_on("you")
    assert waiting is not None and waiting["email"] == "cleo" and data.typed_on("about") is None


def test_what_we_do_not_know_is_kept() -> None:
    data = DraftData.from_data({"name": "Cleo", "photos": [{"id": 4}], "stored": "a key of this name, too"})
    changed = replace(data, name="Cleo Marsh", counted=True)
    assert changed.data() == {
        "name": "Cleo Marsh",
        "counted": True,
        "photos": [{"id": 4}],
        "stored": "a key of this name, too",
    }


def test_what_was_stored_empty_stays_and_what_is_taken_back_is_stored_empty() -> None:
    data = DraftData.from_data({"taken": "", "slot": "2@2026-12-01T09:00Z", "practitioner": 2})
    assert replace(data, slot="", practitioner=None).data() == {"taken": "", "slot": "", "practitioner": None}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "wrong", [0, 2**70, "x\x00", [7, None], [[8, "evening"], ["x"]], {"a": 7}, 1.5, None]
)
def test_what_is_of_the_wrong_kind_reads_as_absent(name: str, wrong: object) -> None:
    data = DraftData.from_data({name: wrong})
    text_of_any_kind = isinstance(wrong, str) and isinstance(OLD[name], str) and name not in ("contact_by",)
    if not text_of_any_kind or name == "asked_to_look":
        assert data == DraftData()
    assert data.data() == {name: wrong}


@pytest.mark.parametrize("stored", [None, 3, "x", [], [["name", "Cleo"]]])
def test_a_column_that_is_no_object_is_an_empty_draft(stored: object) -> None:
    assert DraftData.from_data(stored) == DraftData()


@given(columns)
def test_whatever_is_stored_is_read_without_an_error_and_without_loss(column: dict[str, Any]) -> None:
    data = DraftData.from_data(column)
    assert data.data() == column
    assert DraftData.from_data(data.data()) == data
    assert replace(data, name="Cleo").data() == column | ({} if data.name == "Cleo" else {"name": "Cleo"})
    assert order.first_open(data) in (*order.BY_NAME, order.CHECK)
    assert data.chosen is None or data.slot


def test_a_page_without_the_answer_that_it_needs_is_asked_again() -> None:
    whole = replace(DraftData.from_data(OLD), done=list(order.BY_NAME))
    assert order.first_open(whole) == order.CHECK
    lacking = {
        "adult": "about",
        "areas": "about",
        "applies": "before",
        "type": "times",
        "email": "you",
        "phone": "you",
    }
    for name, page in lacking.items():
        damaged = DraftData.from_data(whole.data() | {name: {"a": 1}})
        assert order.first_open(damaged) == page, name


FORMER: dict[str, Any] = OLD | {
    "texts": True,
    "agreed": {"health": True},
    "done": ["age", "about", "interests", "before", "times", "you"],
    "typed": {"phone": {"phone": ["12"]}, "support": {"support": ["other"], "support_note": [""]}},
}


def test_a_draft_of_the_former_eight_pages_keeps_every_answer() -> None:
    data = DraftData.from_data(FORMER)
    assert data.data() == FORMER
    assert order.first_open(data) == order.CHECK
    assert data.agreed == {"health": True, "texts": True}
    # What was typed and refused stands among the answers of the page that asks it now.
    you, before = data.typed_on("you"), data.typed_on("before")
    assert you is not None and (you["phone"], you["name"], you["may_leave_message"]) == (
        "12",
        "Cleo Marsh",
        "on",
    )
    assert before is not None and before.getlist("applies") == ["isotretinoin", "in_person"]
    assert (before["support_note"], before["anything_else"]) == ("", "one line\nanother")


@pytest.mark.parametrize(
    ("done", "opens"),
    [(["age"], "about"), (["age", "about"], "before"), (["age", "about", "interests", "before"], "times")],
)
def test_a_draft_of_the_former_pages_opens_where_the_next_answer_is_asked(
    done: list[str], opens: str
) -> None:
    assert order.first_open(DraftData.from_data(FORMER | {"done": done})) == opens


def test_nothing_of_it_is_printed() -> None:
    assert "Cleo" not in f"{DraftData.from_data(OLD)!r} {DraftData.from_data(OLD)}"
