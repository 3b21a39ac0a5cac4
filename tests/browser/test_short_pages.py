"""On a phone a page gets to the point: it says what it is about in the first screen, and ends after eight at most."""

from __future__ import annotations

import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.docs.test_urls import shipped

pytestmark = pytest.mark.once

SCREEN = 844  # CSS pixels of a phone that is 390 wide
MOST_SCREENS = 8.0
# Where the first paragraph has begun: the bar with the button stands from 765 on.
FIRST_WORDS = 760


def screens(page: Page) -> float:
    return float(page.evaluate("document.documentElement.scrollHeight")) / SCREEN


def test_no_page_is_longer_than_eight_phone_screens_and_each_begins_with_what_it_says(somebody: Open) -> None:
    page = somebody(390)
    told, wrong = [], []
    for path in sorted(shipped() | {"/articles/"}):
        page.goto(path)
        long = screens(page)
        first = page.locator(".start > .first")
        top = first.bounding_box() if first.count() else None
        told.append(f"{long:5.2f} screens, first words at {top['y'] if top else '-'}: {path}")
        if long > MOST_SCREENS:
            wrong.append(told[-1])
        begins = path.startswith(("/concerns/", "/treatments/")) and path.count("/") == 3
        if begins and (top is None or top["y"] >= FIRST_WORDS):
            wrong.append(told[-1])
    sys.stdout.write("\n".join(sorted(told, reverse=True)))
    assert not wrong, "\n".join(wrong)


def test_what_is_folded_opens_by_the_link_that_leads_there(somebody: Open) -> None:
    """A note opens the sources, the address of a question its answer, and "On this page" a folded section."""
    page = somebody(390)
    page.goto("/treatments/microneedling/")
    expect(page.locator("#s1")).not_to_be_visible()
    page.locator(".note[href='#s1']").first.click()
    expect(page.locator("#s1")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 800})
    text, rail = (page.locator(one).first.bounding_box() for one in (".text", ".rail"))
    assert text and rail and rail["x"] >= text["x"] + text["width"], "On this page stands beside the text"
    expect(page.locator(".rail").get_by_role("link", name="Risks", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": SCREEN})
    page.goto("/treatments/microneedling/#questions-to-ask-us")
    expect(page.locator("#questions-to-ask-us li").first).to_be_in_viewport()
    page.goto("/faqs/#are-milia-acne")
    expect(page.locator("#are-milia-acne p").first).to_be_in_viewport()
