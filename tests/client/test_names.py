"""What people are called and what they write: kept as it is spelled, refused where there is nothing to see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookings.client.form.questions import BeforeForm, YouForm
from bookings.fields import area
from bookings.models import ConsultationRequest, Draft
from bookings.queries import client as queries
from bookings.queries import desk
from bookings.queries.clinic import clinic
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

# Nothing, as people and programs write it: blanks, zero-width characters, the Hangul filler, marks without a letter.
NOTHING = [" ", "\u200b", "\u200c\u200d", "\u3164", "\u2800", "\u0301", "...", "12345"]


def you(**changes: Any) -> YouForm:
    return YouForm(walk.ANSWERS["you"] | changes, options=queries.options(clinic(make.NOW)))


@pytest.mark.parametrize(
    "name",
    [
        "X",
        "李",
        "Teller",
        "O’Brien",
        "Nguyễn Thị Minh Khai",
        "Anne-Marie d'Arcy",
        "Null",
        "علی\u200cرضا",  # the joiner belongs to the spelling
        "ශ්\u200dරී ලාල්",
    ],
)
def test_every_name_is_a_name_and_is_kept_as_it_is_written(name: str) -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"name": name})
    assert walk.send(browser, draft)["Location"].startswith("/consultations/sent/")
    assert ConsultationRequest.objects.get().name == name


def test_the_desk_finds_either_spelling() -> None:
    browser = Client()
    walk.send(browser, walk.to_check(browser, you={"name": "علی\u200cرضا"}))
    for typed in ("علی\u200cرضا", "علیرضا"):
        assert ConsultationRequest.objects.filter(desk.matching(typed)).count() == 1


@pytest.mark.parametrize("name", ["", *NOTHING])
def test_a_name_that_shows_nothing_is_asked_for(name: str) -> None:
    assert you(name=name).errors["name"] == ["Enter your full name"]


@pytest.mark.parametrize("name", ["\u3164", "\u2800", "..."])
def test_what_somebody_is_called_shows_something_or_is_left_empty(name: str) -> None:
    assert you(name_to_use=name).errors["name_to_use"] == ["Use letters, or leave this empty"]
    assert you(name_to_use="\u200b").is_valid()


def test_a_pasted_line_break_parts_words() -> None:
    form = you(name="Cleo\x0bMarsh\u2028")
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Cleo Marsh"
    health = BeforeForm(
        {"applies": ["none"], "anything_else": "One\x0btwo\x85three"},
        options=queries.options(clinic(make.NOW)),
    )
    assert health.is_valid()
    assert health.cleaned_data["anything_else"] == "One\ntwo\nthree"


def test_too_many_accents_are_refused_beside_the_field_and_what_was_typed_stays() -> None:
    browser = Client()
    draft = walk.begin(browser)
    drawn = "a" + "\u0323" * 13
    page = walk.shown(browser, walk.answer(browser, draft, "before", anything_else=drawn))
    walk.check_page(page)
    assert "This holds too many accents on one letter. Type it again." in walk.text(page).replace(
        "this", "This"
    )
    assert drawn in page.content.decode()


def test_a_text_is_measured_before_it_is_read() -> None:
    # 4 typed for each that is kept: decomposed accents and line ends of two pass.
    box = area("", limit=10)
    assert box.clean("e\u0301\r\n" * 5) == "é\n" * 4 + "é"
    with pytest.raises(Exception, match="Use 10 characters or fewer. You used 41."):
        box.clean("\u0301" * 41)


def test_more_answers_than_there_are_choices_are_refused_and_each_counts_once() -> None:
    browser = Client()

    def about(*concerns: str) -> Any:
        draft = walk.begin(browser)
        return walk.answer(browser, draft, "about", concerns=list(concerns))

    assert about("rolling", "rolling").status_code == 303
    assert Draft.objects.get().data["concerns"] == ["rolling"]
    page = walk.shown(browser, about(*["rolling"] * 900))
    assert "Choose from the list" in walk.text(page)
