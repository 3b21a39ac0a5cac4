"""Without the style sheet and without scripts, every kind of page still says everything, in the same order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open

pytestmark = pytest.mark.once

KINDS = (
    "/",
    "/concerns/",
    "/concerns/raised-scars/",
    "/treatments/",
    "/treatments/chemical-peels/",
    "/articles/deep-acne-scars/",
    "/guide/",
    "/costs/",
    "/faqs/",
    "/team/",
    "/search/?q=pits",
    "/urgent-help/",
    "/consultations/times/",
    "/consultations/request/",
)


def letters(page: Page) -> str:
    """What is shown, in order, with all folds open. The blanks between words and the case are up to the style sheet."""
    page.locator("details").evaluate_all("all => all.forEach(fold => { fold.open = true })")
    return "".join(page.locator("main").inner_text().split()).casefold()


def test_a_page_without_its_style_sheet(somebody: Open) -> None:
    """One browser with the style sheet and one without, for all kinds: a browser of its own takes longer than a page."""
    styled, plain = somebody(), somebody()
    plain.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    for path in KINDS:
        styled.goto(path)
        plain.goto(path)
        assert letters(plain) == letters(styled) != "", path
        headings = [
            int(tag[1])
            for tag in plain.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => e.tagName)")
        ]
        assert headings[0] == 1, path
        assert all(after <= before + 1 for before, after in zip(headings, headings[1:], strict=False)), path
        # Drawings say how large they are, so that none fills the screen.
        assert plain.locator("img:not([width])").count() == 0, path
