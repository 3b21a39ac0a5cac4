"""The guide in a browser, on a phone and without scripts: from its questions to a request that takes the answers along."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from content.guide.answers import HEALTH
from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.effort import Effort
from tests.browser.looks import TAP, faults, lowest
from tests.browser.people import follow, heading, press, tick
from tests.browser.site import Site

BROWN = "Brown or black"
UNSURE = "Not sure"


def fill(page: Page, *concerns: str, adult: str = "Yes, continue", **health: str) -> None:
    """Walk through the steps from the first. Nothing applies unless `health` says so, by the code of its question."""
    heading(page, "What do you see or feel?")
    tick(page, BROWN)
    for concern in concerns:
        tick(page, concern)
    tick(page, "Cheeks")
    press(page, adult)
    if adult == "No":
        return
    heading(page, "Does any of this apply to you?")
    apply(page, health)


def apply(page: Page, health: dict[str, str]) -> None:
    """Tick in the list what applies, and say on the page behind it what a tick leaves open."""
    if not health:
        press(page, "None of these")
        return
    unsure = [code for code, answer in health.items() if answer == UNSURE and not HEALTH[code].kinds]
    for code in health.keys() - {*unsure}:
        tick(page, HEALTH[code].tick)
    if unsure:
        tick(page, "I’m not sure about one of these")
    press(page, "Continue")
    open_ = [code for code in health if HEALTH[code].kinds]
    for code in open_:
        tick(page.get_by_role("group").filter(has_text=HEALTH[code].which), health[code])
    for code in unsure:
        tick(page, HEALTH[code].tick)
    if open_ or unsure:
        press(page, "Continue")


@pytest.mark.once
def test_from_the_guide_to_a_request_that_the_desk_reads(somebody: Open, site: Site) -> None:
    page = somebody(390)
    page.goto("/")
    follow(page.get_by_role("link", name="Not sure? A two-step guide"))
    assert people.path(page) == "/guide/"
    fill(page, "Rolling scars", "Dark marks", isotretinoin="Stopped 1 to 12 months ago")
    heading(page, "Things to ask about")
    expect(page.locator("main")).to_contain_text("On hold for now")
    assert page.context.cookies() == [] and page.url.endswith("/guide/")

    # Back shows the pages as they were, and a reload the same page again: nothing has expired.
    page.go_back()
    heading(page, "Tell us a little more")
    page.go_back()
    heading(page, "Does any of this apply to you?")
    expect(page.get_by_label(re.compile(f"^{HEALTH['isotretinoin'].tick}"))).to_be_checked()
    page.reload()
    press(page, "Back")
    heading(page, "What do you see or feel?")
    press(page, "Continue")
    apply(page, {"isotretinoin": "Stopped 1 to 12 months ago"})
    heading(page, "Things to ask about")

    press(page, "Change my answers")
    expect(page.get_by_label(re.compile(r"^\s*Rolling scars"))).to_be_checked()
    page.get_by_label(re.compile(r"^\s*Dark marks")).uncheck()
    press(page, "Continue")  # all else is answered, so this is the result again
    follow(page.get_by_role("button", name="Send these with my request", exact=True).last)
    heading(page, "Request a consultation")
    page.locator("summary", has_text="From the guide").click()
    expect(page.locator("details[open]").first).to_contain_text("Things to ask about")
    expect(page.get_by_label(re.compile("^Rolling scars"))).to_be_checked()
    expect(page.get_by_label(re.compile("^Dermal fillers"))).not_to_be_checked()  # nobody has chosen it
    tick(page, "Face")
    press(page, "Continue")
    began = time.monotonic()
    heading(page, "Does this apply to you too?")
    expect(page.get_by_label(re.compile("^Isotretinoin in the last 12 months"))).to_be_checked()
    judged = somebody(390, scripts=True, storage_state=page.context.storage_state())
    judged.goto(page.url)
    found = faults(judged)
    assert not found, "\n".join(found)
    press(page, "None of these")
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
    expect(page.locator("main")).to_contain_text("Brown or black")
    asked = people.Asked(people.send(page, began), start, value, "Gia Rossi", "gia@example.org")

    dee = somebody()
    people.sign_in(dee)
    people.go_to_worklist(dee)
    people.open_request(dee, asked)
    card = dee.locator("section.card").filter(has=dee.get_by_role("heading", name="From the guide"))
    expect(card).to_contain_text("Rolling scars")
    expect(card).to_contain_text("Dermal fillers (may help)")
    assert "isotretinoin" not in site.log


@pytest.mark.once
def test_every_answer_of_the_guide_is_whole_and_clean(
    somebody: Open, record_property: Callable[[str, object], None]
) -> None:
    page = somebody(390, scripts=True)
    found: list[str] = []
    page.goto("/guide/")
    found += faults(page)
    press(page, "Yes, continue")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_be_focused()
    found += faults(page)
    for answer in ("Tans easily", "Rolling", "Cheeks"):
        tick(page, answer)
    press(page, "Continue")  # that they are 18 has been said
    expect(page.get_by_role("heading", name="Does any of this apply to you?")).to_be_focused()
    found += faults(page)
    press(page, "Continue")
    found += faults(page)
    tick(page, HEALTH["pregnancy"].tick)
    tick(page, "I’m not sure about one of these")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="Tell us a little more")).to_be_focused()
    found += faults(page)
    press(page, "Continue")
    found += faults(page)
    for concerns, health, adult, title in (
        (
            ("Ice pick", "Dark marks", "Milia"),
            {"active_spots": "Yes"},
            "Yes, continue",
            "Two things to ask about now",  # the others wait for the spots
        ),
        (("Milia",), {"pregnancy": "Trying"}, "Yes, continue", "Nothing to list from here"),
        (
            ("Dark marks",),
            {"pregnancy": "Pregnant", "isotretinoin": UNSURE},
            "Yes, continue",
            "One thing to ask about",
        ),
        (
            ("Ice pick", "Rolling"),
            dict.fromkeys(HEALTH, UNSURE),
            "Yes, continue",
            "Nothing to list from here",
        ),
        (("Raised scars",), {}, "Yes, continue", "Things to ask about"),  # one is not done here
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
    follow(page.get_by_role("button", name="Send these with my request", exact=True).last)
    heading(page, "Request a consultation")
    found += faults(page)
    page.set_viewport_size({"width": 320, "height": 256})  # a desk's window at 400 %
    page.goto("/guide/")
    assert page.locator("legend").first.evaluate("one => one.getBoundingClientRect().top") < 256
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/guide/")
    for call in ("tel:999", "tel:111"):  # on a line of its own; the signs themselves stand at the end
        first = page.locator(f"a[href='{call}']").first
        assert first.evaluate("one => one.getBoundingClientRect().bottom") < 844, "whom to call"
    tile = page.locator(".tiles .choice").first.bounding_box()
    assert tile and tile["y"] < 844, "pictures first"
    for tapped in (
        ".tiles .choice",
        ".chips .choice",
        ".reach a",
        "form .acts .btn",
        ".calm .num",
        ".slim a",
        ".foot a",
    ):
        assert lowest(page, tapped) >= TAP, tapped
    effort = Effort(page).here()
    effort.tap(page.get_by_label(BROWN))
    for scar in ("Ice pick", "Shallow boxcar", "Deep boxcar", "Rolling"):
        effort.tap(page.get_by_label(re.compile(rf"^\s*{scar}")))
    effort.tap(page.get_by_label("Cheeks"))
    effort.go(page.get_by_role("button", name="Yes, continue"))
    record_property("tell", f"the guide asks in:\n{effort}")
    # With one picture ticked: 3 taps, and 1 each for "Yes, continue" and "None of these".
    assert len(effort.loads) == 2 and effort.taps + 1 - 3 <= 5 and effort.words <= 380
    press(page, "None of these")
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
