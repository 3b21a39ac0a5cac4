"""The comparison of treatments as Cleo uses it: choose a concern, sort, read; without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import faults, hrefs
from tests.browser.people import follow

pytestmark = pytest.mark.once


def _names(page: Page) -> list[str]:
    return page.locator("table.cmp tbody th").all_inner_texts()


def test_cleo_chooses_and_sorts(somebody: Open) -> None:
    cleo = somebody(390)
    cleo.goto("/treatments/")
    everything = _names(cleo)
    follow(cleo.get_by_role("link", name="Rolling scars", exact=True).first)
    expect(cleo.get_by_role("heading", name="What may help rolling scars")).to_be_visible()
    assert "rolling" not in cleo.url
    assert set(_names(cleo)) < set(everything) and _names(cleo)[1] == "Dermal fillers"
    follow(cleo.get_by_role("link", name="Shortest recovery"))
    assert _names(cleo)[:2] == ["Creams and sun protection", "Microneedling"]
    follow(cleo.get_by_role("link", name="See all treatments again"))
    assert sorted(_names(cleo)) == sorted(everything)


def test_it_stays_a_table_on_a_phone_for_those_who_hear_it(somebody: Open) -> None:
    cleo = somebody(390)
    cleo.goto("/treatments/")
    table = cleo.get_by_role("table", name="The treatments that we offer, and what they may help")
    row = table.get_by_role("row").filter(has=cleo.get_by_role("rowheader", name="Microneedling", exact=True))
    expect(row.get_by_role("cell")).to_have_count(7)
    expect(row.get_by_role("cell").nth(2)).to_contain_text("Usually red for 1 to 3 days")


def test_no_chosen_concern_has_a_fault(somebody: Open) -> None:
    page = somebody(scripts=True)
    page.goto("/treatments/")
    tiles = hrefs(page, "nav.choose a")
    assert len(tiles) == 10
    found: list[str] = []
    for path in (tiles[3], tiles[5], tiles[9]):
        page.goto(path)
        for summary in page.locator("summary").all():
            summary.click()
        found += faults(page)
    assert not found, "\n".join(found)
