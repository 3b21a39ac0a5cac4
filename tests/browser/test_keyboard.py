"""With the keyboard alone: the skip link comes first, and whatever has the focus can be seen, even where bars are sticky."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.looks import PHONE, TAP, lowest
from tests.browser.people import heading, press, tick

pytestmark = pytest.mark.once

# The element with the focus, and whether its middle can be seen: inside the window, and nothing else lies on top.
_FOCUS = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const box = [...node.getClientRects()].find(box => box.width && box.height);
    const name = node.outerHTML.slice(0, 140);
    if (!box) return {name, seen: false, ring: false};
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    const labels = [...(node.labels || [])];
    const seen = top !== null && (node.contains(top) || labels.some(label => label.contains(top)));
    const drawn = [node, ...labels].some(one => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
    return {name, seen, drawn, where: [x, y], top: top && top.outerHTML.slice(0, 80)};
}"""


def _walk(page: Page) -> list[str]:
    """Press Tab through the whole page. Returns what had the focus; fails where that could not be seen."""
    page.evaluate("document.body.dataset.walked = 1")
    names: list[str] = []
    hidden: list[str] = []
    for _ in range(250):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus is None:
            break
        names.append(focus["name"])
        if not focus["seen"] or not focus["drawn"]:
            hidden.append(str(focus))
    assert not hidden, "\n".join(hidden)
    return names


@pytest.mark.parametrize("width", [390, 1280])
def test_home_with_the_keyboard(somebody: Open, width: int) -> None:
    page = somebody(width, scripts=True)
    page.goto("/")
    _home_looks(page, width)
    names = _walk(page)
    assert 'class="skip"' in names[0]
    assert len(names) > 15
    # The skip link leads past the menu: the next stop is in the page itself.
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def _home_looks(page: Page, width: int) -> None:
    """Seen before anything is pressed: one thing to do, and on a phone a drawing; on a wide screen one row above it."""
    assert page.locator(".head .btn:not(.quiet)").count() == 1
    for tapped in (".mast a", ".head .btn", ".pano li", ".picks li"):
        assert lowest(page, tapped) >= TAP, tapped
    if width == PHONE:
        drawing = page.locator(".pano .drawing").first.bounding_box()
        assert drawing and drawing["y"] + drawing["height"] < 844
    else:
        tops = [box["y"] for one in page.locator(".mast > :visible").all() if (box := one.bounding_box())]
        assert len(tops) > 2 and max(tops) - min(tops) < 2, "one row"


@pytest.mark.parametrize("width", [390, 1280])
def test_times_with_the_keyboard(somebody: Open, width: int) -> None:
    page = somebody(width, scripts=True)
    page.goto("/consultations/request/")
    tick(page, "Rolling")
    tick(page, "Face")
    press(page, "Yes, continue")
    press(page, "None of these")
    heading(page, "When suits you?")
    names = _walk(page)
    # The heading has the focus. The kinds of visit and the people stand under it, and then the soonest time.
    assert any('class="go first"' in name for name in names[:7])
    # Every time is a button of its own. Enter presses the one that has the focus, and from anything else none.
    assert any('name="slot"' in name for name in names)
    page.locator("summary", has_text="No time suits me").click()
    page.get_by_label("Thu", exact=True).focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heading(page, "When suits you?")
    expect(page.get_by_label("Thu", exact=True)).to_be_checked()
    page.locator(".chosen-day .times button").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heading(page, "How do we reach you?")


def test_the_desk_with_the_keyboard(somebody: Open) -> None:
    page = somebody(scripts=True)
    people.sign_in(page)
    people.go_to_worklist(page)
    names = _walk(page)
    assert "#content" in names[0] or "skip" in names[0]
