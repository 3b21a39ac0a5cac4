"""The guide asks in steps: pictures first, at most six questions a page, and every answer travels along."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from content.guide import steps
from content.guide.answers import HEALTH, NAMES
from content.models import Concern
from tests.content.guide import ROLLING, boxes, hidden, main, told
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_pictures_come_first_one_for_each_concern(shipped: None, client: Client) -> None:
    tree = parsed(client.get("/guide/").content.decode())
    assert words(only(tree, "h1")) == "What do you see or feel?"
    labels = {words(label): label for label in tree.iter("label")}
    for concern in Concern.objects.all():
        images = list(labels[f"{concern.name} {concern.tell}"].iter("img"))
        assert [image.get("class") for image in images] == ["t-light", "t-brown", "t-deep"]
        assert {image.get("alt") for image in images} == {""}
        assert "skin-flat" not in (images[1].get("src") or ""), concern
    assert boxes(tree, "concerns")[0] == "not_sure" and boxes(tree, "concerns")[-1] == "mix"
    assert [box.get("value") for box in tree.iter("input") if "checked" in box.attrib] == [
        "brown"
    ]  # the drawings


def test_each_step_leads_to_the_next_and_carries_what_was_said_before(shipped: None, client: Client) -> None:
    tree, given, seen = parsed(client.get("/guide/").content.decode()), {"tone": "deep"}, []
    asked: list[str] = []
    while words(only(tree, "h1")) != "Things to ask about":
        (at,) = hidden(tree)["at"]
        step = steps.named(at)
        assert step is not None and len(step.names) <= 6
        assert f"Guide, {step.number} of 4" in words(only(tree, "main"))
        assert [a.get("href") for a in tree.iter("a") if a.get("class") == "num"] == ["tel:999", "tel:111"]
        assert [name for name in step.names if not boxes(tree, name)] == []
        sent = {name: values for name, values in hidden(tree).items() if name not in ("at", "tone")}
        assert sent == {name: as_list(ROLLING[name]) for name in asked}
        asked += step.names
        seen.append(at)
        given |= sent | {"at": at} | {name: ROLLING[name] for name in step.names}
        tree = parsed(client.post("/guide/", given).content.decode())
    assert seen == [step.code for step in steps.STEPS] and {*asked} | {"signs"} == {*NAMES}


def test_a_question_of_health_is_answered_yes_no_or_not_sure(shipped: None, client: Client) -> None:
    for step in steps.STEPS[1:3]:
        tree = parsed(told(client, to=step.code).content.decode())
        for question in {*step.names} & {*HEALTH}:
            values = boxes(tree, question)
            assert {"no", "not_sure"} < {*values} and "in_person" not in values


def test_what_is_left_open_can_be_said_in_person(shipped: None, client: Client) -> None:
    health = steps.STEPS[2].names
    response = told(client, at="health", in_person="1", **dict.fromkeys(health[1:], ""))
    tree = parsed(response.content.decode())
    assert words(only(tree, "h1")) == "Four things to ask about"
    assert hidden(tree)[health[0]] == ["no"] and hidden(tree)[health[1]] == ["in_person"]
    again = parsed(told(client, to="health", **dict.fromkeys(health, "in_person")).content.decode())
    checked = [box.get("value") for box in again.iter("input") if "checked" in box.attrib]
    assert checked == ["in_person"] * 6
    # What is wrong is said in the order of the questions.
    empty = parsed(client.post("/guide/", {"at": "safe", "concerns": ["rolling"]}).content.decode())
    summary = next(box for box in empty.iter("div") if box.get("role") == "alert")
    assert [a.get("href") for a in summary.iter("a")] == [f"#id_{n}_0" for n in steps.STEPS[1].names]
    # Whether somebody is an adult can only be answered.
    assert "Tell us whether you are 18 or over" in main(told(client, at="safe", in_person="1", adult=""))


def test_back_asks_the_step_before_with_everything_still_there(shipped: None, client: Client) -> None:
    half = {"at": "safe", "concerns": ["rolling"], "adult": "yes", "keloid": "not_sure", "tone": "deep"}
    tree = parsed(client.post("/guide/", half | {"to": "see"}).content.decode())
    assert words(only(tree, "h1")) == "What do you see or feel?"
    assert tree.find(".//*[@role='alert']") is None
    assert [b.get("value") for b in tree.iter("input") if "checked" in b.attrib] == ["deep", "rolling"]
    assert hidden(tree) == {"at": ["see"], "adult": ["yes"], "keloid": ["not_sure"]}


def test_the_skin_is_answered_by_pressing_a_button(shipped: None, client: Client) -> None:
    tree = parsed(told(client, to="skin").content.decode())
    pressed = [b for b in tree.iter("button") if b.get("name") == "skin"]
    assert [b.get("value") for b in pressed] == ["burns", "tans", "brown_black", "not_sure"]
    assert ["You chose this" in words(b) for b in pressed] == [False, True, False, False]


@pytest.mark.parametrize("step", steps.STEPS, ids=lambda step: step.code)
def test_an_answer_can_be_changed_from_the_result_and_leads_straight_back(
    shipped: None, client: Client, step: steps.Step
) -> None:
    tree = parsed(told(client, to=step.code).content.decode())
    assert tree.find(".//*[@role='alert']") is None
    here = {(box.get("name"), box.get("value")) for box in tree.iter("input") if "checked" in box.attrib}
    asked = {name for name in step.names if name != "skin"}
    assert here - {("tone", "brown")} == {(name, value) for name in asked for value in as_list(ROLLING[name])}
    assert words(only(parsed(told(client, at=step.code).content.decode()), "h1")) == "Things to ask about"


def test_nothing_left_still_leads_to_a_consultation(shipped: None, client: Client) -> None:
    tree = parsed(told(client, concerns=["milia"]).content.decode())
    assert words(only(tree, "h1")) == "Nothing to list from here"
    buttons = [words(button) for button in tree.iter("button")]
    change = [f"Change: {step.heading}" for step in steps.STEPS]
    assert buttons == ["Request a consultation", "Change my answers", *change]


def test_days_off_mark_what_fits_hide_nothing_and_change_no_order(shipped: None, client: Client) -> None:
    def rows(**more: str) -> list[str]:
        tree = parsed(told(client, **more).content.decode())
        (first, *_) = (ul for ul in tree.iter("ul") if ul.get("class") == "cards")
        return [words(row) for row in first]

    usual, marked = rows(), rows(days="3")
    assert [row.replace(" Fits 3 days off.", "") for row in marked] == usual
    assert [row.split()[0] for row in marked if "Fits 3 days off." in row] == ["Microneedling", "Creams"]
    assert rows(days="4") == usual  # nobody was offered that answer


def test_each_reason_names_its_sources_which_stand_once_at_the_foot(shipped: None, client: Client) -> None:
    tree = parsed(told(client).content.decode())
    notes = [a.get("href") for a in tree.iter("a") if a.get("class") == "note"]
    listed = [item.get("id") for item in tree.iter("li") if (item.get("id") or "").startswith("s")]
    assert notes and {*notes} == {f"#{place}" for place in listed}
    assert notes[0] == "#s1" and len(listed) == len({*listed})
