"""The grid of the matrix in a real browser: by keyboard, with its script, for every aid."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.looks import faults
from tests.browser.people import follow, press
from tests.browser.site import Site

pytestmark = pytest.mark.once
GRID = "/admin/content/suitability/"


def test_ed_changes_the_matrix_by_keyboard_and_only_what_he_changed_is_sent(
    somebody: Open, site: Site
) -> None:
    ed = somebody(width=1280, scripts=True)
    people.sign_in(ed, "ed")
    ed.goto(GRID)
    found = faults(ed)
    ed.set_viewport_size({"width": 1280, "height": 800})
    ed.get_by_role("link", name="Rolling scars, Microneedling:").focus()
    ed.keyboard.press("ArrowRight")
    expect(ed.get_by_role("link", name="Rolling scars, Microneedling with PRP:")).to_be_focused()
    with ed.expect_navigation():
        ed.keyboard.press("Enter")
    expect(ed.get_by_role("heading", name="Rolling scars, Microneedling with PRP")).to_be_in_viewport()
    ed.get_by_label("Reason", exact=True).fill("Guaranteed to remove every scar.")
    press(ed, "Save as a draft")
    expect(ed.get_by_role("status")).to_contain_text("a draft.")
    expect(ed.locator(".found").first).to_contain_text("Nobody can promise a result.")
    found += faults(ed)

    follow(ed.get_by_role("link", name="Change several scores"))
    found += faults(ed)
    ed.get_by_label("Milia, Light peel").select_option(label="1")
    with ed.expect_request(lambda request: request.method == "POST") as sent:
        press(ed, "Keep as drafts")
    names = [name for name in parse_qs(sent.value.post_data or "") if name.startswith("score.")]
    assert names == ["score.milia.peel-superficial"]
    expect(ed.get_by_role("link", name="Milia, Light peel: 0, not suggested")).to_contain_text("0 to 1")
    ed.goto(f"{GRID}list/")
    found += faults(ed, dark=False)
    rhea = somebody(width=390, scripts=True)
    people.sign_in(rhea, "rhea")
    rhea.goto(f"{GRID}?cell=rolling.microneedling-prp#cell")
    expect(rhea.locator(".sides ins").first).to_be_in_viewport()
    found += faults(rhea)
    assert not found, "\n".join(found)
