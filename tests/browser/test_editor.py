"""Ed's page in a real browser: the form and the page side by side, live with the script and by a button without it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, FrameLocator, Page, expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.looks import faults
from tests.browser.people import follow, heading, press
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.once


def open_editor(page: Page, title: str) -> FrameLocator:
    """Go from the list to the editor of the page with that name. Returns its preview."""
    page.goto("/admin/content/page/")
    follow(page.get_by_role("link", name=title, exact=True))
    preview = page.frame_locator('iframe[name="preview"]')
    expect(preview.locator("h1")).to_be_visible()
    return preview


def left_and_right(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    form = page.locator(".editor > .pile").bounding_box()
    frame = page.locator('iframe[name="preview"]').bounding_box()
    assert form is not None and frame is not None
    return dict(form), dict(frame)  # type: ignore[arg-type]  # a TypedDict of floats


def test_the_page_beside_the_form_follows_what_is_typed(somebody: Open, site: Site) -> None:
    ed = somebody(width=1280, scripts=True)
    people.sign_in(ed, "ed")
    preview = open_editor(ed, "Rolling scars")
    form, frame = left_and_right(ed)
    assert form["x"] + form["width"] <= frame["x"] and frame["width"] >= 480
    assert frame["y"] < 300 and frame["y"] + frame["height"] > 700

    document = ed.frame(name="preview")
    assert document is not None
    document.evaluate("scrollTo(0, 400)")
    before = ed.evaluate("history.length")
    ed.get_by_label("Title", exact=True).fill("Waves in the skin")
    expect(preview.locator("h1")).to_have_text("Waves in the skin")
    body = ed.get_by_label("Body", exact=True)
    body.fill("## New words\n\nWith **weight** and <script>document.title = 'run'</script>.")
    expect(preview.locator("h2").first).to_have_text("What may help, in short")
    expect(preview.locator("#new-words")).to_have_text("New words")
    expect(preview.locator(".text strong").first).to_have_text("weight")
    assert document.evaluate("scrollY") > 0
    assert document.title() != "run"
    # Back leads out of the editor, not through every preview, and nothing was saved.
    assert ed.evaluate("history.length") == before
    ed.goto("/concerns/rolling/")
    expect(ed.locator("h1")).to_have_text("Rolling scars")


def test_the_sign_in_is_not_shown_as_the_page_when_the_session_has_ended(somebody: Open, site: Site) -> None:
    ed = somebody(width=1280, scripts=True)
    people.sign_in(ed, "ed")
    preview = open_editor(ed, "Rolling scars")
    ed.context.clear_cookies(name=re.compile("session"))
    ed.get_by_label("Title", exact=True).fill("Waves in the skin")
    expect(ed.locator("#preview-hint")).to_contain_text("could not be refreshed")
    expect(preview.locator("h1")).to_have_text("Rolling scars")
    expect(ed.get_by_label("Title", exact=True)).to_have_value("Waves in the skin")
    # After signing in again, what was typed is there.
    press(ed.locator(".quick"), "Save draft")
    expect(ed.get_by_role("alert")).to_contain_text("What you typed is not saved yet.")
    found = faults(ed)
    ed.get_by_label("Username").fill("ed")
    ed.get_by_label("Password").fill(PASSWORD)
    press(ed, "Sign in")
    heading(ed, "What you had typed")
    expect(ed.get_by_text("Waves in the skin", exact=True)).to_be_visible()
    found += faults(ed)
    expect(ed.get_by_role("button", name="Send it now")).to_be_visible()
    follow(ed.get_by_role("link", name="Throw it away"))
    expect(ed.get_by_label("Title", exact=True)).to_have_value("Rolling scars")
    assert not found, "\n".join(found)


def test_a_button_shows_it_without_a_script_and_under_the_form_on_a_tablet(
    somebody: Open, site: Site
) -> None:
    ed = somebody(width=820)
    people.sign_in(ed, "ed")
    preview = open_editor(ed, "Boxcar scars")
    form, frame = left_and_right(ed)
    assert frame["y"] >= form["y"] + form["height"]
    ed.get_by_label("Title", exact=True).fill("Edges in the skin")
    expect(preview.locator("h1")).to_have_text("Boxcar scars")
    ed.get_by_role("button", name="Show preview", exact=True).click()
    expect(preview.locator("h1")).to_have_text("Edges in the skin")
    expect(ed.get_by_label("Title", exact=True)).to_have_value("Edges in the skin")


def test_the_editors_pages_have_no_fault_that_axe_finds(somebody: Open, site: Site) -> None:
    ed = somebody(width=1280, scripts=True)
    people.sign_in(ed, "ed")
    open_editor(ed, "Microneedling")
    ed.get_by_label("Summary", exact=True).fill("")
    ed.get_by_label("What is different").fill("Without its summary")
    follow(ed.get_by_role("button", name="Publish now").first)
    expect(ed.get_by_role("alert").first).to_contain_text("A reviewer must approve this version")
    found = faults(ed)
    for link in ("History", "Due for review"):
        follow(ed.get_by_role("link", name=re.compile(f"^{link}")).first)
        found += faults(ed)
        if link == "History":
            press(ed, "Compare these two")
            expect(ed.locator("del").nth(1)).to_be_visible()
            found += faults(ed)
            ed.go_back()
    assert not found, "\n".join(found)


def test_nobody_leaves_with_unsaved_words_without_being_asked(somebody: Open, site: Site) -> None:
    ed = somebody(width=1280, scripts=True)
    people.sign_in(ed, "ed")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    ed.on("dialog", answer)
    pages = ed.get_by_role("link", name="Pages", exact=True).first
    open_editor(ed, "Rolling scars")
    pages.click()
    ed.wait_for_url("**/admin/content/page/")
    assert asked == []  # nothing was typed
    open_editor(ed, "Rolling scars")
    ed.get_by_label("Title", exact=True).press_sequentially(" and more")
    pages.click()
    ed.wait_for_url("**/admin/content/page/")
    assert asked == ["beforeunload"]
