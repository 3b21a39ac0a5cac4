"""Few pages, little on each: what is optional is folded, what most people answer is one press, and Enter answers nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookings.client.form import order
from bookings.client.form.draft_data import FORMER
from bookings.client.form.questions import BeforeForm
from bookings.models import Draft
from bookings.queries.client import Options
from clinic.foundation.layout import Fold
from tests.client import walk

pytestmark = pytest.mark.once


def test_whoever_ticks_something_else_finds_the_box_for_it_open() -> None:
    for concern, is_open in (("something_else", True), ("rolling", False)):
        form = BeforeForm(
            initial={"concerns": [concern]}, options=Options(clinic="", concerns=(), treatments=())
        )
        assert form["anything_else"].label.startswith("What is it, or where is it?") is is_open
        folds = [one.flat_attrs for one in form.layout() if isinstance(one, Fold)]
        assert ["open" in attributes for attributes in folds] == [is_open]


def test_each_page_says_which_step_it_is_and_where_its_heading_is() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    for number, step in enumerate([*order.BY_NAME, "check"], 1):
        page = walk.tree(browser.get(f"/consultations/request/{step}/?d={draft}"))
        assert f"step {number} of 5" in "".join(page.find(".//main").itertext()).lower()
        assert "autofocus" in page.find(".//h1").attrib
        assert "slim" in page.find(".//header").get("class")
        foot = page.find(".//footer")
        assert foot.get("class") == "foot line" and len(foot.findall(".//p")) == 1
        assert "What you have not sent is deleted after one hour." in "".join(foot.itertext())
        if step == "about":
            tiles = [one for one in page.iter("label") if one.get("for", "").startswith("id_concerns_")]
            assert len(tiles) > 2 and all(one.find("img") is not None for one in tiles)
    # Whoever comes by a link is at the top.
    assert "autofocus" not in walk.tree(browser.get("/consultations/request/")).find(".//h1").attrib


def test_the_enter_key_answers_nothing() -> None:
    """What it presses is the first button of a form."""
    browser = Client()
    draft = walk.before("before", browser)
    for path in ("/consultations/request/", f"/consultations/request/before/?d={draft}"):
        first = walk.tree(browser.get(path)).find(".//main//form//button")
        assert first.get("name") is None and first.get("aria-hidden") == "true"


def folds(page: Any) -> dict[str, bool]:
    """Whether each fold of a page is open, by its words."""
    return {fold.findtext("summary"): "open" in fold.attrib for fold in page.findall(".//main//details")}


@pytest.mark.parametrize(
    ("step", "given"),
    [
        ("about", {"treatments": ["no_preference"]}),
        ("about", {"treatments": ["made-up"]}),
        ("before", {"support": ["longer"]}),
        ("before", {"support_note": "x" * 5000}),
        ("before", {"anything_else": "Since May"}),
        ("you", {"name_to_use": "Clee"}),
        ("you", {"may_leave_message": "on"}),
    ],
)
def test_what_is_optional_is_folded_until_it_holds_an_answer_or_an_error(
    step: str, given: dict[str, Any]
) -> None:
    browser = Client()
    draft = walk.before(step, browser)
    path = f"/consultations/request/{step}/?d={draft}"
    empty: dict[str, Any] = {"treatments": []} if step == "about" else {}
    walk.answer(browser, draft, step, **empty)
    assert list(folds(walk.tree(browser.get(path))).values()) == [False]
    walk.answer(browser, draft, step, **given)
    assert list(folds(walk.tree(browser.get(path))).values()) == [True]


def test_none_of_these_is_a_button_and_can_be_taken_back() -> None:
    browser = Client()
    draft = walk.before("before", browser)
    path = f"/consultations/request/before/?d={draft}"
    page = walk.tree(browser.get(path))
    assert not page.findall(".//input[@value='none']")
    assert page.find(".//button[@value='none']").text == "None of these"
    walk.answer(browser, draft, "before", applies=["none"])
    assert "checked" in walk.tree(browser.get(path)).find(".//input[@value='none']").attrib


def test_a_former_page_leads_to_the_one_that_asks_it_now() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    for former, now in FORMER.items():
        response = browser.get(f"/consultations/request/{former}/?d={draft}")
        assert response["Location"] == f"/consultations/request/{now}/?d={draft}"


# What somebody still had open when the eight pages became four, and typed then.
STILL_OPEN: list[tuple[str, dict[str, Any]]] = [
    ("interests", {"concerns": ["rolling"], "areas": ["neck"]}),
    ("phone", {"contact_by": "phone", "phone": "12"}),
    ("support", {"support": ["longer"], "support_note": "A chair by the door"}),
]


@pytest.mark.parametrize(("former", "given"), STILL_OPEN)
def test_what_was_typed_on_a_former_page_is_kept_for_the_one_that_asks_it_now(
    former: str, given: dict[str, Any]
) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    assert browser.post(f"/consultations/request/{former}/?d={draft}", given).status_code == 303
    page = browser.get(f"/consultations/request/{FORMER[former]}/?d={draft}").content.decode()
    for words in (given.get("support_note"), given.get("phone")):
        assert words is None or words in page
    kept = Draft.objects.get().data
    waits = kept.get("typed", {}).get(FORMER[former], kept)
    for name, value in given.items():
        assert waits[name] in (value, [value])
    assert kept["name"] == "Cleo Marsh" and kept["applies"] == ["none"]


def test_nothing_is_kept_of_whoever_is_under_18_on_a_former_page_either() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    response = browser.post(f"/consultations/request/age/?d={draft}", {"adult": "no"})
    assert response["Location"] == order.UNDER_18_URL and not Draft.objects.exists()


@pytest.mark.parametrize(("former", "given"), STILL_OPEN)
def test_without_a_draft_a_former_page_gives_back_what_was_typed(former: str, given: dict[str, Any]) -> None:
    page = walk.tree(Client().post(f"/consultations/request/{former}/", given))
    hidden = [(box.get("name"), box.get("value")) for box in page.findall(".//main//input")]
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            assert (f"typed_{name}", one) in hidden
    assert ("typed_page", FORMER[former]) in hidden


def test_email_is_chosen_before_anybody_has() -> None:
    browser = Client()
    page = walk.tree(browser.get(f"/consultations/request/you/?d={walk.before('you', browser)}"))
    chosen = [box.get("value") for box in page.iter("input") if "checked" in box.attrib]
    assert chosen == ["email"]
    assert "Thursday 3 December at 10am" in "".join(page.find(".//main").itertext())
