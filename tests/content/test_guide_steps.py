"""The guide asks in two short steps, a third for few: only what can change the answer; every answer travels along."""

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


def checked(tree: Any) -> list[str]:
    return [box.get("value") for box in tree.iter("input") if "checked" in box.attrib]


def heading(tree: Any) -> str:
    return words(only(tree, "h1"))


def listed(client: Client, *ticks: str, **more: Any) -> Any:
    """What follows when somebody with rolling scars ticks these lines of the list, without any answer before."""
    before = {name: ROLLING[name] for name in steps.SEE.names}
    ticked = {"applies": list(ticks), "asked": list(HEALTH)}
    return parsed(client.post("/guide/", before | {"at": "health"} | ticked | more).content.decode())


def test_the_first_page_shows_one_picture_for_each_concern_and_asks_the_skin_once(
    shipped: None, client: Client
) -> None:
    tree = parsed(client.get("/guide/").content.decode())
    assert heading(tree) == "What do you see or feel?"
    assert "About a minute. Not a diagnosis. Nothing is kept." in words(only(tree, "main"))
    labels = {words(label): label for label in tree.iter("label")}
    for concern in Concern.objects.all():
        [drawing] = labels[f"{concern.name} {concern.tell}"].iter("{http://www.w3.org/2000/svg}svg")
        assert (drawing.get("class"), drawing.get("aria-hidden")) == ("drawing", "true")
        clip = drawing.find("{http://www.w3.org/2000/svg}clipPath")
        assert clip is not None and "skin-flat" not in clip.get("id", ""), concern
    assert boxes(tree, "concerns")[-2:] == ["mix", "not_sure"]
    # The drawings follow what is said of the skin, which is asked nowhere else.
    assert boxes(tree, "skin") == ["burns", "tans", "brown_black", "not_sure"] and not boxes(tree, "tone")
    assert boxes(tree, "adult") == ["yes", "no"] and checked(tree) == []


def test_two_steps_lead_to_the_answer_and_carry_what_was_said_before(shipped: None, client: Client) -> None:
    seen = {name: ROLLING[name] for name in steps.SEE.names}
    tree = parsed(client.post("/guide/", seen | {"at": "see"}).content.decode())
    assert heading(tree) == "Does any of this apply to you?" and "Guide, 2 of 2" in words(only(tree, "main"))
    sent = hidden(tree)
    assert sent.pop("at") == ["health"] and sent.pop("asked") == list(HEALTH)
    assert sent == {name: as_list(value) for name, value in seen.items()}
    assert boxes(tree, "applies") == [*HEALTH, "not_sure", "in_person", "none"]
    none = {"at": "health", "asked": list(HEALTH), "applies": ["none"]}
    result = parsed(client.post("/guide/", sent | none).content.decode())
    assert heading(result) == "Things to ask about"
    # For a request, and for whoever changes an answer: every answer under its own name.
    given = {name: as_list(value) for name, value in ROLLING.items()}
    assert hidden(result) == given and {*given} | {"signs"} == {*NAMES}
    for page in (tree, result):
        assert {"tel:999", "tel:111"} >= {a.get("href") for a in page.iter("a") if a.get("class") == "num"}


def test_somebody_under_18_is_asked_nothing_about_health(shipped: None, client: Client) -> None:
    response = client.post("/guide/", {"at": "see", "adult": "no"})
    assert main(response).startswith("This guide is for adults")


def test_what_can_change_nothing_is_not_asked(shipped: None, client: Client) -> None:
    def asked(*concerns: str) -> list[str]:
        seen = {name: ROLLING[name] for name in steps.SEE.names} | {"concerns": concerns, "at": "see"}
        return hidden(parsed(client.post("/guide/", seen).content.decode()))["asked"]

    assert asked("rolling") == list(HEALTH)
    assert {*HEALTH} - {*asked("active-acne")} == {"active_spots"}
    assert {*HEALTH} - {*asked("keloid", "rolling")} == {"keloid"}
    # Nobody knows what it is, or nothing is done for it: only spots could add something, and only rule 5a could ring. But
    # whatever a clinician finds, they have to hear of cold sores and blood thinners first.
    short = ["active_spots", "pregnancy", "isotretinoin", "cold_sores", "bleeding"]
    assert asked("not_sure") == asked("mix") == asked("milia") == short
    # Whoever has spots all the same is asked the rest, and nothing is called wrong.
    tree = listed(client, "active_spots", concerns=["not_sure"], asked=short)
    assert tree.find(".//*[@role='alert']") is None and "active_spots" in checked(tree)
    assert hidden(tree)["asked"] == list(HEALTH)


def test_a_tick_that_says_too_little_leads_to_one_step_more(shipped: None, client: Client) -> None:
    tree = listed(client, "pregnancy", "tan", "not_sure")
    assert heading(tree) == "Tell us a little more" and tree.find(".//*[@role='alert']") is None
    assert boxes(tree, "pregnancy") == ["pregnant", "trying", "breastfeeding", "not_sure"]
    assert boxes(tree, "unsure") == [name for name in HEALTH if name not in ("pregnancy", "tan")]
    again = parsed(client.post("/guide/", hidden(tree)).content.decode())
    wrong = [words(a) for a in only(again, "main").iter("a") if (a.get("href") or "").startswith("#id_")]
    assert wrong == [HEALTH["pregnancy"].missing, "Select what you are not sure about"]
    said = hidden(tree) | {"pregnancy": "trying", "unsure": ["keloid"]}
    result = hidden(parsed(client.post("/guide/", said).content.decode()))
    answers = {name: result[name] for name in HEALTH}
    assert answers == {name: ["not_ticked"] for name in HEALTH} | {
        "pregnancy": ["trying"],
        "tan": ["yes"],
        "keloid": ["not_sure"],
    }


def test_what_is_not_ticked_can_be_said_in_person(shipped: None, client: Client) -> None:
    tree = listed(client, "tan", "in_person")
    assert heading(tree) == "Nothing to list from here"
    assert hidden(tree)["tan"] == ["yes"] and hidden(tree)["keloid"] == ["in_person"]
    again = parsed(told(client, to="health", **dict.fromkeys(HEALTH, "in_person")).content.decode())
    assert checked(again) == ["in_person"]


@pytest.mark.parametrize(
    ("ticks", "message"),
    [
        ([], "Select what applies to you, or “None of these”"),
        (["tan", "none"], "You ticked something and chose “None of these”. Untick it, or press “Continue”"),
        (["nose"], "Choose from the list"),
    ],
)
def test_what_is_wrong_with_the_list_is_said_once(
    shipped: None, client: Client, ticks: list[str], message: str
) -> None:
    tree = listed(client, *ticks)
    assert heading(tree) == "Does any of this apply to you?"
    summary = next(box for box in tree.iter("div") if box.get("role") == "alert")
    assert [(words(a), a.get("href")) for a in summary.iter("a")] == [(message, "#id_applies_0")]
    assert message in words(next(box for box in tree.iter() if box.get("id") == "id_applies_error"))


def test_back_asks_the_step_before_with_everything_still_there(shipped: None, client: Client) -> None:
    half = {"at": "health", "concerns": ["rolling"], "adult": "yes", "skin": "tans", "keloid": "not_sure"}
    tree = parsed(client.post("/guide/", half | {"to": "see"}).content.decode())
    assert heading(tree) == "What do you see or feel?" and tree.find(".//*[@role='alert']") is None
    assert checked(tree) == ["rolling", "tans"]
    assert hidden(tree) == {"at": ["see"], "adult": ["yes"], "keloid": ["not_sure"]}
    assert not boxes(tree, "adult")  # it has been answered


def test_an_answer_can_be_changed_from_the_result_and_leads_straight_back(
    shipped: None, client: Client
) -> None:
    see = parsed(told(client, to="see").content.decode())
    assert checked(see) == ["rolling", "tans", "face"]
    assert heading(parsed(told(client, at="see").content.decode())) == "Things to ask about"
    ill = {"keloid": "yes", "isotretinoin": "stopped_1_12", "tan": "not_sure"}
    health = parsed(told(client, to="health", **ill).content.decode())
    assert checked(health) == ["keloid", "isotretinoin", "not_sure"]
    # What was ticked before is not asked in detail again.
    sent = hidden(health) | {"applies": ["isotretinoin"]}
    result = hidden(parsed(client.post("/guide/", sent).content.decode()))
    assert result["isotretinoin"] == ["stopped_1_12"] and result["keloid"] == result["tan"] == ["not_ticked"]


def test_the_answer_begins_with_a_few_plain_sentences(shipped: None, client: Client) -> None:
    text = main(told(client, concerns=["rolling", "ice-pick"], cold_sores="yes"))
    assert text.startswith(
        "Your guide Things to ask about You ticked rolling scars and ice pick scars. "
        "Worth asking about first: punch techniques and subcision (not done here). "
        "We do microneedling for rolling scars. "
        "Tell us before any procedure about cold sores. Ask to see results on skin like yours before"
    ), text[:400]
    assert "Worth asking about first" not in main(told(client, concerns=["not_sure"]))


def test_nobody_reads_a_no_that_nobody_said(shipped: None, client: Client) -> None:
    """One tick says nothing of the lines that were left alone; "None of these" says no to all of them."""
    ticked = listed(client, "tan")
    assert {*map(tuple, (hidden(ticked)[name] for name in HEALTH if name != "tan"))} == {("not_ticked",)}
    told_us = words(next(fold for fold in ticked.iter("details") if "What you told us" in words(fold)))
    assert "Isotretinoin capsulesNot ticked" in told_us and "Tan in the last 6 weeksYes" in told_us
    assert "Keloid or raised scarsNot ticked" in told_us
    none = hidden(listed(client, "none"))
    assert {*map(tuple, (none[name] for name in HEALTH))} == {("no",)}
    told_us = words(
        next(fold for fold in listed(client, "none").iter("details") if "What you told us" in words(fold))
    )
    assert "PregnancyNo" in told_us and "None of these" not in told_us
    # Who comes back to the list sees what they ticked, and nothing that they did not.
    again = parsed(client.post("/guide/", hidden(ticked) | {"to": "health"}).content.decode())
    assert checked(again) == ["tan"]


def test_the_first_sentences_name_all_that_has_to_be_told_and_send_nobody_past_their_doctor(
    shipped: None, client: Client
) -> None:
    three = {"cold_sores": "yes", "bleeding": "yes", "immunity": "yes"}
    every = main(told(client, concerns=["ice-pick"], where=["jaw"], **three))
    assert "about cold sores, bleeding or blood thinners and the other points below." in every
    assert "about cold sores, bleeding or blood thinners and low defence against infection." in main(
        told(client, concerns=["ice-pick"], **three)
    )
    spots = {"concerns": ["active-acne"], "active_spots": "yes", "isotretinoin": "now"}
    quiet = main(told(client, **spots))
    assert "acne. Go on with the doctor who prescribed isotretinoin." in quiet.replace(
        "active spots.", "acne."
    )
    assert "Worth asking about first" not in quiet
    rings = main(told(client, **spots, pregnancy="pregnant"))
    assert "Ask the doctor who prescribed isotretinoin what to do" in rings and "Go on with" not in rings
    unsure = main(told(client, concerns=["rolling"], skin="not_sure"))
    assert (
        "Ask to see results on skin like yours before fractional ablative laser (columns). It can" in unsure
    )
    thinners = main(told(client, concerns=["milia"], bleeding="yes"))
    assert "Never stop a blood thinner yourself" in thinners


def test_nothing_left_still_leads_to_a_consultation(shipped: None, client: Client) -> None:
    tree = parsed(told(client, concerns=["milia"]).content.decode())
    assert words(only(tree, "h1")) == "Nothing to list from here"
    buttons = [words(button) for button in tree.iter("button")]
    change = [f"Change: {step.heading}" for step in steps.STEPS[: steps.USUALLY]]
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
