"""The comparison of treatments as Cleo uses it: choose a concern, sort, read; without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import faults, hrefs
from tests.browser.people import follow

pytestmark = pytest.mark.once


def _names(page: Page) -> list[str]:
    return page.locator("table.cmp2 th[scope=row]").all_inner_texts()


def test_cleo_chooses_and_sorts(somebody: Open) -> None:
    cleo = somebody(390)
    cleo.goto("/treatments/")
    everything = _names(cleo)
    assert cleo.evaluate("document.documentElement.scrollHeight") <= 5 * 844, "five screens of a phone"
    for tapped in ("table.cmp2 tr:has(.t)", ".foot a", ".sort a"):
        lowest = "all => Math.min(...all.map(one => one.getBoundingClientRect().height))"
        assert cleo.locator(f"{tapped}:visible").evaluate_all(lowest) >= 44, tapped
    cleo.get_by_text("Compare them for one concern").click()
    follow(cleo.get_by_role("link", name="Rolling scars", exact=True))
    expect(cleo.get_by_role("heading", level=1, name="What may help rolling scars")).to_be_visible()
    assert "rolling" not in cleo.url
    assert set(_names(cleo)) < set(everything) and _names(cleo)[1] == "Dermal fillers"
    follow(cleo.get_by_role("link", name="Name", exact=True))
    assert _names(cleo)[1:3] == ["Dermal fillers", "Microneedling"]
    follow(cleo.get_by_role("link", name="See all treatments"))
    assert sorted(_names(cleo)) == sorted(everything)


def test_on_a_phone_a_press_anywhere_on_a_row_opens_the_rest_and_it_stays_a_table(somebody: Open) -> None:
    cleo = somebody(390)
    cleo.goto("/treatments/")
    table = cleo.get_by_role("table", name="The treatments that we offer, and what they may help")
    row = table.get_by_role("row").filter(has=cleo.get_by_role("rowheader", name="Microneedling", exact=True))
    expect(row.get_by_role("cell", name="Usually red for 1 to 3 days")).to_be_visible()
    for folded in ("May help: Rolling scars", "Comfort: ", "Often more"):
        expect(row.get_by_text(folded)).to_be_hidden()
    row.get_by_text("Usually red for 1 to 3 days").click(force=True)
    for opened in ("May help: Rolling scars", "Comfort: ", "Often more"):
        expect(row.get_by_text(opened)).to_be_visible()
    cleo.set_viewport_size({"width": 1280, "height": 800})
    cleo.goto("/treatments/")
    expect(row.get_by_text("May help: Rolling scars")).to_be_visible()


def test_no_chosen_concern_has_a_fault(somebody: Open) -> None:
    page = somebody(scripts=True)
    page.goto("/treatments/")
    tiles = hrefs(page, ".forwhat a")
    assert len(tiles) == 10
    found: list[str] = []
    for path in (tiles[3], tiles[5], tiles[9]):
        page.goto(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        found += faults(page)
    assert not found, "\n".join(found)
