"""In a real browser, our Content-Security-Policy neither refuses the facts for machines nor lets them run."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Open
from tests.browser.site import Site

pytestmark = pytest.mark.once

# Puts a script element of the given type into the page and says whether it ran.
TRY = """kind => {
    const block = document.createElement("script");
    block.type = kind;
    block.textContent = "window.ran = true";
    document.head.append(block);
    return window.ran === true;
}"""


def test_the_data_block_is_there_and_nothing_complains(somebody: Open) -> None:
    """`somebody`'s watch fails the test if the policy complains about anything."""
    page = somebody(scripts=True)
    for path in ("/", "/concerns/ice-pick/", "/treatments/microneedling/", "/costs/"):
        answer = page.goto(path)
        assert answer is not None and "script-src 'self'" in answer.headers["content-security-policy"]
        block = page.locator('script[type="application/ld+json"]')
        assert block.count() == 1
        assert json.loads(block.text_content() or "")["@context"] == "https://schema.org"


def test_a_data_block_is_not_run_and_a_script_in_its_place_is_refused(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url)
    logged: list[str] = []
    context.on("console", lambda message: logged.append(message.text))
    page = context.new_page()
    page.goto("/costs/")
    assert not page.evaluate(TRY, "application/ld+json")
    assert not logged, "the policy has nothing against data"
    with page.expect_console_message(
        lambda message: "Content Security Policy" in message.text
    ):  # the control
        assert not page.evaluate(TRY, "text/javascript")
    context.close()
