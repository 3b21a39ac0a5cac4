"""What every page must be: read by every aid, whole on a small screen, named, and quiet."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2, levels A and AA.
_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_AXE = Axe()
PHONE, ZOOMED, DESK = 390, 320, 1280  # 320 is also a window of 1280 at 400 %


def faults(page: Page, dark: bool = True) -> list[str]:
    """What is wrong with the page as it stands, at three widths, in the light and in the dark. Empty: nothing.

    `dark=False` leaves out the dark, for pages of stock parts that others show as well.
    """
    page.wait_for_load_state()
    found = []
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} headings of the first rank")
    if not page.title().strip() or page.title().startswith(("-", "·")):
        found.append(f"no title: {page.title()!r}")
    for width in (PHONE, ZOOMED):
        _resize(page, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"scrolls sideways at {width}: {wide} wide, because of {_too_wide(page, width)}")
    _resize(page, PHONE)
    found += _axe(page, "phone, light")
    _resize(page, DESK)
    if dark:
        page.emulate_media(color_scheme="dark")
        page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
        found += _axe(page, "desk, dark")
        page.emulate_media(color_scheme="light")
    return [f"{page.url}: {fault}" for fault in found]


def _resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})


def _axe(page: Page, where: str) -> list[str]:
    # Without "preload": axe would load imported styles anew, from wrong addresses.
    results = _AXE.run(page, options={"runOnly": _RULES, "resultTypes": ["violations"], "preload": False})
    return [
        f"{where}: {violation['id']}: {node['html'][:160]} ({node['failureSummary'][:400]})"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def _too_wide(page: Page, width: int) -> str:
    return str(
        page.evaluate(
            """width => [...document.querySelectorAll("body *")]
                .filter(node => node.getBoundingClientRect().right > width + 0.5)
                .slice(0, 3).map(node => node.outerHTML.slice(0, 120)).join(" | ")""",
            width,
        )
    )
