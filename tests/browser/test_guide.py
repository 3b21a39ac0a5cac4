"""The guide in a browser, on a phone and without scripts: from its questions to a request that takes the answers along."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from content.guide.answers import HEALTH
from content.guide.steps import STEPS, Step
from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.looks import faults
from tests.browser.people import follow, heading, press, tick
from tests.browser.site import Site

BROWN = "My skin is brown or black"


def fill(page: Page, *concerns: str, adult: str = "Yes", **health: str) -> None:
    """Walk through the steps from the first; nothing applies unless `health` says so, by the code of its question."""
    heading(page, "What do you see or feel?")
    for concern in concerns:
        tick(page, concern)
    press(page, "Continue")
    heading(page, "What changes what is safe?")
    questions = page.get_by_role("group")
    tick(questions.filter(has_text="Are you 18 or over?"), adult)
    tick(questions.filter(has_text="Where is it?"), "Cheeks")
    rest(page, STEPS[1], health)
    if adult == "No":
        return
    heading(page, "What should we know first?")
    rest(page, STEPS[2], health)
    heading(page, "How does your skin react to the sun?")
    follow(page.get_by_role("button", name=re.compile(f"^{BROWN}")))


def rest(page: Page, step: Step, health: dict[str, str]) -> None:
    """The questions of a step that are about health, and Continue."""
    for code in step.names:
        if question := HEALTH.get(code):
            row = page.get_by_role("group").filter(has_text=question.asks)
            tick(row, health.get(code, question.choices["no"]))
    press(page, "Continue")


@pytest.mark.once
def test_from_the_guide_to_a_request_that_the_desk_reads(somebody: Open, site: Site) -> None:
    page = somebody(390)
    page.goto("/")
    follow(page.get_by_role("link", name="Start with what you see"))
    assert people.path(page) == "/guide/"
    fill(page, "Rolling scars", "Dark marks", isotretinoin="Stopped 1 to 12 months ago")
    heading(page, "Things to ask about")
    expect(page.locator("main")).to_contain_text("On hold for now")
    assert page.context.cookies() == [] and page.url.endswith("/guide/")

    # Back shows the pages as they were, and a reload the same page again: nothing has expired.
    page.go_back()
    heading(page, "How does your skin react to the sun?")
    page.go_back()
    heading(page, "What should we know first?")
    expect(
        page.get_by_role("group").filter(has_text=HEALTH["tan"].asks).get_by_label("No", exact=True)
    ).to_be_checked()
    page.reload()
    press(page, "Back")
    heading(page, "What changes what is safe?")
    press(page, "Continue")
    rest(page, STEPS[2], {})
    follow(page.get_by_role("button", name=re.compile(f"^{BROWN}")))
    heading(page, "Things to ask about")

    press(page, "Change my answers")
    expect(page.get_by_label(re.compile(r"^\s*Rolling scars"))).to_be_checked()
    page.get_by_label(re.compile(r"^\s*Dark marks")).uncheck()
    press(page, "Continue")  # all else is answered, so this is the result again
    press(page, "Send these with my request")
    heading(page, "Request a consultation")
    page.locator("summary", has_text="From the guide").click()
    expect(page.locator("details[open]").first).to_contain_text("Things to ask about")
    expect(page.get_by_label(re.compile("^Rolling scars"))).to_be_checked()
    expect(page.get_by_label(re.compile("^Dermal fillers"))).to_be_checked()
    tick(page, "Face")
    press(page, "Continue")
    began = time.monotonic()
    heading(page, "Do any of these apply to you?")
    expect(page.get_by_label(re.compile("^I have taken isotretinoin"))).to_be_checked()
    press(page, "Continue")
    value, start = people.pick_a_time(page)
    page.get_by_label("Full name").fill("Gia Rossi")
    page.get_by_label("Email address").fill("gia@example.org")
    press(page, "Continue")

    heading(page, "Check and send")
    page.locator("summary", has_text="From the guide").click()
    expect(page.locator("main")).to_contain_text("These go along with your request")
    press(page, "Leave these out")
    page.locator("summary", has_text="From the guide: left out").click()
    expect(page.locator("main")).to_contain_text("does not go along")
    press(page, "Send it along after all")
    expect(page.locator("main")).to_contain_text("My skin is brown or black")
    asked = people.Asked(people.send(page, began), start, value, "Gia Rossi", "gia@example.org")

    dee = somebody()
    people.sign_in(dee)
    people.go_to_worklist(dee)
    people.open_request(dee, asked)
    card = dee.locator("section.card").filter(has=dee.get_by_role("heading", name="From the guide"))
    expect(card).to_contain_text("Rolling scars")
    expect(card).to_contain_text("Dermal fillers")
    assert "isotretinoin" not in site.log


@pytest.mark.once
def test_every_answer_of_the_guide_is_whole_and_clean(
    somebody: Open, record_property: Callable[[str, object], None]
) -> None:
    page = somebody(390, scripts=True)
    found: list[str] = []
    page.goto("/guide/")
    found += faults(page)
    press(page, "Continue")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_be_focused()
    found += faults(page)
    tick(page, "Milia")
    press(page, "Continue")
    for step in STEPS[1:3]:
        expect(page.get_by_role("heading", name=step.heading)).to_be_focused()
        found += faults(page)
        press(page, "Continue")
        found += faults(page)
        if step.code == "safe":
            tick(page, "Yes")
        press(page, "I would rather say the rest in person")
    unsure = "Not sure"
    for concerns, health, adult, title in (
        (("Ice pick", "Dark marks", "Milia"), {"active_spots": "Yes"}, "Yes", "Things to ask about"),
        (("Milia",), {"keloid": "Not sure"}, "Yes", "Nothing to list from here"),
        (
            ("Dark marks",),
            {"pregnancy": "Pregnant", "isotretinoin": unsure},
            "Yes",
            "One thing to ask about",
        ),
        (("Ice pick", "Rolling"), dict.fromkeys(HEALTH, unsure), "Yes", "Nothing to list from here"),
        (("Raised scars",), {}, "Yes", "Things to ask about"),  # one is not done here
        (("Rolling",), {}, "No", "This guide is for adults"),
    ):
        page.goto("/guide/")
        fill(page, *concerns, adult=adult, **health)
        heading(page, title)
        for box in page.locator("details > summary").all():
            box.click()
        found += faults(page)
    page.goto("/guide/")
    fill(page, "Rolling")
    press(page, "Send these with my request")
    heading(page, "Request a consultation")
    found += faults(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/guide/")
    fill(page, "Ice pick", "Shallow boxcar", "Deep boxcar", "Rolling")
    screens = page.evaluate("document.documentElement.scrollHeight / 844")
    record_property("tell", f"the guide's answer to four kinds of scars: {screens:.2f} phone screens")
    assert screens <= 5
    page.goto("/urgent-help/")
    numbers = page.locator("a.tel").all()
    assert len(numbers) == 3
    for number in numbers:
        place = number.bounding_box()
        assert place and place["y"] + place["height"] < 844 and place["height"] > 48
    assert not found, "\n".join(found)
