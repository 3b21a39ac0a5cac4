"""After a wrong answer, Back, Forward and reload show the page with what was typed, in a real Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.people import heading, press, tick

pytestmark = pytest.mark.once


def begun(page: Page) -> None:
    page.goto("/consultations/request/")
    heading(page, "Request a consultation")


def wrong(page: Page, message: str) -> None:
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_contain_text(message)


def walk_about(page: Page, holds: str, message: str, there: str, back_to: str) -> None:
    """From a wrong page at `there`: reload, Back, Forward. `holds` is a box that is ticked there."""
    page.reload()
    wrong(page, message)
    expect(page.get_by_label(holds).first).to_be_checked()
    page.go_back()
    assert people.path(page) == back_to
    page.go_forward()
    assert people.path(page) == there
    wrong(page, message)
    expect(page.get_by_label(holds).first).to_be_checked()


def test_a_wrong_answer_is_there_after_back_forward_and_reload(somebody: Open) -> None:
    page = somebody(390)
    begun(page)
    tick(page, "Face")
    press(page, "Yes, continue")
    wrong(page, "Select what you would like to talk about")
    about = "/consultations/request/about/"
    walk_about(page, "Face", "Select what you would like to talk about", about, "/consultations/request/")
    tick(page, "Ice pick")
    press(page, "Continue")
    heading(page, "Do any of these apply to you?")
    # Back once more, past the form that was wrong: it has been answered by now, and says so.
    page.go_back()
    heading(page, "Request a consultation")
    expect(page).not_to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("checkbox", name=re.compile("^Ice pick"))).to_be_checked()
    expect(page.get_by_role("checkbox", name="Face")).to_be_checked()
    page.reload()
    heading(page, "Request a consultation")


def test_two_tabs_keep_their_errors_apart(somebody: Open) -> None:
    first = somebody(1280)
    second = first.context.new_page()
    begun(first)
    begun(second)
    tick(first, "Face")
    press(first, "Yes, continue")
    wrong(first, "Select what you would like to talk about")
    second.reload()
    expect(second).not_to_have_title(re.compile("^Error: "))
    tick(second, "Neck")
    press(second, "Yes, continue")
    wrong(second, "Select what you would like to talk about")
    first.reload()
    expect(first.get_by_role("checkbox", name="Face")).to_be_checked()
    expect(first.get_by_role("checkbox", name="Neck")).not_to_be_checked()


def test_the_summary_of_the_times_leads_to_the_first_tick(somebody: Open) -> None:
    page = somebody(390)
    begun(page)
    tick(page, "Ice pick")
    tick(page, "Face")
    press(page, "Yes, continue")
    press(page, "None of these")
    heading(page, "When suits you?")
    page.locator("summary", has_text="No time suits me").click()  # its fold stays open with what is wrong
    press(page, "Ask for other times")
    message = "Tick at least one day or part of the day that would suit you"
    wrong(page, message)
    page.get_by_role("alert").get_by_role("link", name=message).click()
    focused = page.locator("input[name=days]").first
    expect(focused).to_be_focused()
    expect(focused).to_be_in_viewport()
